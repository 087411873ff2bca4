// The order of conditions that types allow.
#include "compiler/validate/plan.h"

#include <gtest/gtest.h>

#include "assay/evaluator.h"
#include "compiler/cedar/print.h"
#include "tests/unit/schema/schema_test.h"

namespace assay {
namespace {

using testing::GoodSchema;

constexpr const char* kSchema =
    "entity User in Doc = { dept: String, level?: Long };"
    "entity Doc = { owner: User, open: Bool };"
    "action view appliesTo { principal: User, resource: Doc, context: "
    "{ mfa: Bool, score: Long, ip?: ipaddr, day?: datetime, rec: { n: Long, may?: Long } } };"
    "action edit appliesTo { principal: [User, Doc], resource: Doc, context: { mfa: Bool } };";

constexpr const char* kAsWritten = "as written";

// The conditions as they are to run, one after the other; kAsWritten if they stay as they are.
std::string PlanOf(const std::string& policy, const Limits& limits = {}) {
  testing::TestSet set;
  EXPECT_TRUE(set.AddCedar(policy)) << policy;
  const cedar::PolicySetSyntax& syntax = set.set.syntax();
  const Schema schema = GoodSchema(kSchema);
  const cedar::Plans plans = validate::PlanConditions(schema.model(), syntax, limits);
  if (plans.size() != 1) return "not one plan";
  if (!plans.front()) return kAsWritten;
  std::string text;
  for (const cedar::Condition& condition : *plans.front()) {
    text += text.empty() ? "" : " & ";
    text += condition.is_unless ? "not " : "";
    text += cedar::PrintExpr(syntax.ast, condition.body);
  }
  return text;
}

std::string View(const std::string& conditions) {
  return PlanOf("permit(principal, action == Action::\"view\", resource) " + conditions + ";");
}

TEST(Plan, ATestOvertakesWhatCannotFail) {
  EXPECT_EQ(View("when { principal == resource.owner || context.mfa }"), kAsWritten);
  EXPECT_EQ(View("when { context.mfa == context.mfa && context.score == 3 }"),
            "context.score == 3 & context.mfa == context.mfa");
  EXPECT_EQ(View("when { principal in resource } when { context.rec.n > 3 }"),
            "context.rec.n > 3 & principal in resource");
  EXPECT_EQ(View("unless { principal in resource || context.score < 3 }"),
            "not context.score < 3 & not principal in resource");
  EXPECT_EQ(View("when { !(principal in resource || !context.mfa) }"),
            "context.mfa & not principal in resource");
}

TEST(Plan, NothingOvertakesWhatCanFail) {
  // The principal may be absent, sums overflow, and calls can fail.
  EXPECT_EQ(View("when { principal.dept like \"a*\" && context.score == 3 }"), kAsWritten);
  EXPECT_EQ(View("when { context.score + 1 != 3 && context.score == 3 }"), kAsWritten);
  EXPECT_EQ(View("when { context has day && context.day.toDate() != context.day && "
                 "context.score == 3 }"),
            kAsWritten);
  EXPECT_EQ(View("when { [context.score].contains(1) && context.score == 3 }"), kAsWritten);
  EXPECT_EQ(View("when { principal != resource && principal.dept == \"a\" }"), kAsWritten);
  // Literals and functions of them do not.
  EXPECT_EQ(View("when { [1, 2].contains(context.score) && context.score == 3 }"),
            "context.score == 3 & [1, 2].contains(context.score)");
}

TEST(Plan, AGuardComesAlong) {
  EXPECT_EQ(View("when { principal in resource && principal has level && principal.level == 3 }"),
            "principal has level & principal.level == 3 & principal in resource");
  EXPECT_EQ(View("when { context.rec has may && principal in resource && context.rec.may < 3 }"),
            "context.rec has may & context.rec.may < 3 & principal in resource");
  // Who has a level is in the store, and so has a department.
  EXPECT_EQ(View("when { principal has level && principal.dept like \"a*\" && context.mfa }"),
            "context.mfa & principal has level & principal.dept like \"a*\"");
}

TEST(Plan, ACheckThatCannotFailIsDropped) {
  EXPECT_EQ(View("when { context has score && context.score != 3 }"), "context.score != 3");
  EXPECT_EQ(View("when { context has rec && context.rec has n && context.rec.n == 3 }"),
            "context.rec.n == 3");
  // An entity may be absent; and without the access nothing would notice that an attribute is.
  EXPECT_EQ(View("when { principal has dept && principal.dept != \"a\" }"), kAsWritten);
  EXPECT_EQ(View("when { context has score && principal == resource.owner }"), kAsWritten);
  EXPECT_EQ(View("when { context has score && (principal in resource || context.score == 3) }"),
            kAsWritten);
}

TEST(Plan, TypesMustFitInEveryEnvironment) {
  const std::string dead =
      "when { principal is User && context.mfa == context.mfa && "
      "principal has level && principal.level == 3 };";
  // A Doc has no level; `principal is User` keeps it from being asked.
  EXPECT_EQ(PlanOf("permit(principal, action == Action::\"edit\", resource) " + dead), kAsWritten);
  EXPECT_EQ(PlanOf("permit(principal is User, action == Action::\"edit\", resource) " + dead),
            "principal has level & principal.level == 3 & principal is User & "
            "context.mfa == context.mfa");
  // Not valid in one of them.
  EXPECT_EQ(PlanOf("permit(principal, action, resource) when { principal in resource && "
                   "context.score == 3 };"),
            kAsWritten);
  EXPECT_EQ(PlanOf("permit(principal == ?principal, action == Action::\"view\", resource) "
                   "when { principal in resource && context.mfa };"),
            "context.mfa & principal in resource");
  Limits limits;
  limits.request_environments = 0;
  EXPECT_EQ(PlanOf("permit(principal, action, resource) when { principal in resource && "
                   "context.mfa };",
                   limits),
            kAsWritten);
}

TEST(Plan, LiteralsStayWhereTheyAre) {
  EXPECT_EQ(View("when { true && true && context.mfa }"), kAsWritten);
  EXPECT_EQ(View("when { principal in resource && true && context.mfa }"),
            "context.mfa & principal in resource & true");
}

// What has come to the front, the tree asks: of policies with one scope it leaves those that match.
TEST(Plan, TheTreeAsksWhatWasMoved) {
  testing::TestSet set;
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(
        set.AddCedar("permit(principal, action, resource is Doc) when { context.mfa == context.mfa "
                     "&& context.score == " +
                     std::to_string(i) + " };"));
  }
  const Schema schema = GoodSchema(
      "entity User; entity Doc; action view appliesTo { principal: User, resource: Doc, context: "
      "{ mfa: Bool, score: Long } };");
  const Request request = {
      {"User", "u"}, {"Action", "view"}, {"Doc", "d"}, {{"mfa", true}, {"score", 7}}};
  const auto ask = [&](const Program& program) {
    const Snapshot snapshot = Snapshot::Create(program, Entities()).value();
    Scratch scratch;
    const Decision decision = Decide(snapshot, request, scratch);
    EXPECT_EQ(decision.determining().size(), 1U);
    return decision.policies_visited();
  };
  EXPECT_EQ(ask(set.set.Compile().value()), 100U);
  EXPECT_EQ(ask(set.set.Compile(schema).value()), 1U);
}

// On a request that the schema does not allow, the first condition may fail.
TEST(Plan, ForbidsStayAsTheyAre) {
  const std::string conditions =
      "(principal, action == Action::\"view\", resource) "
      "when { principal in resource } when { context.rec.n > 3 };";
  EXPECT_EQ(PlanOf("permit" + conditions), "context.rec.n > 3 & principal in resource");
  EXPECT_EQ(PlanOf("forbid" + conditions), kAsWritten);
}

}  // namespace
}  // namespace assay
