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

// By groups of four characters: a character at a time costs as much as all the rest of reading a
// token.
bool Decode(std::string_view text, const Table& table, std::string* bytes) {
  bytes->clear();
  const std::size_t rest = text.size() % 4;
  if (rest == 1) return false;
  bytes->resize(text.size() * 3 / 4);
  char* out = bytes->data();
  std::uint32_t seen = 0;  // has the high bit of kNone once that has been seen
  const auto value = [&](std::size_t i) {
    const std::uint32_t bits = table[static_cast<unsigned char>(text[i])];
    seen |= bits;
    return bits;
  };
  const std::size_t whole = text.size() - rest;
  for (std::size_t i = 0; i < whole; i += 4) {
    const std::uint32_t bits =
        value(i) << 18 | value(i + 1) << 12 | value(i + 2) << 6 | value(i + 3);
    *out++ = static_cast<char>(bits >> 16 & 0xff);
    *out++ = static_cast<char>(bits >> 8 & 0xff);
    *out++ = static_cast<char>(bits & 0xff);
  }
  std::uint32_t left_over = 0;
  if (rest > 0) {
    const std::uint32_t bits =
        value(whole) << 12 | value(whole + 1) << 6 | (rest == 3 ? value(whole + 2) : 0);
    *out++ = static_cast<char>(bits >> 10 & 0xff);
    if (rest == 3) *out = static_cast<char>(bits >> 2 & 0xff);
    left_over = rest == 3 ? bits & 3 : bits & 0x3ff;
  }
  return seen < 0x80 && left_over == 0;
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
  const std::size_t begin = text->size();
  text->resize(begin + (bytes.size() * 4 + 2) / 3);
  char* out = text->data() + begin;
  // By value: what is written could otherwise be the view itself, which is then read each time.
  const auto value = [in = bytes.data()](std::size_t i) {
    return std::uint32_t{static_cast<unsigned char>(in[i])};
  };
  const auto put = [&](std::uint32_t bits) { *out++ = kUrlAlphabet[bits & 63]; };
  const std::size_t rest = bytes.size() % 3;
  const std::size_t whole = bytes.size() - rest;
  for (std::size_t i = 0; i < whole; i += 3) {
    const std::uint32_t bits = value(i) << 16 | value(i + 1) << 8 | value(i + 2);
    put(bits >> 18);
    put(bits >> 12);
    put(bits >> 6);
    put(bits);
  }
  if (rest == 0) return;
  const std::uint32_t bits = value(whole) << 16 | (rest == 2 ? value(whole + 1) << 8 : 0);
  put(bits >> 18);
  put(bits >> 12);
  if (rest == 2) put(bits >> 6);
}

std::string EncodeBase64url(std::string_view bytes) {
  std::string text;
  AppendBase64url(bytes, &text);
  return text;
}

}  // namespace assay::mint::jose
