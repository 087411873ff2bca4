// Values: equality, one total order, and text that evaluates to them.
#include "assay/value.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

IpAddr V6Loopback() {
  IpAddr ip{.is_v6 = true, .bytes = {}, .prefix = 128};
  ip.bytes[15] = 1;
  return ip;
}

// In ascending order: by kind, then by content.
std::vector<Value> Ascending() {
  return {
      false,
      true,
      Value(INT64_MIN),
      -1,
      0,
      Value(INT64_MAX),
      "",
      "a",
      "aa",
      "b",
      "\u00e9",  // bytes decide
      EntityUid{"A", "z"},
      EntityUid{"B", "a"},
      EntityUid{"B", "b"},
      Value(Value::Set{}),
      Value(Value::Set{1}),
      Value(Value::Set{1, 2}),
      Value(Value::Set{2}),
      Record{},
      Record{{"a", 1}},
      Record{{"a", 1}, {"b", 0}},
      Record{{"a", 2}},
      Record{{"b", 0}},
      Datetime{-1},
      Datetime{0},
      Decimal{-1},
      Decimal{0},
      Duration{-1},
      Duration{0},
      IpAddr{.is_v6 = false, .bytes = {1}, .prefix = 8},
      IpAddr{.is_v6 = false, .bytes = {1}, .prefix = 32},
      IpAddr{.is_v6 = false, .bytes = {2}, .prefix = 8},
      V6Loopback(),
  };
}

TEST(Value, HasOneTotalOrder) {
  const std::vector<Value> all = Ascending();
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = 0; j < all.size(); ++j) {
      EXPECT_EQ(all[i] <=> all[j], i <=> j) << all[i].ToCedar() << " and " << all[j].ToCedar();
      EXPECT_EQ(all[i] == all[j], i == j) << all[i].ToCedar() << " and " << all[j].ToCedar();
    }
  }
}

TEST(Value, SetsForgetOrderAndRepetition) {
  const Value set(Value::Set{3, 1, 2, 1, 3});
  EXPECT_EQ(set, Value(Value::Set{1, 2, 3}));
  EXPECT_EQ(set.As<Value::Set>()->size(), 3U);
  EXPECT_NE(Value(Value::Set{1}), Value(Value::Set{"1"}));
  EXPECT_EQ(Value(Value::Set{Value(Value::Set{2, 1}), Value(Value::Set{1, 2})}).ToCedar(),
            "[[1, 2]]");
}

TEST(Value, PrintsCedarText) {
  const struct {
    Value value;
    const char* text;
  } cases[] = {
      {true, "true"},
      {false, "false"},
      {INT64_MIN, "-9223372036854775808"},
      {"say \"hi\"\n", "\"say \\\"hi\\\"\\n\""},
      {EntityUid{"A::B", "x\"y"}, "A::B::\"x\\\"y\""},
      {Value(Value::Set{2, 1, "x"}), "[1, 2, \"x\"]"},
      {Value(Value::Set{}), "[]"},
      {Record{}, "{}"},
      {Record{{"b", 1}, {"a b", Record{{"c", true}}}}, "{\"a b\": {\"c\": true}, \"b\": 1}"},
      {Datetime{1}, "datetime(\"1970-01-01\").offset(duration(\"1ms\"))"},
      {Decimal{15'000}, "decimal(\"1.5000\")"},
      {Duration{-1}, "duration(\"-1ms\")"},
      {V6Loopback(), "ip(\"::1\")"},
  };
  for (const auto& c : cases) EXPECT_EQ(c.value.ToCedar(), c.text);
}

TEST(Value, AsIsNullForAnotherKind) {
  const Value one = 1;
  EXPECT_EQ(one.kind(), Kind::kLong);
  ASSERT_NE(one.As<std::int64_t>(), nullptr);
  EXPECT_EQ(*one.As<std::int64_t>(), 1);
  EXPECT_EQ(one.As<bool>(), nullptr);
  EXPECT_EQ(Value("x").kind(), Kind::kString);  // and not a bool
  EXPECT_EQ(Value(V6Loopback()).kind(), Kind::kIpAddr);
}

}  // namespace
}  // namespace assay
