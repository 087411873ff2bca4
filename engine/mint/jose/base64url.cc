#include "engine/mint/jose/base64url.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace assay::mint::jose {

namespace {

constexpr std::string_view kUrlAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kPlainAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNone = 0xff;

using Table = std::array<std::uint8_t, 256>;

constexpr Table MakeTable(std::string_view alphabet) {
  Table table{};
  for (std::uint8_t& value : table) value = kNone;
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return table;
}

constexpr Table kUrlTable = MakeTable(kUrlAlphabet);
constexpr Table kPlainTable = MakeTable(kPlainAlphabet);

bool Decode(std::string_view text, const Table& table, std::string* bytes) {
  bytes->clear();
  if (text.size() % 4 == 1) return false;
  bytes->reserve(text.size() / 4 * 3 + 2);
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    const std::uint8_t value = table[static_cast<unsigned char>(c)];
    if (value == kNone) return false;
    bits = bits << 6 | value;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes->push_back(static_cast<char>(bits >> count & 0xff));
  }
  return (bits & ((std::uint32_t{1} << count) - 1)) == 0;
}

}  // namespace

bool DecodeBase64url(std::string_view text, std::string* bytes) {
  return Decode(text, kUrlTable, bytes);
}

bool DecodeBase64(std::string_view text, std::string* bytes) {
  if (text.size() % 4 != 0) return false;
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  return Decode(text.substr(0, text.size() - padding), kPlainTable, bytes);
}

void AppendBase64url(std::string_view bytes, std::string* text) {
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    count += 8;
    while (count >= 6) {
      count -= 6;
      text->push_back(kUrlAlphabet[bits >> count & 63]);
    }
  }
  if (count > 0) text->push_back(kUrlAlphabet[bits << (6 - count) & 63]);
}

std::string EncodeBase64url(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  AppendBase64url(bytes, &text);
  return text;
}

}  // namespace assay::mint::jose
