// Building a policy set: ids, templates, links, JSON, comments.
#include "compiler/cedar/policy_set.h"

#include "engine/bytecode/program_parts.h"
#include "tests/unit/compiler/compiled.h"

namespace assay {
namespace {

using testing::ErrorsOf;
using testing::TestSet;

const std::string kPermit = "permit(principal, action, resource);";
const std::string kTemplate = "permit(principal == ?principal, action, resource in ?resource);";
const EntityUid kUser{"User", "u"}, kFolder{"Folder", "f"};

TEST(PolicyIds, AreTheAnnotationOrThePlace) {
  TestSet policies;
  EXPECT_TRUE(policies.AddCedar("@id(\"first\")" + kPermit + kPermit + "@note(\"x\")" + kPermit));
  EXPECT_TRUE(policies.AddCedar(kPermit + "@id(\"say \\\"hi\\\"\")" + kPermit));
  EXPECT_EQ(policies.Ids(), "first policy1 policy2 policy3 say \"hi\" ");
}

TEST(PolicyIds, TemplatesCountButAreNoPolicies) {
  TestSet policies;
  EXPECT_TRUE(policies.AddCedar(kPermit + kTemplate + kPermit));
  EXPECT_EQ(policies.Ids(), "policy0 policy2 ");
  EXPECT_TRUE(policies.set.Link("policy1", "link", kUser, kFolder, &policies.diagnostics));
  EXPECT_EQ(policies.Ids(), "policy0 policy2 link ");
}

TEST(PolicyIds, AnAnnotationWithoutAValueIsEmpty) {
  TestSet policies;
  EXPECT_TRUE(policies.AddCedar("@id " + kPermit));
  EXPECT_EQ(policies.Ids(), " ");
}

TEST(PolicyIds, AreOneSpaceForPoliciesTemplatesAndLinks) {
  TestSet policies;
  EXPECT_TRUE(policies.AddPolicy("t", kTemplate));
  EXPECT_TRUE(policies.AddPolicy("p", "@id(\"ignored\")" + kPermit));
  EXPECT_FALSE(policies.AddPolicy("t", kPermit));
  EXPECT_FALSE(policies.AddCedar("@id(\"p\")" + kPermit));
  EXPECT_FALSE(policies.set.Link("t", "t", kUser, kFolder, &policies.diagnostics));
  EXPECT_TRUE(policies.set.Link("t", "l", kUser, kFolder, &policies.diagnostics));
  EXPECT_FALSE(policies.set.Link("t", "l", kUser, kFolder, &policies.diagnostics));
  EXPECT_EQ(ErrorsOf(policies.diagnostics),
            "duplicate-policy-id: the policy id `t` is already taken\n"
            "duplicate-policy-id: the policy id `p` is already taken\n"
            "duplicate-policy-id: the policy id `t` is already taken\n"
            "duplicate-policy-id: the policy id `l` is already taken\n");
}

TEST(AddPolicy, TakesExactlyOne) {
  TestSet policies;
  EXPECT_FALSE(policies.AddPolicy("a", ""));
  EXPECT_FALSE(policies.AddPolicy("b", kPermit + kPermit));
  EXPECT_FALSE(policies.AddPolicy("c", "permit(principal, action);"));
  EXPECT_EQ(ErrorsOf(policies.diagnostics),
            "unexpected-token: expected exactly one policy, found 0\n"
            "unexpected-token: expected exactly one policy, found 2\n"
            "invalid-scope: the scope lacks `resource`\n");
}

TEST(Link, FillsExactlyTheSlotsOfATemplate) {
  TestSet policies;
  const auto link = [&](const char* of, bool principal, bool resource) {
    policies.diagnostics = Diagnostics();
    const auto when = [](bool given, const EntityUid& uid) {
      return given ? std::optional(uid) : std::nullopt;
    };
    const bool ok = policies.set.Link(of, "l", when(principal, kUser), when(resource, kFolder),
                                      &policies.diagnostics);
    EXPECT_EQ(ok, policies.diagnostics.empty());
    return ErrorsOf(policies.diagnostics);
  };
  EXPECT_TRUE(policies.AddPolicy("t", kTemplate));
  EXPECT_TRUE(policies.AddPolicy("r", "permit(principal, action, resource == ?resource);"));
  EXPECT_TRUE(policies.AddPolicy("p", kPermit));
  EXPECT_EQ(link("none", true, true), "no-such-template: there is no template `none`\n");
  EXPECT_EQ(link("p", false, false), "no-such-template: there is no template `p`\n");
  EXPECT_EQ(link("t", false, true), "wrong-slots: the link `l` gives no value for `?principal`\n");
  EXPECT_EQ(link("t", true, false), "wrong-slots: the link `l` gives no value for `?resource`\n");
  EXPECT_EQ(link("r", true, true), "wrong-slots: the template `r` has no slot `?principal`\n");
  EXPECT_EQ(link("r", false, true), "");
  EXPECT_EQ(policies.Ids(), "p l ");
}

TEST(Link, LinksOfOneTemplateDecideApart) {
  TestSet policies;
  EXPECT_TRUE(policies.AddPolicy("t", "forbid(principal == ?principal, action, resource);"));
  for (const char* id : {"u", "v"}) {
    EXPECT_TRUE(
        policies.set.Link("t", id, EntityUid{"User", id}, std::nullopt, &policies.diagnostics));
  }
  const Program program = policies.set.Compile().value();
  EXPECT_EQ(program.parts().bodies.size(), 1U);
  const Snapshot snapshot = Snapshot::Create(program, Entities()).value();
  Scratch scratch;
  const Decision decision = Decide(snapshot, testing::AnyRequest(), scratch);
  ASSERT_EQ(decision.determining().size(), 1U);
  EXPECT_EQ(program.policy_id(decision.determining()[0]), "u");
}

TEST(AddJson, LinksMayComeBeforeTheirTemplates) {
  TestSet policies;
  EXPECT_TRUE(policies.AddJson(
      R"({"templateLinks": [{"templateId": "t", "newId": "l", "values": {"?principal": "U::\"u\""}}],
          "templates": {"t": "permit(principal == ?principal, action, resource);"},
          "staticPolicies": {"b": "permit(principal, action, resource);",
                             "a": "forbid(principal, action, resource);"}})"))
      << ErrorsOf(policies.diagnostics);
  EXPECT_EQ(policies.Ids(), "b a l ");  // in the order of the file
}

// As in the reference's call format: each policy and template is in the form that its author chose.
TEST(AddJson, JsonFormStandsBesideCedarText) {
  TestSet policies;
  EXPECT_TRUE(policies.AddJson(
      R"({"staticPolicies": {
            "text": "permit(principal == User::\"u\", action, resource);",
            "json": {"effect": "permit", "principal": {"op": "All"}, "action": {"op": "All"},
                     "resource": {"op": "All"}, "conditions": [
                       {"kind": "when", "body": {"==": {"left": {"Var": "principal"},
                         "right": {"Value": {"__entity": {"type": "User", "id": "v"}}}}}}]}},
          "templates": {
            "text template": "permit(principal == ?principal, action, resource);",
            "json template": {"effect": "forbid", "principal": {"op": "==", "slot": "?principal"},
                              "action": {"op": "All"}, "resource": {"op": "All"},
                              "conditions": []}},
          "templateLinks": [
            {"templateId": "text template", "newId": "w may", "values": {"?principal": "User::\"w\""}},
            {"templateId": "json template", "newId": "v may not",
             "values": {"?principal": {"type": "User", "id": "v"}}}]})"))
      << ErrorsOf(policies.diagnostics);
  EXPECT_EQ(policies.Ids(), "text json w may v may not ");
  const Snapshot snapshot = Snapshot::Create(policies.set.Compile().value(), Entities()).value();
  Scratch scratch;
  const auto decides = [&](const char* user) {
    const Request request = {{"User", user}, {"Action", "a"}, {"Doc", "d"}, {}};
    const Decision decision = Decide(snapshot, request, scratch);
    std::string answer = decision.is_allow() ? "allow" : "deny";
    for (const std::uint32_t policy : decision.determining()) {
      answer += " " + std::string(snapshot.policy_id(policy));
    }
    return answer;
  };
  EXPECT_EQ(decides("u"), "allow text");
  EXPECT_EQ(decides("v"), "deny v may not");
  EXPECT_EQ(decides("w"), "allow w may");
  EXPECT_EQ(decides("x"), "deny");
}

TEST(AddJson, EverythingIsOptional) {
  TestSet policies;
  EXPECT_TRUE(policies.AddJson("{}"));
  EXPECT_TRUE(policies.AddJson(R"({"templateLinks": [], "templates": {}, "staticPolicies": {}})"));
  EXPECT_EQ(policies.Ids(), "");
}

// The rest is in tests/golden/json/fail_policy_set.test.
TEST(AddJson, TheShapeIsChecked) {
  const struct {
    const char* text;
    const char* errors;
  } cases[] = {
      {"[]", "unexpected-json-type: a policy set is an object, and this is an array\n"},
      {R"({"staticPolicies": 1})",
       "unexpected-json-type: `staticPolicies` is an object, and this is an integer\n"},
      {R"({"staticPolicies": [[]]})",
       "unexpected-json-type: a policy is a string of Cedar text or an object, and this is an "
       "array\n"},
      {R"({"staticPolicies": "permit(principal == ?principal, action, resource);"})",
       "invalid-slot: a static policy has no slots\n"},
      {R"({"templates": "x"})",
       "unexpected-json-type: `templates` is an object, and this is a string\n"},
      {R"({"templateLinks": {}})",
       "unexpected-json-type: `templateLinks` is an array, and this is an object\n"},
      {R"({"templateLinks": [{"templateId": "t", "newId": "n", "values": []}]})",
       "unexpected-json-type: `values` is an object, and this is an array\n"},
      {R"({"templateLinks": [{"templateId": "t", "newId": "n", "values": {"?principal": "u"}}]})",
       "invalid-uid: this is not an entity: it has no quoted id\n"},
      {"{",
       "invalid-json: this is not valid JSON: unexpected end of input; expected string "
       "literal\n"},
  };
  for (const auto& c : cases) {
    TestSet policies;
    EXPECT_FALSE(policies.AddJson(c.text)) << c.text;
    EXPECT_EQ(ErrorsOf(policies.diagnostics), c.errors);
  }
}

TEST(AddCedar, KeepsWhatHadNoErrors) {
  TestSet policies;
  EXPECT_FALSE(policies.AddCedar(kPermit + "permit(x);" + kTemplate));
  ASSERT_EQ(policies.set.syntax().ast.policies.size(), 2U);
  EXPECT_TRUE(policies.set.syntax().ast.policies[1].is_template());
}

TEST(AddCedar, NothingFollowsTheIdOfAnEntity) {
  TestSet policies;
  EXPECT_FALSE(
      policies.AddCedar("permit(principal == A::\"x\"::B, action, resource);"
                        "permit(principal == A::\"x\"::\"y\", action, resource);"));
  EXPECT_EQ(ErrorsOf(policies.diagnostics),
            "invalid-uid: nothing can follow an entity's id\n"
            "invalid-uid: this entity already has an id\n");
}

TEST(AddCedar, CommentsAreKeptInOrder) {
  TestSet policies;
  ASSERT_TRUE(
      policies.AddCedar("// one\r\npermit(principal, // two\n action, resource) // three // "
                        "not a fourth\n when { \"// no\" == \"\\\"// no\" };//five"));
  ASSERT_TRUE(policies.AddCedar("// of another source\n"));
  std::string comments;
  for (const Span& span : policies.set.syntax().ast.comments) {
    comments += std::string(policies.sources.Slice(span)) + "|";
  }
  EXPECT_EQ(comments, "// one|// two|// three // not a fourth|//five|// of another source|");
}

TEST(PolicySet, CanBeMoved) {
  TestSet policies;
  ASSERT_TRUE(policies.AddCedar(kPermit));
  PolicySet moved = std::move(policies.set);
  EXPECT_EQ(moved.Compile().value().policy_count(), 1U);
  PolicySet assigned;
  assigned = std::move(moved);
  EXPECT_EQ(assigned.Compile().value().policy_count(), 1U);
  // NOLINTBEGIN(bugprone-use-after-move): what is left refuses everything.
  EXPECT_FALSE(policies.AddCedar(kPermit));
  EXPECT_FALSE(policies.AddPolicy("a", kPermit));
  EXPECT_FALSE(policies.AddJson("{}"));
  EXPECT_FALSE(policies.set.AddPolicyJson("a", policies.sources, 0, &policies.diagnostics));
  EXPECT_FALSE(policies.set.Link("a", "b", {}, {}, &policies.diagnostics));
  EXPECT_TRUE(policies.diagnostics.out_of_memory());
  EXPECT_TRUE(policies.set.syntax().ast.policies.empty());
  EXPECT_EQ(policies.set.Compile().error().code, ErrorCode::kOutOfMemory);
  EXPECT_EQ(policies.set.ToJson().error().code, ErrorCode::kOutOfMemory);
  EXPECT_EQ(policies.set.ToCedar().error().code, ErrorCode::kOutOfMemory);
  // NOLINTEND(bugprone-use-after-move)
}

}  // namespace
}  // namespace assay
