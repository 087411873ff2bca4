// Uids that stand alone, as Cedar text or JSON.
#include <gtest/gtest.h>

#include "assay/request.h"

namespace assay {
namespace {

struct Parsed {
  std::optional<EntityUid> uid;
  std::string errors;
};

Parsed Parse(std::string text) {
  Sources sources;
  Diagnostics diagnostics;
  const std::uint32_t source = sources.Add("--principal", std::move(text));
  Parsed parsed{ParseEntityUid(sources, source, &diagnostics), {}};
  for (const Diagnostic& d : diagnostics.list()) {
    parsed.errors += std::string(DiagName(d.id)) + ": " + d.message;
  }
  EXPECT_EQ(parsed.uid.has_value(), diagnostics.empty());
  return parsed;
}

TEST(ParseEntityUid, ReadsCedarTextAndJson) {
  const struct {
    const char* text;
    EntityUid uid;
  } cases[] = {
      {"User::\"alice\"", {"User", "alice"}},
      {"A::B::\"\"", {"A::B", ""}},
      {" A :: B\n::\t\"x\" ", {"A::B", "x"}},
      {"U::\"a\\\"b\\\\\"", {"U", "a\"b\\"}},
      {"U::\"\\u{e9}::\"", {"U", "\u00e9::"}},
      {" {\"type\": \"A::B\", \"id\": \"x\"}", {"A::B", "x"}},
      {"{\"__entity\": {\"type\": \"U\", \"id\": \"\"}}", {"U", ""}},
  };
  for (const auto& c : cases) {
    const Parsed parsed = Parse(c.text);
    ASSERT_TRUE(parsed.uid) << c.text << ": " << parsed.errors;
    EXPECT_EQ(*parsed.uid, c.uid) << c.text;
  }
}

TEST(ParseEntityUid, SaysWhatIsWrong) {
  const char* no_id = "invalid-uid: this is not an entity: it has no quoted id";
  const char* no_colons = "invalid-uid: `::` must stand between the type and the id";
  const char* open_quote = "invalid-uid: the id has a `\"` in it that is not escaped";
  const struct {
    const char* text;
    const char* error;
  } cases[] = {
      {"", no_id},
      {" \n", no_id},
      {"alice", no_id},
      {"User::", no_id},
      {"User::\"", no_id},
      {"User::\"a\" x", no_id},
      {"\"a\"", no_colons},
      {"User\"a\"", no_colons},
      {"User:\"a\"", no_colons},
      {"::\"a\"", "invalid-type-name: `` is not the name of an entity type"},
      {"9::\"a\"", "invalid-type-name: `9` is not the name of an entity type"},
      {"A B::\"a\"", "invalid-type-name: `A B` is not the name of an entity type"},
      {"if::\"a\"", "invalid-type-name: `if` is not the name of an entity type"},
      {"A::::\"a\"", "invalid-type-name: `A::` is not the name of an entity type"},
      {"U::\"a\"b\"", open_quote},
      {"U::\"a\\\"", open_quote},
      {"U::\"\\x\"", "invalid-escape: `\\x` takes two hexadecimal digits"},
      {"{\"type\": \"U\"}", "invalid-uid: this is not an entity"},
      {"{\"type\": \"U \", \"id\": \"\"}",
       "invalid-type-name: `U ` is not the name of an entity type"},
      {"{\"type\": \"U\", \"id\": 1}", "invalid-uid: this is not an entity"},
  };
  for (const auto& c : cases) EXPECT_EQ(Parse(c.text).errors, c.error) << c.text;
}

}  // namespace
}  // namespace assay
