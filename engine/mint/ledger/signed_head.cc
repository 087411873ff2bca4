#include "assay/mint/signed_head.h"

#include <charconv>
#include <cstring>

#include "engine/base/hex.h"
#include "engine/mint/ledger/bytes.h"

namespace assay::mint {

namespace {

constexpr std::string_view kFirstLine = "assay ledger head 1\n";

// The members that are signed, in the order of RFC 8785, without the closing brace.
std::string Members(const SignedHead& head) {
  return "{\"chain\":\"" + ToHex(AsText(head.chain)) +
         "\",\"count\":" + std::to_string(head.count) + ",\"ledger\":\"" +
         ToHex(AsText(head.ledger)) + "\",\"time_ms\":" + std::to_string(head.time_ms);
}

// Takes `literal` off the front of `text`.
bool Skip(std::string_view literal, std::string_view* text) {
  if (text->substr(0, literal.size()) != literal) return false;
  text->remove_prefix(literal.size());
  return true;
}

template <typename Array>
bool TakeHex(std::string_view* text, Array* out) {
  const auto bytes = FromHex(text->substr(0, 2 * out->size()));
  if (!bytes || bytes->size() != out->size()) return false;
  std::memcpy(out->data(), bytes->data(), out->size());
  text->remove_prefix(2 * out->size());
  return true;
}

template <typename Integer>
bool TakeDecimal(std::string_view* text, Integer* out) {
  const auto result = std::from_chars(text->data(), text->data() + text->size(), *out);
  if (result.ec != std::errc()) return false;
  text->remove_prefix(static_cast<std::size_t>(result.ptr - text->data()));
  return true;
}

}  // namespace

std::string HeadMessage(const SignedHead& head) {
  return std::string(kFirstLine) + Members(head) + "}";
}

std::string FormatHead(const SignedHead& head) {
  return Members(head) + ",\"signature\":\"" + ToHex(head.signature) + "\"}";
}

std::optional<SignedHead> ParseHead(std::string_view line) {
  SignedHead head;
  std::string_view rest = line;
  const bool has_members = Skip("{\"chain\":\"", &rest) && TakeHex(&rest, &head.chain) &&
                           Skip("\",\"count\":", &rest) && TakeDecimal(&rest, &head.count) &&
                           Skip(",\"ledger\":\"", &rest) && TakeHex(&rest, &head.ledger) &&
                           Skip("\",\"time_ms\":", &rest) && TakeDecimal(&rest, &head.time_ms) &&
                           Skip(",\"signature\":\"", &rest);
  if (!has_members || rest.size() < 2 || rest.substr(rest.size() - 2) != "\"}") {
    return std::nullopt;
  }
  const auto signature = FromHex(rest.substr(0, rest.size() - 2));
  if (!signature) return std::nullopt;
  head.signature = *signature;
  // The same head has one line only.
  return FormatHead(head) == line ? std::optional(head) : std::nullopt;
}

}  // namespace assay::mint
