// IP addresses with an optional prefix length, kept as written.
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "tests/oracle/functions.h"
#include "tests/oracle/text.h"

namespace assay::oracle {
namespace {

Failure Wrong(const std::string& why) {
  return {"error while evaluating `ipaddr` extension function: " + why};
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::optional<Ip> ParseV4(std::string_view text) {
  const std::vector<std::string_view> parts = Split(text, '.');
  if (parts.size() != 4) return std::nullopt;
  Ip ip;
  for (std::size_t i = 0; i < 4; ++i) {
    const std::string_view part = parts[i];
    if (part.empty() || part.size() > 3 || !std::all_of(part.begin(), part.end(), IsAsciiDigit) ||
        (part.size() > 1 && part[0] == '0')) {
      return std::nullopt;
    }
    const int octet = std::stoi(std::string(part));
    if (octet > 255) return std::nullopt;
    ip.bytes[i] = static_cast<std::uint8_t>(octet);
  }
  ip.prefix = 32;
  return ip;
}

// The 16-bit groups of one side of a `::`, or of a whole address. The empty text has none.
std::optional<std::vector<int>> ParseGroups(std::string_view text) {
  std::vector<int> groups;
  if (text.empty()) return groups;
  for (const std::string_view part : Split(text, ':')) {
    if (part.empty() || part.size() > 4 ||
        part.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos) {
      return std::nullopt;
    }
    groups.push_back(std::stoi(std::string(part), nullptr, 16));
  }
  return groups;
}

std::optional<Ip> ParseV6(std::string_view text) {
  const std::size_t gap = text.find("::");
  const bool has_gap = gap != std::string_view::npos;
  auto head = ParseGroups(text.substr(0, gap));
  auto tail = ParseGroups(has_gap ? text.substr(gap + 2) : "");
  if (!head || !tail) return std::nullopt;
  const std::size_t given = head->size() + tail->size();
  if (has_gap ? given > 7 : given != 8) return std::nullopt;
  head->resize(8 - tail->size());
  head->insert(head->end(), tail->begin(), tail->end());
  Ip ip;
  ip.v6 = true;
  ip.prefix = 128;
  for (std::size_t i = 0; i < 8; ++i) {
    ip.bytes[2 * i] = static_cast<std::uint8_t>((*head)[i] >> 8);
    ip.bytes[2 * i + 1] = static_cast<std::uint8_t>((*head)[i] & 0xFF);
  }
  return ip;
}

std::optional<Ip> ParseAddress(std::string_view text) {
  const std::optional<Ip> v4 = ParseV4(text);
  return v4 ? v4 : ParseV6(text);
}

int ParsePrefix(std::string_view text, bool v6) {
  const std::string quoted = "`" + std::string(text) + "`";
  if (text.size() > (v6 ? 3U : 2U)) {
    throw Wrong("error parsing prefix: string length " + std::to_string(text.size()) +
                " is too large");
  }
  if (!std::all_of(text.begin(), text.end(), IsAsciiDigit)) {
    throw Wrong("error parsing prefix " + quoted + ": encountered non-digit");
  }
  if (text.size() > 1 && text[0] == '0') {
    throw Wrong("error parsing prefix " + quoted + ": leading zero(s)");
  }
  const std::string unreadable = "error parsing prefix from the string " + quoted + ": ";
  if (text.empty()) throw Wrong(unreadable + "cannot parse integer from empty string");
  const int prefix = std::stoi(std::string(text));
  if (prefix > 255) throw Wrong(unreadable + "number too large to fit in target type");
  const int most = v6 ? 128 : 32;
  if (prefix > most) {
    throw Wrong("error parsing prefix: " + std::to_string(prefix) + " is larger than the limit " +
                std::to_string(most));
  }
  return prefix;
}

// Whether the first `count` bits of two addresses agree.
bool SameBits(const Ip& a, const Ip& b, int count) {
  for (int bit = 0; bit < count; ++bit) {
    const auto byte = static_cast<std::size_t>(bit / 8);
    const int mask = 0x80 >> (bit % 8);
    if ((a.bytes[byte] & mask) != (b.bytes[byte] & mask)) return false;
  }
  return true;
}

}  // namespace

Ip ParseIp(std::string_view text) {
  if (text.size() > 43) {
    throw Wrong("error parsing IP address from string `" + std::string(text) +
                "`: string length is too large");
  }
  if (std::count(text.begin(), text.end(), ':') >= 2 &&
      std::count(text.begin(), text.end(), '.') >= 2) {
    throw Wrong(
        "error parsing IP address from string: We do not accept IPv4 embedded in IPv6 (e.g., "
        "::ffff:127.0.0.1). Found: `" +
        std::string(text) + "`");
  }
  const std::size_t slash = text.find('/');
  const std::string address(text.substr(0, slash));
  std::optional<Ip> ip = ParseAddress(address);
  if (slash == std::string_view::npos) {
    if (!ip) throw Wrong("invalid IP address: " + address);
    return *ip;
  }
  if (!ip) {
    throw Wrong("error parsing IP address from the string `" + address +
                "`: invalid IP address syntax");
  }
  ip->prefix = ParsePrefix(text.substr(slash + 1), ip->v6);
  return *ip;
}

bool IsInRange(const Ip& inner, const Ip& outer) {
  return inner.v6 == outer.v6 && inner.prefix >= outer.prefix &&
         SameBits(inner, outer, outer.prefix);
}

bool IsLoopback(const Ip& ip) { return IsInRange(ip, ParseIp(ip.v6 ? "::1" : "127.0.0.0/8")); }

bool IsMulticast(const Ip& ip) {
  return IsInRange(ip, ParseIp(ip.v6 ? "ff00::/8" : "224.0.0.0/4"));
}

}  // namespace assay::oracle
