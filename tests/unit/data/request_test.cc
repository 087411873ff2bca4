// Requests and contexts, by the builder and from JSON.
#include "assay/request.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(RequestBuilder, BuildsWhatItWasGiven) {
  const Result<Request> request = RequestBuilder()
                                      .Principal("User", "u")
                                      .Action("Ns::Action", "a")
                                      .Resource("Doc", "")
                                      .Context("n", 1)
                                      .Context("n", 2)  // the last one counts
                                      .Context("ok", true)
                                      .Build();
  ASSERT_TRUE(request.ok());
  EXPECT_EQ(request.value().principal, (EntityUid{"User", "u"}));
  EXPECT_EQ(request.value().action, (EntityUid{"Ns::Action", "a"}));
  EXPECT_EQ(request.value().resource, (EntityUid{"Doc", ""}));
  EXPECT_EQ(Value(request.value().context).ToCedar(), "{\"n\": 2, \"ok\": true}");
}

TEST(RequestBuilder, NamesWhatIsMissingOrWrong) {
  RequestBuilder builder;
  EXPECT_EQ(builder.Build().error().message, "the request has no principal");
  builder.Principal("User", "u");
  EXPECT_EQ(builder.Build().error().message, "the request has no action");
  builder.Action("Action", "a");
  EXPECT_EQ(builder.Build().error().message, "the request has no resource");
  builder.Resource("no path", "d");
  EXPECT_EQ(builder.Build().error().message,
            "the type of the resource, `no path`, is not a Cedar path");
  builder.Resource("Doc", "d");
  EXPECT_TRUE(builder.Build().ok());
}

// The errors of a context, or its text.
std::string Context(std::string json) {
  Sources sources;
  Diagnostics diagnostics;
  const std::uint32_t source = sources.Add("c", std::move(json));
  const auto context = ParseContextJson(sources, source, Limits{}, &diagnostics);
  if (context) return Value(*context).ToCedar();
  std::string errors;
  for (const Diagnostic& d : diagnostics.list()) {
    errors += std::string(DiagName(d.id)) + ": " + d.message + "\n";
  }
  return errors;
}

TEST(ParseContextJson, ReadsValuesOfEveryKind) {
  EXPECT_EQ(Context("{}"), "{}");
  EXPECT_EQ(Context(R"({"b": true, "n": -1, "s": "x", "l": [2, 1, 2], "r": {"k": {}}})"),
            R"({"b": true, "l": [1, 2], "n": -1, "r": {"k": {}}, "s": "x"})");
  EXPECT_EQ(Context(R"({"e": {"__entity": {"type": "A::B", "id": "x"}},
                        "i": {"__extn": {"fn": "ip", "arg": "::1"}},
                        "o": {"__extn": {"fn": "offset", "args": [
                               {"__extn": {"fn": "datetime", "arg": "1970-01-01"}},
                               {"__extn": {"fn": "duration", "arg": "1s"}}]}}})"),
            "{\"e\": A::B::\"x\", \"i\": ip(\"::1\"), "
            "\"o\": datetime(\"1970-01-01\").offset(duration(\"1000ms\"))}");
}

TEST(ParseContextJson, AMalformedEscapeIsARecord) {
  for (const char* text :
       {R"({"x": {"__entity": {"type": "A"}}})", R"({"x": {"__entity": {"id": "A", "type": 1}}})",
        R"({"x": {"__entity": {"id": "A", "type": "B"}, "y": 1}})",
        R"({"x": {"__extn": {"fn": "ip"}}})", R"({"x": {"__extn": "ip"}})",
        R"({"x": {"__extn": {"args": "::1", "fn": "ip"}}})", R"({"x": {"__expr": 1}})"}) {
    EXPECT_EQ(Context(text), text);
  }
}

TEST(ParseContextJson, SaysWhatIsWrong) {
  const struct {
    const char* text;
    const char* errors;
  } cases[] = {
      {"[]", "unexpected-json-type: a context is an object, and this is an array\n"},
      {R"({"__entity": {"type": "A", "id": "x"}})",
       "unexpected-json-type: a context is a record, and this stands for another value\n"},
      {R"({"a": null, "b": 1.5, "c": 9223372036854775808})",
       "unexpected-json-type: null is not a value of Cedar\n"
       "invalid-number: numbers are 64-bit integers\n"
       "invalid-number: numbers are 64-bit integers\n"},
      {R"({"a": [null, [null]]})",
       "unexpected-json-type: null is not a value of Cedar\n"
       "unexpected-json-type: null is not a value of Cedar\n"},
      {R"({"a": {"__expr": "1"}})",
       "unexpected-json-type: `__expr` is no longer part of the format\n"},
      {R"({"a": {"__entity": {"type": "a b", "id": "x"}}})",
       "invalid-type-name: `a b` is not the name of an entity type\n"},
      {R"({"a": {"__extn": {"fn": "nope", "arg": 1}}})",
       "unknown-function: there is no function `nope`\n"},
      {R"({"a": {"__extn": {"fn": "ip", "arg": "x"}}})",
       "invalid-extension-value: invalid IP address: x\n"},
      {R"({"a": {"__extn": {"fn": "ip", "args": []}}})",
       "invalid-extension-value: `ip` takes 1 argument, and here are 0\n"},
      {R"({"a": {"__extn": {"fn": "ip", "args": [null, 1]}}})",
       "unexpected-json-type: null is not a value of Cedar\n"},
      {"{",
       "invalid-json: this is not valid JSON: unexpected end of input; expected string "
       "literal\n"},
  };
  for (const auto& c : cases) EXPECT_EQ(Context(c.text), c.errors) << c.text;
}

}  // namespace
}  // namespace assay
