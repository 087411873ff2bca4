// ipaddr: literals, their errors, ranges, and what is printed.
#include "stdlib/types/ipaddr.h"

#include <gtest/gtest.h>

namespace assay::stdlib {
namespace {

IpAddr Ip(std::string_view text) {
  IpAddr ip;
  EXPECT_EQ(ParseIp(text, &ip), IpError::kNone) << text;
  return ip;
}

TEST(IpAddr, PrintsWhatItReadInItsShortestForm) {
  const struct {
    const char* text;
    const char* printed;
  } cases[] = {
      {"0.0.0.0", "0.0.0.0"},
      {"255.255.255.255", "255.255.255.255"},
      {"10.0.0.1/32", "10.0.0.1"},
      {"10.1.2.3/8", "10.1.2.3/8"},  // host bits are kept
      {"0.0.0.0/0", "0.0.0.0/0"},
      {"::", "::"},
      {"::1", "::1"},
      {"1::", "1::"},
      {"::/0", "::/0"},
      {"::1/128", "::1"},
      {"ABCD:EF01:2345:6789:abcd:ef01:2345:6789", "abcd:ef01:2345:6789:abcd:ef01:2345:6789"},
      {"0001:0:0:0:0:0:0:0", "1::"},
      {"0:0:0:0:0:0:0:1", "::1"},
      {"1:0:0:2:0:0:0:3", "1:0:0:2::3"},       // the longest run
      {"1:0:0:2:3:0:0:4", "1::2:3:0:0:4"},     // the first of equals
      {"1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"},  // one group is not shortened
      {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
      {"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"},
      {"1:2:3:4:5:6::8", "1:2:3:4:5:6:0:8"},
      {"2001:db8::/32", "2001:db8::/32"},
      {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/127",
       "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/127"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(FormatIp(Ip(c.text)), c.printed);
    EXPECT_EQ(Ip(c.printed), Ip(c.text)) << c.text;
  }
}

TEST(IpAddr, RefusesWhatIsNoAddress) {
  for (const char* text : {"",
                           "1",
                           "1.2.3",
                           "1.2.3.4.5",
                           "1.2.3.",
                           ".1.2.3",
                           "1..2.3",
                           "256.0.0.1",
                           "1.2.3.999",
                           "01.2.3.4",
                           "1.2.3.00",
                           "1.2.3.4 ",
                           " 1.2.3.4",
                           "1.2.3.a",
                           "0x1.2.3.4",
                           "1.2.3.-4",
                           "1.2.3.0004",
                           ":",
                           ":::",
                           "1::2::3",
                           "1:2:3:4:5:6:7",
                           "1:2:3:4:5:6:7:8:9",
                           "1:2:3:4:5:6:7:8::",
                           "::1:2:3:4:5:6:7:8",
                           "1:2:3:4::5:6:7:8",
                           "12345::",
                           "g::",
                           "1:",
                           ":1",
                           "1:2:3:4:5:6:7:",
                           ":1:2:3:4:5:6:7",
                           "::1%eth0",
                           "[::1]",
                           "1::-2",
                           "a",
                           "abcd"}) {
    IpAddr ip = Ip("9.9.9.9");
    const IpError error = ParseIp(text, &ip);
    EXPECT_EQ(IpErrorText(error, text), "invalid IP address: " + std::string(text));
    EXPECT_EQ(ip, Ip("9.9.9.9")) << text;
  }
}

TEST(IpAddr, SaysWhatIsWrongWithARange) {
  const std::string embedded =
      "error parsing IP address from string: We do not accept IPv4 embedded in IPv6 (e.g., "
      "::ffff:127.0.0.1). Found: `";
  const struct {
    const char* text;
    std::string error;
  } cases[] = {
      {"/8", "error parsing IP address from the string ``: invalid IP address syntax"},
      {"1.2.3/8", "error parsing IP address from the string `1.2.3`: invalid IP address syntax"},
      {"g::/8", "error parsing IP address from the string `g::`: invalid IP address syntax"},
      {"1.2.3.4/",
       "error parsing prefix from the string ``: cannot parse integer from empty string"},
      {"::/", "error parsing prefix from the string ``: cannot parse integer from empty string"},
      {"1.2.3.4/33", "error parsing prefix: 33 is larger than the limit 32"},
      {"::/129", "error parsing prefix: 129 is larger than the limit 128"},
      {"::/256",
       "error parsing prefix from the string `256`: number too large to fit in target type"},
      {"1.2.3.4/128", "error parsing prefix: string length 3 is too large"},
      {"::/1280", "error parsing prefix: string length 4 is too large"},
      {"1.2.3.4/08", "error parsing prefix `08`: leading zero(s)"},
      {"::/00", "error parsing prefix `00`: leading zero(s)"},
      {"1.2.3.4/a", "error parsing prefix `a`: encountered non-digit"},
      {"1.2.3.4/-1", "error parsing prefix `-1`: encountered non-digit"},
      {"::/+1", "error parsing prefix `+1`: encountered non-digit"},
      {"1.2.3.4/8/", "error parsing prefix `8/`: encountered non-digit"},
      {"::ffff:127.0.0.1", embedded + "::ffff:127.0.0.1`"},
      {"::127.0.0.1/8", embedded + "::127.0.0.1/8`"},
      {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/1280",
       "error parsing IP address from string `ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/1280`: "
       "string length is too large"},
  };
  for (const auto& c : cases) {
    IpAddr ip;
    EXPECT_EQ(IpErrorText(ParseIp(c.text, &ip), c.text), c.error);
  }
  EXPECT_EQ(IpErrorText(IpError::kNone, "::"), "");
}

TEST(IpAddr, LoopbackAndMulticastHoldForTheWholeRange) {
  for (const char* text : {"127.0.0.1", "127.255.255.255", "127.0.0.0/8", "::1"}) {
    EXPECT_TRUE(IsLoopback(Ip(text))) << text;
  }
  for (const char* text : {"126.255.255.255", "128.0.0.0", "127.0.0.0/7", "::1/127", "::2", "::"}) {
    EXPECT_FALSE(IsLoopback(Ip(text))) << text;
  }
  for (const char* text : {"224.0.0.0", "239.255.255.255", "224.0.0.0/4", "ff00::/8", "ffff::1"}) {
    EXPECT_TRUE(IsMulticast(Ip(text))) << text;
  }
  for (const char* text : {"223.255.255.255", "240.0.0.0", "224.0.0.0/3", "ff00::/7", "fe00::"}) {
    EXPECT_FALSE(IsMulticast(Ip(text))) << text;
  }
}

TEST(IpAddr, ARangeHoldsWhatSharesItsPrefix) {
  const struct {
    const char* ip;
    const char* range;
    bool is_in;
  } cases[] = {
      {"10.1.2.3", "10.0.0.0/8", true},
      {"11.1.2.3", "10.0.0.0/8", false},
      {"10.1.2.3", "10.1.2.3", true},
      {"10.1.2.3", "10.1.2.2/31", true},
      {"10.1.2.3", "10.1.2.4/31", false},
      {"10.0.0.0/8", "10.0.0.0/8", true},
      {"10.0.0.0/7", "10.0.0.0/8", false},
      {"10.0.0.0/9", "10.0.0.0/8", true},
      {"1.2.3.4", "0.0.0.0/0", true},
      {"1.2.3.4", "255.0.0.0/0", true},
      {"10.127.0.1", "10.64.0.0/10", true},
      {"10.128.0.1", "10.64.0.0/10", false},
      {"::1", "::/0", true},
      {"::1", "0.0.0.0/0", false},
      {"1.2.3.4", "::/0", false},
      {"2001:db8::1", "2001:db8::/32", true},
      {"2001:db9::1", "2001:db8::/32", false},
      {"::1/128", "::/127", true},
      {"::2", "::/127", false},
  };
  for (const auto& c : cases)
    EXPECT_EQ(IsInRange(Ip(c.ip), Ip(c.range)), c.is_in) << c.ip << c.range;
}

}  // namespace
}  // namespace assay::stdlib
