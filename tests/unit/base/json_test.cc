// JSON with places.
#include "engine/base/json.h"

#include <gtest/gtest.h>

namespace assay::json {
namespace {

struct Parsed {
  Sources sources;
  Diagnostics diagnostics;
  std::optional<Node> node;
};

Parsed ParseText(std::string text, const Limits& limits = {}) {
  Parsed parsed;
  const std::uint32_t source = parsed.sources.Add("j", std::move(text));
  parsed.node = Parse(parsed.sources, source, limits, &parsed.diagnostics);
  EXPECT_EQ(parsed.node.has_value(), parsed.diagnostics.empty());
  return parsed;
}

TEST(Json, EveryNodeKnowsItsPlace) {
  const Parsed parsed = ParseText(" {\"a\" : [ 1,-2.5e3 ,\"x\\n\", true,null ] , \"b\":{}} ");
  ASSERT_TRUE(parsed.node);
  const auto text = [&](const Span& span) { return parsed.sources.Slice(span); };
  const Node& root = *parsed.node;
  EXPECT_EQ(root.type, Type::kObject);
  EXPECT_EQ(text(root.members[1].key_span), "\"b\"");
  const Node& list = *root.Find("a");
  EXPECT_EQ(text(list.span), "[ 1,-2.5e3 ,\"x\\n\", true,null ]");
  ASSERT_EQ(list.elements.size(), 5U);
  EXPECT_EQ(text(list.elements[0].span), "1");
  EXPECT_EQ(text(list.elements[1].span), "-2.5e3");
  EXPECT_EQ(text(list.elements[2].span), "\"x\\n\"");
  EXPECT_EQ(text(list.elements[3].span), "true");
  EXPECT_EQ(text(list.elements[4].span), "null");
  EXPECT_EQ(list.elements[2].string, "x\n");
  EXPECT_EQ(root.Find("c"), nullptr);
  EXPECT_EQ(list.Find("a"), nullptr);
}

TEST(Json, TellsIntegersFromOtherNumbers) {
  const struct {
    const char* text;
    Type type;
    std::int64_t value;
  } cases[] = {
      {"0", Type::kInteger, 0},
      {"-1", Type::kInteger, -1},
      {"9223372036854775807", Type::kInteger, INT64_MAX},
      {"-9223372036854775808", Type::kInteger, INT64_MIN},
      {"9223372036854775808", Type::kNumber, 0},
      {"-9223372036854775809", Type::kNumber, 0},
      {"99999999999999999999999", Type::kNumber, 0},
      {"-0", Type::kNumber, 0},
      {"1.0", Type::kNumber, 0},
      {"1e2", Type::kNumber, 0},
  };
  for (const auto& c : cases) {
    const Parsed parsed = ParseText(c.text);
    ASSERT_TRUE(parsed.node) << c.text;
    EXPECT_EQ(parsed.node->type, c.type) << c.text;
    EXPECT_EQ(parsed.node->integer, c.value) << c.text;
    EXPECT_EQ(parsed.sources.Slice(parsed.node->span), c.text);
  }
}

TEST(Json, NamesItsTypes) {
  EXPECT_EQ(TypeText(Type::kNull), "null");
  EXPECT_EQ(TypeText(Type::kBool), "a boolean");
  EXPECT_EQ(TypeText(Type::kInteger), "an integer");
  EXPECT_EQ(TypeText(Type::kNumber), "a number that is no 64-bit integer");
  EXPECT_EQ(TypeText(Type::kString), "a string");
  EXPECT_EQ(TypeText(Type::kArray), "an array");
  EXPECT_EQ(TypeText(Type::kObject), "an object");
}

TEST(Json, SaysWhereAndWhyATextIsRefused) {
  const struct {
    const char* text;
    DiagId id;
    std::uint32_t begin;
  } cases[] = {
      {"", DiagId::kInvalidJson, 0},
      {"   ", DiagId::kInvalidJson, 3},
      {"[1,]", DiagId::kInvalidJson, 3},
      {"{\"a\" 1}", DiagId::kInvalidJson, 5},
      {"[1] 2", DiagId::kInvalidJson, 4},
      {"nul", DiagId::kInvalidJson, 3},
      {"'a'", DiagId::kInvalidJson, 0},
      {"// c", DiagId::kInvalidJson, 0},
      {"NaN", DiagId::kInvalidJson, 0},
      {"[\u00e9]", DiagId::kInvalidJson, 1},
      {"[\"\\\u00e9\"]", DiagId::kInvalidJson, 3},
      {"[1\u00e9]", DiagId::kInvalidJson, 2},
      {"{\"a\" 12, \"b\": 1}", DiagId::kInvalidJson, 6},
      {"{\"a\":1,\"a\":2}", DiagId::kDuplicateMember, 7},
      {"{\"a\":1,\"\\u0061\":2}", DiagId::kDuplicateMember, 7},
      {"\xEF\xBB\xBF{}", DiagId::kInvalidJson, 0},
      {"[\"\xff\"]", DiagId::kInvalidUtf8, 2},
      {"[\"\\ud800\"]", DiagId::kInvalidJson, 8},  // half of a surrogate pair
  };
  for (const auto& c : cases) {
    const Parsed parsed = ParseText(c.text);
    ASSERT_EQ(parsed.diagnostics.list().size(), 1U) << c.text;
    const Diagnostic& d = parsed.diagnostics.list()[0];
    EXPECT_EQ(d.id, c.id) << c.text;
    EXPECT_EQ(d.span.begin, c.begin) << c.text << "\n" << parsed.diagnostics.Render(parsed.sources);
  }
}

TEST(Json, AMemberMayComeAgainInAnotherObject) {
  EXPECT_TRUE(ParseText("[{\"a\":1},{\"a\":{\"a\":1}}]").node);
}

TEST(Json, AMemberComesOnceHoweverManyThereAre) {
  for (const int count : {1, 2, 31, 32, 33, 34, 100}) {
    std::string members;
    for (int i = 0; i < count; ++i) members += "\"m" + std::to_string(i) + "\":0,";
    EXPECT_TRUE(ParseText("{" + members + "\"m\":0}").node) << count;
    for (int again = 0; again < count; ++again) {
      const Parsed parsed = ParseText("{" + members + "\"m" + std::to_string(again) + "\":0}");
      ASSERT_FALSE(parsed.node) << again << " of " << count;
      EXPECT_EQ(parsed.diagnostics.list()[0].id, DiagId::kDuplicateMember);
    }
  }
}

TEST(Json, IsBoundInDepthAndSize) {
  Limits limits;
  limits.json_depth = 3;
  limits.source_bytes = 20;
  EXPECT_TRUE(ParseText("[[{\"a\":1}]]", limits).node);
  const Parsed deep = ParseText("[[{\"a\":[]}]]", limits);
  ASSERT_EQ(deep.diagnostics.list().size(), 1U);
  EXPECT_EQ(deep.diagnostics.list()[0].id, DiagId::kTooDeep);
  EXPECT_EQ(deep.diagnostics.list()[0].message,
            "this JSON is nested more than 3 deep (json_depth)");
  EXPECT_EQ(deep.diagnostics.list()[0].span.begin, 7U);
  EXPECT_TRUE(ParseText("\"" + std::string(18, 'x') + "\"", limits).node);
  const Parsed large = ParseText("\"" + std::string(19, 'x') + "\"", limits);
  ASSERT_EQ(large.diagnostics.list().size(), 1U);
  EXPECT_EQ(large.diagnostics.list()[0].id, DiagId::kSourceTooLarge);
  EXPECT_EQ(large.diagnostics.list()[0].message, "the text has more than 20 bytes (source_bytes)");
}

TEST(Json, IsBoundInStringsAndValues) {
  Limits limits;
  limits.string_bytes = 3;
  limits.json_values = 4;
  EXPECT_TRUE(ParseText("{\"abc\":[\"def\",2]}", limits).node);
  for (const auto& [text, at, message] :
       {std::tuple("{\"abcd\":0}", 1U, "this string has more than 3 bytes (string_bytes)"),
        std::tuple("[\"abcd\"]", 1U, "this string has more than 3 bytes (string_bytes)"),
        std::tuple("{\"a\":[1,2,3]}", 0U, "the text has more than 4 values (json_values)"),
        std::tuple("[0,[],{},2]", 0U, "the text has more than 4 values (json_values)")}) {
    const Parsed parsed = ParseText(text, limits);
    EXPECT_FALSE(parsed.node);
    ASSERT_EQ(parsed.diagnostics.list().size(), 1U) << text;
    EXPECT_EQ(parsed.diagnostics.list()[0].id, DiagId::kOverLimit);
    EXPECT_EQ(parsed.diagnostics.list()[0].message, message);
    EXPECT_EQ(parsed.diagnostics.list()[0].span.begin, at) << text;
  }
}

TEST(Json, AHundredThousandBracketsAreAnErrorAndNoCrash) {
  const Parsed parsed = ParseText(std::string(100'000, '['));
  ASSERT_EQ(parsed.diagnostics.list().size(), 1U);
  EXPECT_EQ(parsed.diagnostics.list()[0].id, DiagId::kTooDeep);
}

}  // namespace
}  // namespace assay::json
