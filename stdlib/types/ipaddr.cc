#include "stdlib/types/ipaddr.h"

#include <algorithm>
#include <charconv>

namespace assay::stdlib {

namespace {

constexpr std::size_t kLongestText = 43;
constexpr int kGroups = 8;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

int HexDigit(char c) {
  if (IsDigit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool ParseV4(std::string_view text, IpAddr* ip) {
  for (std::size_t i = 0; i < 4; ++i) {
    const std::size_t length = std::min(text.find('.'), text.size());
    const std::string_view octet = text.substr(0, length);
    if (octet.empty() || octet.size() > 3 || (octet.size() > 1 && octet[0] == '0')) return false;
    int value = 0;
    for (const char c : octet) {
      if (!IsDigit(c)) return false;
      value = value * 10 + (c - '0');
    }
    if (value > 255) return false;
    ip->bytes[i] = static_cast<std::uint8_t>(value);
    if ((i == 3) != (length == text.size())) return false;
    text.remove_prefix(std::min(length + 1, text.size()));
  }
  return true;
}

// Groups of one to four hexadecimal digits, parted by single colons. The number read, or -1.
int ReadGroups(std::string_view text, std::uint16_t* groups) {
  if (text.empty()) return 0;
  for (int count = 0; count < kGroups; ++count) {
    const std::size_t length = std::min(text.find(':'), text.size());
    if (length == 0 || length > 4) return -1;
    std::uint32_t value = 0;
    for (const char c : text.substr(0, length)) {
      const int digit = HexDigit(c);
      if (digit < 0) return -1;
      value = value * 16 + static_cast<std::uint32_t>(digit);
    }
    groups[count] = static_cast<std::uint16_t>(value);
    if (length == text.size()) return count + 1;
    text.remove_prefix(length + 1);
    if (text.empty()) return -1;
  }
  return -1;
}

bool ParseV6(std::string_view text, IpAddr* ip) {
  std::uint16_t head[kGroups] = {}, tail[kGroups] = {};
  const std::size_t gap = text.find("::");
  const bool has_gap = gap != std::string_view::npos;
  const int head_count = ReadGroups(text.substr(0, gap), head);
  const int tail_count = has_gap ? ReadGroups(text.substr(gap + 2), tail) : 0;
  if (head_count < 0 || tail_count < 0) return false;
  if (has_gap ? head_count + tail_count >= kGroups : head_count != kGroups) return false;
  std::copy(tail, tail + tail_count, head + kGroups - tail_count);
  for (std::size_t i = 0; i < kGroups; ++i) {
    ip->bytes[2 * i] = static_cast<std::uint8_t>(head[i] >> 8);
    ip->bytes[2 * i + 1] = static_cast<std::uint8_t>(head[i] & 0xFF);
  }
  return true;
}

bool ParseAddress(std::string_view text, IpAddr* ip) {
  *ip = {};
  if (text.find(':') == std::string_view::npos) return ParseV4(text, ip);
  ip->is_v6 = true;
  ip->prefix = 128;
  return ParseV6(text, ip);
}

IpError ParsePrefix(std::string_view text, IpAddr* ip) {
  const std::size_t longest = ip->is_v6 ? 3 : 2;
  if (text.size() > longest) return IpError::kPrefixTooLong;
  if (!std::all_of(text.begin(), text.end(), IsDigit)) return IpError::kPrefixNotDigits;
  if (text.size() > 1 && text[0] == '0') return IpError::kPrefixLeadingZero;
  if (text.empty()) return IpError::kPrefixEmpty;
  int value = 0;
  for (const char c : text) value = value * 10 + (c - '0');
  if (value > 255) return IpError::kPrefixTooLarge;
  if (value > ip->prefix) return IpError::kPrefixOutOfRange;
  ip->prefix = static_cast<std::uint8_t>(value);
  return IpError::kNone;
}

bool HasTwo(std::string_view text, char c) { return std::count(text.begin(), text.end(), c) >= 2; }

// The first `bits` bits of both are the same.
bool SamePrefix(const IpAddr& a, const IpAddr& b, unsigned bits) {
  for (std::size_t i = 0; bits > 0; ++i) {
    const unsigned taken = std::min(bits, 8U);
    const unsigned mask = 0xFF00U >> taken;
    if (((a.bytes[i] ^ b.bytes[i]) & mask & 0xFFU) != 0) return false;
    bits -= taken;
  }
  return true;
}

// The longest run of two or more zero groups, the first of equals, is written `::`.
std::string FormatV6(const IpAddr& ip) {
  int groups[kGroups];
  for (std::size_t i = 0; i < kGroups; ++i) groups[i] = ip.bytes[2 * i] * 256 + ip.bytes[2 * i + 1];
  int best = -1, best_length = 1;
  for (int i = 0; i < kGroups; ++i) {
    int end = i;
    while (end < kGroups && groups[end] == 0) ++end;
    if (end - i > best_length) {
      best = i;
      best_length = end - i;
    }
    i = std::max(i, end - 1);
  }
  std::string out;
  for (int i = 0; i < kGroups; ++i) {
    if (i == best) {
      out += "::";
      i += best_length - 1;
      continue;
    }
    if (!out.empty() && out.back() != ':') out += ':';
    char buffer[4];
    const auto end = std::to_chars(buffer, buffer + sizeof(buffer), groups[i], 16).ptr;
    out.append(buffer, end);
  }
  return out;
}

}  // namespace

IpError ParseIp(std::string_view text, IpAddr* ip) noexcept {
  if (text.size() > kLongestText) return IpError::kTooLong;
  if (HasTwo(text, ':') && HasTwo(text, '.')) return IpError::kEmbeddedV4;
  const std::size_t slash = text.find('/');
  IpAddr parsed;
  if (!ParseAddress(text.substr(0, slash), &parsed)) {
    return slash == std::string_view::npos ? IpError::kAddress : IpError::kAddressOfRange;
  }
  if (slash != std::string_view::npos) {
    const IpError error = ParsePrefix(text.substr(slash + 1), &parsed);
    if (error != IpError::kNone) return error;
  }
  *ip = parsed;
  return IpError::kNone;
}

std::string FormatIp(const IpAddr& ip) {
  std::string out;
  if (ip.is_v6) {
    out = FormatV6(ip);
  } else {
    for (std::size_t i = 0; i < 4; ++i) {
      if (i > 0) out += '.';
      out += std::to_string(ip.bytes[i]);
    }
  }
  const bool is_single = ip.prefix == (ip.is_v6 ? 128 : 32);
  return is_single ? out : out + "/" + std::to_string(ip.prefix);
}

std::string IpErrorText(IpError error, std::string_view text) {
  const std::size_t slash = std::min(text.find('/'), text.size());
  const std::string whole(text);
  const std::string address(text.substr(0, slash));
  const std::string prefix(text.substr(std::min(slash + 1, text.size())));
  switch (error) {
    case IpError::kNone: break;
    case IpError::kTooLong:
      return "error parsing IP address from string `" + whole + "`: string length is too large";
    case IpError::kEmbeddedV4:
      return "error parsing IP address from string: We do not accept IPv4 embedded in IPv6 (e.g., "
             "::ffff:127.0.0.1). Found: `" +
             whole + "`";
    case IpError::kAddress: return "invalid IP address: " + whole;
    case IpError::kAddressOfRange:
      return "error parsing IP address from the string `" + address +
             "`: invalid IP address syntax";
    case IpError::kPrefixTooLong:
      return "error parsing prefix: string length " + std::to_string(prefix.size()) +
             " is too large";
    case IpError::kPrefixNotDigits:
      return "error parsing prefix `" + prefix + "`: encountered non-digit";
    case IpError::kPrefixLeadingZero:
      return "error parsing prefix `" + prefix + "`: leading zero(s)";
    case IpError::kPrefixEmpty:
      return "error parsing prefix from the string ``: cannot parse integer from empty string";
    case IpError::kPrefixTooLarge:
      return "error parsing prefix from the string `" + prefix +
             "`: number too large to fit in target type";
    case IpError::kPrefixOutOfRange:
      return "error parsing prefix: " + prefix + " is larger than the limit " +
             (address.find(':') == std::string::npos ? "32" : "128");
  }
  return "";
}

bool IsLoopback(const IpAddr& ip) noexcept {
  if (!ip.is_v6) return ip.bytes[0] == 127 && ip.prefix >= 8;
  IpAddr one{.is_v6 = true, .bytes = {}, .prefix = 128};
  one.bytes[15] = 1;
  return ip == one;
}

bool IsMulticast(const IpAddr& ip) noexcept {
  if (!ip.is_v6) return (ip.bytes[0] & 0xF0) == 0xE0 && ip.prefix >= 4;
  return ip.bytes[0] == 0xFF && ip.prefix >= 8;
}

bool IsInRange(const IpAddr& ip, const IpAddr& range) noexcept {
  return ip.is_v6 == range.is_v6 && ip.prefix >= range.prefix &&
         SamePrefix(ip, range, range.prefix);
}

}  // namespace assay::stdlib
