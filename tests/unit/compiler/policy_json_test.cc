// Limits of policies in JSON. Their form is in tests/golden/translate, their meaning in
// tests/property/policy_json_test.cc.
#include "compiler/cedar/policy_json.h"

#include "compiler/cedar/print.h"
#include "tests/unit/compiler/compiled.h"

namespace assay {
namespace {

using testing::ErrorsOf;
using testing::Repeated;

std::string PolicyWith(const std::string& body) {
  return R"({"effect": "permit", "principal": {"op": "All"}, "action": {"op": "All"},
             "resource": {"op": "All"}, "conditions": [{"kind": "when", "body": )" +
         body + "}]}";
}

// The policy as JSON, or its errors.
std::string Read(const std::string& body, const Limits& limits = {}) {
  Sources sources;
  Diagnostics diagnostics;
  PolicySet set(limits);
  const std::uint32_t source = sources.Add("p.json", PolicyWith(body));
  if (!set.AddPolicyJson("p", sources, source, &diagnostics)) return ErrorsOf(diagnostics);
  const cedar::Ast& ast = set.syntax().ast;
  return PrintExpr(ast, ast.policies[0].conditions[0].body);
}

std::string Nested(const std::string& open, int count, const std::string& close) {
  return Repeated(open, count, "") + R"({"Value": true})" + Repeated(close, count, "");
}

TEST(PolicyJsonLimits, JsonDepth) {
  // Three levels of JSON are around a body, and each `!` takes two.
  Limits limits;
  limits.json_depth = 14;
  EXPECT_EQ(Read(Nested(R"({"!": {"arg": )", 5, "}}"), limits), "!!!!(!true)");
  EXPECT_EQ(Read(Nested(R"({"!": {"arg": )", 6, "}}"), limits),
            "too-deep: this JSON is nested more than 14 deep (json_depth)\n");
  EXPECT_EQ(Read(Nested(R"({"!": {"arg": )", 100'000, "}}")),
            "too-deep: this JSON is nested more than 127 deep (json_depth)\n");
}

TEST(PolicyJsonLimits, ExpressionDepth) {
  Limits limits;
  limits.expression_depth = 5;
  EXPECT_EQ(Read(Nested(R"({"!": {"arg": )", 4, "}}"), limits), "!!!!true");
  EXPECT_EQ(Read(Nested(R"({"!": {"arg": )", 5, "}}"), limits),
            "too-deep: this expression is nested more than 5 deep (expression_depth)\n");
  EXPECT_EQ(Read(R"({"Value": [[[[1]]]]})", limits), "[[[[1]]]]");
  EXPECT_EQ(Read(R"({"Value": [[[[[1]]]]]})", limits),
            "too-deep: this expression is nested more than 5 deep (expression_depth)\n");
  // A chain is one level, however long.
  EXPECT_EQ(Read(Nested(R"({"&&": {"right": {"Value": 1}, "left": )", 9, "}}"), limits),
            "true" + Repeated(" && 1", 9, ""));
}

// A path with a name that is no identifier repeats what stands before it.
TEST(PolicyJsonLimits, RepeatedNodes) {
  Limits limits;
  limits.repeated_nodes = 3;
  const auto has = [](const std::string& left) {
    return R"({"has": {"left": )" + left + R"(, "attr": ["a b", "c"]}})";
  };
  const std::string error =
      "too-deep: the left side of this `has` would be repeated, and has more than 3 nodes "
      "(repeated_nodes)\n";
  EXPECT_EQ(Read(has(Nested(R"({"!": {"arg": )", 2, "}}")), limits),
            R"(!!true has "a b" && (!!true)["a b"] has c)");
  EXPECT_EQ(Read(has(Nested(R"({"!": {"arg": )", 3, "}}")), limits), error);
  EXPECT_EQ(Read(has(has(R"({"Var": "context"})")), limits), error);
  // Each level doubles what it holds.
  std::string nested = R"({"Var": "context"})";
  for (int i = 0; i < 40; ++i) nested = has(nested);
  EXPECT_EQ(Read(nested).substr(0, 9), "too-deep:");
  std::string path = R"("a b")";
  for (int i = 0; i < 1000; ++i) path += R"(, "c")";
  EXPECT_EQ(Read(R"({"has": {"left": {"Var": "context"}, "attr": [)" + path + "]}}"),
            "too-deep: this expression is nested more than 400 deep (expression_depth)\n");
}

TEST(PolicyJsonLimits, SourceBytes) {
  Limits limits;
  limits.source_bytes = 10;
  EXPECT_EQ(Read("{}", limits).substr(0, 17), "source-too-large:");
}

TEST(PolicyJson, TakesATemplate) {
  Sources sources;
  Diagnostics diagnostics;
  PolicySet set;
  const std::string text =
      R"({"effect":"forbid","principal":{"op":"in","slot":"?principal"},"action":{"op":"All"},)"
      R"("resource":{"op":"All"},"conditions":[]})";
  EXPECT_TRUE(set.AddPolicyJson("t", sources, sources.Add("p", text), &diagnostics));
  EXPECT_TRUE(set.Link("t", "l", EntityUid{"User", "u"}, {}, &diagnostics));
  EXPECT_EQ(set.ToJson().value(),
            R"({"templates":{"t":)" + text +
                R"(},"staticPolicies":{},"templateLinks":[{"templateId":"t","newId":"l",)"
                R"("values":{"?principal":{"__entity":{"type":"User","id":"u"}}}}]})");
  EXPECT_EQ(set.ToCedar().error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace assay
