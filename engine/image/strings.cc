#include "engine/image/strings.h"

#include "engine/image/format.h"

namespace assay::image {

const char* Strings::Read(std::string_view text, std::string_view ends, std::size_t budget) {
  budget_ = budget;
  strings_.resize(ends.size() / sizeof(std::uint32_t));
  std::size_t begin = 0;
  for (std::size_t i = 0; i < strings_.size(); ++i) {
    const std::size_t end = Load<std::uint32_t>(ends.data() + i * sizeof(std::uint32_t));
    if (end < begin || end > text.size()) return "end out of order";
    // The whole is UTF-8, so a string is as well unless it ends within a character.
    if (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) {
      return "a string ends within a character";
    }
    strings_[i] = text.substr(begin, end - begin);
    begin = end;
  }
  return begin == text.size() ? nullptr : "text outside of every string";
}

}  // namespace assay::image
