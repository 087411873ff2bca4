#include "engine/base/json_text.h"

#include <cstdint>
#include <cstring>

namespace assay::json {

namespace {

bool IsPlain(char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; }

constexpr std::size_t kBlock = sizeof(std::uint64_t);
constexpr std::uint64_t kEach = 0x0101010101010101;

// Has the high bit of some byte if any of them is less than `limit`, which is at most 0x80. Bytes
// that are not ASCII never are; a byte after one that is may be taken for one.
constexpr std::uint64_t Less(std::uint64_t block, std::uint64_t limit) {
  return (block - kEach * limit) & ~block & kEach * 0x80;
}

// Whether none of the next eight bytes needs an escape.
bool IsPlainBlock(std::string_view text, std::size_t offset) {
  std::uint64_t block = 0;
  std::memcpy(&block, text.data() + offset, kBlock);
  return (Less(block, 0x20) | Less(block ^ kEach * '"', 1) | Less(block ^ kEach * '\\', 1)) == 0;
}

// Where the first character from `offset` on stands that needs an escape.
std::size_t PlainPrefix(std::string_view text, std::size_t offset) {
  while (text.size() - offset >= kBlock && IsPlainBlock(text, offset)) offset += kBlock;
  while (offset < text.size() && IsPlain(text[offset])) ++offset;
  return offset;
}

void AppendControl(char c, std::string* out) {
  static constexpr char kDigits[] = "0123456789abcdef";
  switch (c) {
    case '\b': *out += "\\b"; return;
    case '\f': *out += "\\f"; return;
    case '\n': *out += "\\n"; return;
    case '\r': *out += "\\r"; return;
    case '\t': *out += "\\t"; return;
    default: break;
  }
  *out += "\\u00";
  *out += kDigits[static_cast<unsigned char>(c) >> 4];
  *out += kDigits[static_cast<unsigned char>(c) & 0xF];
}

}  // namespace

void AppendString(std::string_view text, std::string* out) {
  *out += '"';
  std::size_t done = 0;
  for (std::size_t i = 0; (i = PlainPrefix(text, i)) < text.size(); ++i) {
    const char c = text[i];
    out->append(text, done, i - done);
    done = i + 1;
    if (static_cast<unsigned char>(c) < 0x20) {
      AppendControl(c, out);
    } else {
      *out += '\\';
      *out += c;
    }
  }
  out->append(text, done);
  *out += '"';
}

}  // namespace assay::json
