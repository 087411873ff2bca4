// Every limit of a compilation: just below it there is a result, beyond it an error of its own.
#include "assay/limits.h"

#include "assay/format.h"
#include "tests/unit/compiler/compiled.h"

namespace assay {
namespace {

using testing::ErrorsOf;
using testing::Evaluated;
using testing::Repeated;
using testing::TestSet;

const std::string kPermit = "permit(principal, action, resource);";

TEST(Limits, SourceBytes) {
  Limits limits;
  limits.source_bytes = kPermit.size();
  TestSet policies(limits);
  EXPECT_TRUE(policies.AddCedar(kPermit));
  EXPECT_FALSE(policies.AddCedar(kPermit + " "));
  EXPECT_EQ(ErrorsOf(policies.diagnostics),
            "source-too-large: the text has more than 36 bytes (source_bytes)\n");
  limits.source_bytes = 3;
  EXPECT_EQ(Evaluated("123", limits), "123");
  EXPECT_EQ(Evaluated("1234", limits),
            "source-too-large: the text has more than 3 bytes (source_bytes)\n");
}

// What nests in the parser, and what nests only in the tree that a row of operators makes.
TEST(Limits, ExpressionDepth) {
  Limits limits;
  limits.expression_depth = 20;
  const std::string brackets =
      "too-deep: brackets and `if` are nested more than 20 deep here (expression_depth)\n";
  const std::string tree =
      "too-deep: this expression is nested more than 20 deep (expression_depth)\n";
  const auto nested = [](const std::string& open, int count, const std::string& close) {
    return Repeated(open, count, "") + "1" + Repeated(close, count, "");
  };
  // The expression itself is the first level.
  EXPECT_EQ(Evaluated(nested("(", 19, ")"), limits), "1");
  EXPECT_EQ(Evaluated(nested("(", 20, ")"), limits), brackets);
  EXPECT_EQ(Evaluated(nested("if true then 1 else (", 9, ")"), limits), "1");
  EXPECT_EQ(Evaluated(nested("if true then 1 else (", 10, ")"), limits), brackets);
  EXPECT_EQ(Evaluated(nested("[", 19, "]"), limits), nested("[", 19, "]"));
  EXPECT_EQ(Evaluated(nested("[", 20, "]"), limits), brackets);
  EXPECT_EQ(Evaluated(nested("{a: ", 20, "}"), limits), brackets);
  EXPECT_EQ(Evaluated("1" + Repeated(" + 1", 19, ""), limits), "20");
  EXPECT_EQ(Evaluated("1" + Repeated(" + 1", 20, ""), limits), tree);
  EXPECT_EQ(Evaluated("1" + Repeated(" - 1", 20, ""), limits), tree);
  EXPECT_EQ(Evaluated("1" + Repeated(" * 1", 19, ""), limits), "1");
  EXPECT_EQ(Evaluated("1" + Repeated(" * 1", 20, ""), limits), tree);
  EXPECT_EQ(Evaluated("context" + Repeated(".a", 19, ""), limits),
            "error: record does not have the attribute `a`");
  EXPECT_EQ(Evaluated("context" + Repeated(".a", 20, ""), limits), tree);
  EXPECT_EQ(Evaluated("context" + Repeated("[\"a\"]", 20, ""), limits), tree);
  EXPECT_EQ(Evaluated("context" + Repeated(".isEmpty()", 20, ""), limits), tree);
}

TEST(Limits, ExpressionDepthHoldsInScopes) {
  Limits limits;
  limits.expression_depth = 20;
  const auto policy = [](int depth) {
    return "permit(principal == " + Repeated("(", depth, "") + "U::\"u\"" +
           Repeated(")", depth, "") + ", action, resource);";
  };
  EXPECT_TRUE(TestSet(limits).AddCedar(policy(20)));
  TestSet deep(limits);
  EXPECT_FALSE(deep.AddCedar(policy(21)));
  EXPECT_EQ(ErrorsOf(deep.diagnostics),
            "too-deep: brackets and `if` are nested more than 20 deep here (expression_depth)\n");
}

// What opens again and again, and what goes on and on: with an error or without, it ends.
TEST(Limits, AHundredThousandOfAnything) {
  constexpr int kCount = 100'000;
  const auto ends = [](const std::string& condition, bool is_good) {
    const std::string text = "permit(principal, action, resource) when { " + condition + " };";
    TestSet set;
    const bool ok = set.AddCedar(text);
    EXPECT_EQ(ok, is_good) << text.substr(0, 100) << ErrorsOf(set.diagnostics).substr(0, 500);
    if (!ok) return;
    EXPECT_TRUE(set.set.Compile().ok()) << text.substr(0, 100);
    EXPECT_TRUE(
        FormatPolicies(set.sources, set.sources.Add("f", text), {}, Limits{}, &set.diagnostics))
        << text.substr(0, 100);
  };
  for (const char* open : {"(", "!(", "-(", "[", "{a: ", "ip(", "1.f(", "if true then ", "1 + (",
                           "true && (", "!", "if ", "(if 1 then "}) {
    ends(Repeated(open, kCount, ""), false);
  }
  for (const char* more : {".a", "[\"a\"]", ".a()", " + 1", " - 1", " * 2", "::A", " == 1"}) {
    ends("context" + Repeated(more, kCount, ""), false);
  }
  for (const char* more : {" && context.a", " || context.a"}) {
    ends("context.a" + Repeated(more, kCount, ""), true);
  }
  ends("context has a" + Repeated(".a", kCount, ""), true);
  ends("[" + Repeated("1", kCount, ", ") + "] == context", true);
}

TEST(Limits, ExpressionDepthByDefault) {
  EXPECT_EQ(Evaluated("1" + Repeated(" + 1", 399, "")), "400");
  EXPECT_EQ(Evaluated("1" + Repeated(" + 1", 400, "")),
            "too-deep: this expression is nested more than 400 deep (expression_depth)\n");
}

// Constants that are nested deeper than data may be are built when deciding, not beforehand.
TEST(Limits, AConstantMayBeAsDeepAsAnExpression) {
  for (const int depth : {1, 126, 127, 128, 129, 398}) {
    const std::string set = Repeated("[", depth, "") + "1" + Repeated("]", depth, "");
    EXPECT_EQ(Evaluated(set), set);
    const std::string record = Repeated("{\"a\": ", depth, "") + "1" + Repeated("}", depth, "");
    EXPECT_EQ(Evaluated(record), record);
    EXPECT_EQ(Evaluated(set + " == " + set), "true");
  }
}

TEST(Limits, TokensAndStrings) {
  Limits limits;
  limits.tokens = 9;
  TestSet policies(limits);
  EXPECT_TRUE(policies.AddCedar(kPermit + " // nine"));
  EXPECT_FALSE(policies.AddCedar(kPermit + "@"));
  EXPECT_EQ(ErrorsOf(policies.diagnostics),
            "over-limit: the text has more than 9 tokens (tokens)\n");
  limits.string_bytes = 4;
  EXPECT_EQ(Evaluated("\"abcd\"", limits), "\"abcd\"");
  EXPECT_EQ(Evaluated("\"\\u{e9}\"", limits),
            "over-limit: this string has more than 4 bytes (string_bytes)\n");
}

TEST(Limits, Policies) {
  Limits limits;
  limits.policies = 3;
  const std::string error = "too-many-policies: there are more than 3 policies (policies)\n";
  TestSet cedar(limits);
  EXPECT_TRUE(cedar.AddCedar(Repeated(kPermit, 3, "\n")));
  EXPECT_EQ(cedar.Ids(), "policy0 policy1 policy2 ");
  EXPECT_FALSE(cedar.AddCedar(kPermit));
  EXPECT_EQ(ErrorsOf(cedar.diagnostics), error);

  TestSet single(limits);
  for (const char* id : {"a", "b", "c"}) EXPECT_TRUE(single.AddPolicy(id, kPermit));
  EXPECT_FALSE(single.AddPolicy("d", kPermit));
  EXPECT_EQ(ErrorsOf(single.diagnostics), error);

  // Templates and links count as well.
  TestSet links(limits);
  EXPECT_TRUE(links.AddPolicy("t", "permit(principal == ?principal, action, resource);"));
  const EntityUid u{"U", "u"};
  EXPECT_TRUE(links.set.Link("t", "a", u, std::nullopt, &links.diagnostics));
  EXPECT_TRUE(links.set.Link("t", "b", u, std::nullopt, &links.diagnostics));
  EXPECT_EQ(links.Ids(), "a b ");
  EXPECT_FALSE(links.set.Link("t", "c", u, std::nullopt, &links.diagnostics));
  EXPECT_EQ(ErrorsOf(links.diagnostics),
            "too-many-policies: there are too many policies (policies)\n");
}

// There is no limit on annotations, but their number must not be squared.
TEST(Limits, ManyAnnotationsTakeNoLongTime) {
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += "@a" + std::to_string(i) + " ";
  TestSet policies;
  EXPECT_FALSE(policies.AddCedar(text + kPermit + text + "@a7 " + kPermit));
  EXPECT_EQ(ErrorsOf(policies.diagnostics),
            "duplicate-annotation: the annotation `@a7` was given before\n");
}

TEST(Limits, ArgumentsAndRegisters) {
  const std::string error =
      "a condition needs more than 4096 registers, or a call has more than 255 arguments";
  const auto call = [](int count) { return "ip(" + Repeated("context.n", count, ", ") + ")"; };
  EXPECT_EQ(Evaluated(call(255)),
            "error: wrong number of arguments provided to extension function `ip`: expected 1, "
            "got 255");
  EXPECT_EQ(Evaluated(call(256)), "too-deep: " + error + "\n");
  // Each level of arguments stands on the registers of the one around it.
  const auto nested = [](int levels) {
    std::string text = "context.n";
    for (int i = 0; i < levels; ++i) text = "ip(" + Repeated("1", 254, ", ") + ", " + text + ")";
    return text;
  };
  EXPECT_EQ(Evaluated(nested(16)),  // 4065 registers
            "error: wrong number of arguments provided to extension function `ip`: expected 1, "
            "got 255");
  EXPECT_EQ(Evaluated(nested(17)), "too-deep: " + error + "\n");

  TestSet policies;
  ASSERT_TRUE(policies.AddCedar("permit(principal, action, resource) when { " + call(256) + " };"));
  const Result<Program> program = policies.set.Compile();
  ASSERT_FALSE(program.ok());
  EXPECT_EQ(program.error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(program.error().message, error);
}

TEST(Limits, Diagnostics) {
  TestSet many;
  EXPECT_FALSE(many.AddCedar(Repeated("permit(principal);", 150, "\n")));
  EXPECT_EQ(many.diagnostics.list().size(), 100U);
  EXPECT_EQ(many.diagnostics.total(), 150U);
}

}  // namespace
}  // namespace assay
