// Images taken apart and put together again with a right checksum, so that what lies behind the
// checksum can be tested.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "assay/image.h"
#include "engine/bytecode/program_parts.h"
#include "engine/image/format.h"
#include "tests/support/world_draw.h"

namespace assay::testing {

void FixChecksum(std::string* image);

struct Pieces {
  // Nothing if the sections are not where the head says.
  static std::optional<Pieces> Split(std::string_view image);
  // Of an image that is known to be whole.
  explicit Pieces(std::string_view image) : Pieces(Split(image).value()) {}

  std::string& operator[](image::Section section) {
    return sections[static_cast<std::size_t>(section)];
  }

  std::string Image() const;

  std::string head;
  std::array<std::string, image::kSectionCount> sections;

 private:
  Pieces() = default;
};

// Changes one to four things of an image: bits, numbers, entries and ends of sections, sections
// taken from `other`. Sizes and checksum are right again but for rare cases.
void MutateImage(Draw& draw, const Pieces& other, Pieces* pieces);

// A program with every kind of constant and constraint, templates, links and annotations.
bc::ProgramParts RichParts();
std::string RichImage();

}  // namespace assay::testing
