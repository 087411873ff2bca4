// Image format 1. All numbers are unsigned and have their lowest byte first.
//
//   offset  bytes
//        0      8  89 41 53 53 41 59 0D 0A: no text begins so, and copying as text destroys it
//        8      4  the format, 1
//       12      4  0
//       16     32  SHA-256 of everything from offset 48 to the end
//       48     16  what wrote the image, ASCII, filled up with 00
//       64     32  the policy digest (engine/snapshot/policy_digest.h)
//       96    112  the bytes of each section of sections.def, 8 for each
//      208         the sections, one right after another
//
// The first 48 bytes mean the same in every format. There is nothing between sections or after the
// last, so they cannot overlap, and every program has one image.
//
// A rule is
//        0      1  1 forbid + 2 ?principal + 4 ?resource
//        1      3  the kinds of constraint of principal, action and resource (program_parts.h)
//        4      4  the body
//        8      8  type and constant of the principal's constraint
//       16      4  constant of the action's
//       20      8  type and constant of the resource's
//       28      4  number of annotations
//       32     32  its digest
//
// A value is a byte, its kind (assay/value.h), and then
//   bool                        1 byte, 0 or 1
//   long and times, decimal     8 bytes, two's complement
//   string, entity              a string, a uid
//   set                         number of elements, then these, ascending and different
//   record                      number of members, then for each a string and a value; by
//   ascending,
//                               different strings
//   ipaddr                      1 if IPv6, prefix length, 16 bytes of which IPv4 uses 4
//
// A change of anything here is a new format.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "engine/bytecode/inst.h"

namespace assay::image {

inline constexpr std::string_view kMagic{
    "\x89"
    "ASSAY\r\n",
    8};
inline constexpr std::uint32_t kFormat = 1;
inline constexpr std::uint32_t kNone = 0xFFFFFFFF;

enum class Section : std::uint8_t {
#define SECTION(Name, name, entry_bytes, meaning) Name,
#include "engine/image/sections.def"
};

struct SectionInfo {
  std::string_view name;
  std::uint32_t entry_bytes;
};

inline constexpr SectionInfo kSections[] = {
#define SECTION(Name, name, entry_bytes, meaning) {name, entry_bytes},
#include "engine/image/sections.def"
};
inline constexpr std::size_t kSectionCount = sizeof(kSections) / sizeof(kSections[0]);

// Offsets of the head.
inline constexpr std::size_t kFormatAt = 8, kZeroAt = 12, kChecksumAt = 16, kProducerAt = 48,
                             kDigestAt = 64, kSizesAt = 96;
inline constexpr std::size_t kProducerBytes = 16;
inline constexpr std::size_t kHeadBytes = kSizesAt + 8 * kSectionCount;
static_assert(kHeadBytes == 208);

// Instructions and numbers are copied as they lie in memory.
static_assert(std::endian::native == std::endian::little);

template <typename T>
T Load(const char* bytes) {
  T number;
  std::memcpy(&number, bytes, sizeof(number));
  return number;
}

template <typename T>
void Put(T number, std::string* out) {
  out->append(reinterpret_cast<const char*>(&number), sizeof(number));
}

}  // namespace assay::image
