// IPv4 and IPv6 addresses and ranges.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "assay/value.h"

namespace assay::stdlib {

enum class IpError : std::uint8_t {
  kNone,
  kTooLong,
  kEmbeddedV4,
  kAddress,         // without a prefix
  kAddressOfRange,  // before the `/`
  kPrefixTooLong,
  kPrefixNotDigits,
  kPrefixLeadingZero,
  kPrefixEmpty,
  kPrefixTooLarge,  // does not fit a byte
  kPrefixOutOfRange,
};

// Reads an address, or an address and `/n`. IPv4 has four decimal numbers without leading zeros;
// IPv6 has no scope and no embedded IPv4.
IpError ParseIp(std::string_view text, IpAddr* ip) noexcept;

// `10.0.0.0/8`, `::1`: the prefix only where it is not the full one; IPv6 as in RFC 5952.
std::string FormatIp(const IpAddr& ip);

// The reference's text for an error of ParseIp(text).
std::string IpErrorText(IpError error, std::string_view text);

// Every address of the range is one.
bool IsLoopback(const IpAddr& ip) noexcept;
bool IsMulticast(const IpAddr& ip) noexcept;
// Every address of `ip` is in `range`; never across families.
bool IsInRange(const IpAddr& ip, const IpAddr& range) noexcept;

}  // namespace assay::stdlib
