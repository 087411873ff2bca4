#include "engine/base/utf8.h"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace assay::utf8 {

namespace {

// The bytes of the sequence that starts at `offset`, or 0 if there is none that is valid: overlong
// forms, surrogates and values above U+10FFFF are refused (RFC 3629).
std::uint32_t SequenceLength(std::string_view text, std::size_t offset) {
  const auto byte = [&](std::size_t i) {
    return offset + i < text.size() ? static_cast<unsigned char>(text[offset + i]) : 0U;
  };
  const auto continues = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return continues(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    if (!continues(1) || !continues(2)) return 0;
    const bool overlong = lead == 0xE0 && byte(1) < 0xA0;
    const bool surrogate = lead == 0xED && byte(1) >= 0xA0;
    return overlong || surrogate ? 0 : 3;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    if (!continues(1) || !continues(2) || !continues(3)) return 0;
    const bool overlong = lead == 0xF0 && byte(1) < 0x90;
    const bool too_large = lead == 0xF4 && byte(1) >= 0x90;
    return overlong || too_large ? 0 : 4;
  }
  return 0;
}

constexpr std::size_t kBlock = sizeof(std::uint64_t);

// Whether there is a whole block at `offset`, and all of it is ASCII.
bool IsAscii(std::string_view text, std::size_t offset) {
  if (text.size() - offset < kBlock) return false;
  std::uint64_t block = 0;
  std::memcpy(&block, text.data() + offset, kBlock);
  return (block & 0x8080808080808080) == 0;
}

}  // namespace

Decoded Decode(std::string_view text, std::size_t offset) {
  static constexpr std::uint32_t kLeadMask[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  const std::uint32_t length = SequenceLength(text, offset);
  if (length == 0) return {0xFFFD, 1};
  std::uint32_t value = static_cast<unsigned char>(text[offset]) & kLeadMask[length];
  for (std::uint32_t i = 1; i < length; ++i) {
    value = (value << 6) | (static_cast<unsigned char>(text[offset + i]) & 0x3FU);
  }
  return {static_cast<char32_t>(value), length};
}

std::size_t ValidPrefix(std::string_view text) {
  std::size_t offset = 0;
  while (offset < text.size()) {
    if (IsAscii(text, offset)) {
      offset += kBlock;
      continue;
    }
    if (static_cast<unsigned char>(text[offset]) < 0x80) {
      ++offset;
      continue;
    }
    const std::uint32_t length = SequenceLength(text, offset);
    if (length == 0) return offset;
    offset += length;
  }
  return offset;
}

void Append(char32_t code_point, std::string* out) {
  const auto value = static_cast<std::uint32_t>(code_point);
  const auto put = [&](std::uint32_t byte) { out->push_back(static_cast<char>(byte)); };
  if (value < 0x80) {
    put(value);
  } else if (value < 0x800) {
    put(0xC0 | (value >> 6));
    put(0x80 | (value & 0x3F));
  } else if (value < 0x10000) {
    put(0xE0 | (value >> 12));
    put(0x80 | ((value >> 6) & 0x3F));
    put(0x80 | (value & 0x3F));
  } else {
    put(0xF0 | (value >> 18));
    put(0x80 | ((value >> 12) & 0x3F));
    put(0x80 | ((value >> 6) & 0x3F));
    put(0x80 | (value & 0x3F));
  }
}

bool IsUnsafeToPrint(char32_t c) {
  const bool is_control = c < 0x20 || (c >= 0x7F && c <= 0x9F);
  const bool changes_direction = c == 0x061C || c == 0x200E || c == 0x200F ||
                                 (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
  return is_control || changes_direction || c == 0x2028 || c == 0x2029;
}

bool IsDigit(char32_t code_point) {
  // The zeros; nine more digits follow each.
  static constexpr char32_t kZeros[] = {
      0x30,    0x660,   0x6F0,   0x7C0,   0x966,   0x9E6,   0xA66,   0xAE6,   0xB66,   0xBE6,
      0xC66,   0xCE6,   0xD66,   0xDE6,   0xE50,   0xED0,   0xF20,   0x1040,  0x1090,  0x17E0,
      0x1810,  0x1946,  0x19D0,  0x1A80,  0x1A90,  0x1B50,  0x1BB0,  0x1C40,  0x1C50,  0xA620,
      0xA8D0,  0xA900,  0xA9D0,  0xA9F0,  0xAA50,  0xABF0,  0xFF10,  0x104A0, 0x10D30, 0x10D40,
      0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x116D0,
      0x116DA, 0x11730, 0x118E0, 0x11950, 0x11BF0, 0x11C50, 0x11D50, 0x11DA0, 0x11F50, 0x16130,
      0x16A60, 0x16AC0, 0x16B50, 0x16D70, 0x1CCF0, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6,
      0x1E140, 0x1E2F0, 0x1E4F0, 0x1E5F1, 0x1E950, 0x1FBF0};
  const auto* const after = std::upper_bound(std::begin(kZeros), std::end(kZeros), code_point);
  return after != std::begin(kZeros) && code_point - *(after - 1) < 10;
}

}  // namespace assay::utf8
