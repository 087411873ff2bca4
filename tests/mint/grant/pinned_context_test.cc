#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <vector>

#include "assay/mint/grant.h"
#include "engine/mint/jose/digest.h"
#include "tests/mint/tokens.h"

namespace assay::mint {
namespace {

using testing::Outcome;

std::vector<std::string> NamesOf(const Record& context) {
  std::vector<std::string> names;
  for (const auto& [name, value] : context) names.push_back(name);
  return names;
}

// That the hash is over exactly this text.
void ExpectText(const Record& context, const std::string& text) {
  const auto hash = HashPinnedContext(context, NamesOf(context));
  ASSERT_TRUE(hash.ok());
  EXPECT_EQ(hash.value(), jose::Sha256Text(text)) << text;
}

TEST(PinnedContext, IsInTheFormOfRfc8785) {
  ExpectText({}, "{}");
  ExpectText({{"b", true}, {"a", "x\n\"\xe2\x82\xac"}, {"c", -5}},
             "{\"a\":\"x\\n\\\"\xe2\x82\xac\",\"b\":true,\"c\":-5}");
  ExpectText({{"r", Record{{"y", 1}, {"x", Record{}}}}}, R"({"r":{"x":{},"y":1}})");
  // The standard's own example of sorting: U+1F600 is before U+FB33, as its first unit is U+D83D.
  ExpectText({{"\xef\xac\xb3", 1}, {"\xf0\x9f\x98\x80", 2}, {"\xc3\xb6", 3}},
             "{\"\xc3\xb6\":3,\"\xf0\x9f\x98\x80\":2,\"\xef\xac\xb3\":1}");
}

TEST(PinnedContext, WritesWhatJsonHasNot) {
  ExpectText({{"n", std::int64_t{9'007'199'254'740'991}}}, R"({"n":9007199254740991})");
  ExpectText({{"n", std::int64_t{9'007'199'254'740'992}}},
             R"({"n":{"__long":"9007199254740992"}})");
  ExpectText({{"n", INT64_MIN}}, R"({"n":{"__long":"-9223372036854775808"}})");
  ExpectText({{"e", EntityUid{"User", "a\"b"}}},
             R"({"e":{"__entity":{"id":"a\"b","type":"User"}}})");
  ExpectText({{"d", Decimal{15'000}}}, R"({"d":{"__extn":{"arg":"1.5000","fn":"decimal"}}})");
  ExpectText({{"d", Duration{1500}}}, R"({"d":{"__extn":{"arg":"1500ms","fn":"duration"}}})");
  ExpectText({{"d", Datetime{-1}}}, R"({"d":{"__extn":{"arg":"-1","fn":"datetime"}}})");
  ExpectText({{"i", IpAddr{false, {10, 0, 0, 1}, 8}}},
             R"({"i":{"__extn":{"arg":"10.0.0.1/8","fn":"ip"}}})");
  ExpectText({{"s", Value(Value::Set{10, 9, "a", true})}}, R"({"s":["a",10,9,true]})");
}

TEST(PinnedContext, DiffersForDifferentValues) {
  const std::vector<Value> values{true,
                                  1,
                                  "1",
                                  "true",
                                  EntityUid{"A", "1"},
                                  Decimal{1},
                                  Datetime{1},
                                  Duration{1},
                                  Value(Value::Set{}),
                                  Value(Value::Set{1}),
                                  Value(Value::Set{1, "1"}),
                                  Record{},
                                  Record{{"a", 1}},
                                  Record{{"a", "1"}}};
  std::vector<std::string> hashes;
  for (const Value& value : values) {
    hashes.push_back(HashPinnedContext({{"v", value}}, {"v"}).value());
  }
  std::sort(hashes.begin(), hashes.end());
  EXPECT_EQ(std::adjacent_find(hashes.begin(), hashes.end()), hashes.end());
}

TEST(PinnedContext, PinsOnlyTheNamedMembers) {
  const Record context{{"a", 1}, {"b", 2}};
  EXPECT_EQ(HashPinnedContext(context, {"a"}).value(),
            HashPinnedContext({{"a", 1}, {"b", 3}}, {"a"}).value());
  // Neither order nor number of the names matters.
  EXPECT_EQ(HashPinnedContext(context, {"b", "a", "b"}).value(),
            HashPinnedContext(context, {"a", "b"}).value());
  EXPECT_EQ(Outcome(HashPinnedContext(context, {"a", "c"})), "context_unfit");
}

TEST(PinnedContext, RefusesWhatHasNoForm) {
  const auto hash = [](const Value& value) {
    return Outcome(HashPinnedContext({{"v", value}}, {"v"}));
  };
  EXPECT_EQ(hash("\xff"), "context_unfit");
  EXPECT_EQ(hash(EntityUid{"A", "\xff"}), "context_unfit");
  EXPECT_EQ(hash(Record{{"\xff", 1}}), "context_unfit");
  for (const char* name : {"__entity", "__extn", "__long"}) {
    EXPECT_EQ(hash(Record{{name, "x"}}), "context_unfit");
  }
  Value deep(1);
  for (int i = 0; i < 70; ++i) deep = Value(Value::Set{deep});
  EXPECT_EQ(hash(deep), "context_unfit");
}

}  // namespace
}  // namespace assay::mint
