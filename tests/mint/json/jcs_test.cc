// RFC 8785: its own examples, and what it leaves to I-JSON.
#include "engine/mint/json/jcs.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "engine/base/json_text.h"

namespace assay::mint::jcs {
namespace {

std::string Number(double number) {
  std::string out;
  return AppendNumber(number, &out) ? out : "refused";
}

// Appendix B.
TEST(Jcs, NumbersOfTheStandard) {
  const std::pair<std::uint64_t, const char*> samples[] = {
      {0x0000000000000000, "0"},
      {0x8000000000000000, "0"},
      {0x0000000000000001, "5e-324"},
      {0x8000000000000001, "-5e-324"},
      {0x7fefffffffffffff, "1.7976931348623157e+308"},
      {0xffefffffffffffff, "-1.7976931348623157e+308"},
      {0x4340000000000000, "9007199254740992"},
      {0xc340000000000000, "-9007199254740992"},
      {0x4430000000000000, "295147905179352830000"},
      {0x7fffffffffffffff, "refused"},
      {0x7ff0000000000000, "refused"},
      {0x44b52d02c7e14af5, "9.999999999999997e+22"},
      {0x44b52d02c7e14af6, "1e+23"},
      {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
      {0x444b1ae4d6e2ef4e, "999999999999999700000"},
      {0x444b1ae4d6e2ef4f, "999999999999999900000"},
      {0x444b1ae4d6e2ef50, "1e+21"},
      {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
      {0x3eb0c6f7a0b5ed8d, "0.000001"},
      {0x41b3de4355555553, "333333333.3333332"},
      {0x41b3de4355555554, "333333333.33333325"},
      {0x41b3de4355555555, "333333333.3333333"},
      {0x41b3de4355555556, "333333333.3333334"},
      {0x41b3de4355555557, "333333333.33333343"},
      {0xbecbf647612f3696, "-0.0000033333333333333333"},
      {0x43143ff3c1cb0959, "1424953923781206.2"},
  };
  for (const auto& [bits, text] : samples) EXPECT_EQ(Number(std::bit_cast<double>(bits)), text);
  EXPECT_EQ(Number(1), "1");
  EXPECT_EQ(Number(100), "100");
  EXPECT_EQ(Number(-0.5), "-0.5");
  EXPECT_EQ(Number(1e-7), "1e-7");
}

// Section 3.2.2 and 3.2.3.
TEST(Jcs, StringsOfTheStandard) {
  std::string out;
  json::AppendString("a\"\\\b\t\n\f\r\x01\x1f/\x7f\xE2\x82\xAC", &out);
  EXPECT_EQ(out, "\"a\\\"\\\\\\b\\t\\n\\f\\r\\u0001\\u001f/\x7f\xE2\x82\xAC\"");
}

TEST(Jcs, ExamplesOfTheStandard) {
  EXPECT_EQ(Canonicalize(R"({
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false] })"),
            "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
            "\"string\":\"\xe2\x82\xac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
  EXPECT_EQ(Canonicalize(R"({"\u20ac": "Euro Sign", "\r": "Carriage Return",
      "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One", "\ud83d\ude00": "Emoji: Grinning Face",
      "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"})"),
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xc2\x80\":\"Control\","
            "\"\xc3\xb6\":\"Latin Small Letter O With Diaeresis\",\"\xe2\x82\xac\":\"Euro Sign\","
            "\"\xf0\x9f\x98\x80\":\"Emoji: Grinning Face\","
            "\"\xef\xac\xb3\":\"Hebrew Letter Dalet With Dagesh\"}");
}

TEST(Jcs, CanonicalTextsStayAsTheyAre) {
  for (const char* text :
       {"null", "true", "false", "0", "-1", "9007199254740992", "\"\\b\\f\\n\\r\\t\\u0001\"", "[]",
        "{}", "[[],{\"a\":{\"b\":[1,2]}}]"}) {
    EXPECT_EQ(Canonicalize(text), text);
  }
  EXPECT_EQ(Canonicalize(" -0 "), "0");
  EXPECT_EQ(Canonicalize("[1.0, 1e2, 10000000000000000000000.5]"), "[1,100,1e+22]");
}

TEST(Jcs, WhatHasNoOneFormIsRefused) {
  for (const char* text :
       {"", "{", "{\"a\":1,\"a\":2}", "[1e400]", "9007199254740993", "[-9007199254740993]",
        "{\"a\":100000000000000000000}", "\"\xff\"", "[\"\\ud800\"]"}) {
    EXPECT_EQ(Canonicalize(text), std::nullopt) << text;
  }
  EXPECT_EQ(Canonicalize(std::string(1000, '[')), std::nullopt);
}

}  // namespace
}  // namespace assay::mint::jcs
