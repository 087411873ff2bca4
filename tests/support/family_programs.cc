// The policies of the families as bytecode, and as text.
#include <cstdlib>
#include <iostream>
#include <unordered_map>

#include "assay/compile.h"
#include "tests/support/families.h"
#include "tests/support/family_policies.h"

namespace assay::testing {

namespace {

using bc::Op;

constexpr const char* kTemplateId = "template";

std::string PolicyId(std::size_t i) { return "policy" + std::to_string(i); }

class PartsMaker {
 public:
  void Add(std::size_t i, FamilyPolicy policy) {
    if (policy.is_link) {
      if (parts_.rules.empty()) AddTemplate(policy);
      parts_.policies.push_back(
          {PolicyId(i), 0, std::move(policy.principal.uid), std::move(policy.resource.uid)});
      return;
    }
    parts_.policies.push_back({PolicyId(i), AddRule(policy, false), {}, {}});
  }

  bc::ProgramParts Take() { return std::move(parts_); }

 private:
  void AddTemplate(const FamilyPolicy& policy) {
    parts_.templates.push_back({kTemplateId, AddRule(policy, true)});
  }

  std::uint32_t AddRule(const FamilyPolicy& policy, bool has_slots) {
    bc::Rule rule;
    rule.is_forbid = policy.is_forbid;
    rule.principal = Constrain(policy.principal, has_slots);
    rule.action = Constrain(policy.action, false);
    rule.resource = Constrain(policy.resource, has_slots);
    rule.body = Body(policy);
    parts_.rules.push_back(std::move(rule));
    return static_cast<std::uint32_t>(parts_.rules.size()) - 1;
  }

  std::uint32_t Constant(Value value) {
    parts_.constants.push_back(std::move(value));
    return static_cast<std::uint32_t>(parts_.constants.size()) - 1;
  }

  static std::uint32_t Number(const std::string& text, std::vector<std::string>* all,
                              std::unordered_map<std::string, std::uint32_t>* numbers) {
    const auto [at, is_new] = numbers->try_emplace(text, all->size());
    if (is_new) all->push_back(text);
    return at->second;
  }

  bc::Constraint Constrain(const FamilyScope& scope, bool has_slot) {
    using Kind = bc::Constraint::Kind;
    bc::Constraint out{.kind = scope.kind, .has_slot = has_slot};
    if (scope.kind == Kind::kIs || scope.kind == Kind::kIsIn) {
      out.type = Number(scope.type, &parts_.types, &types_);
    }
    const bool has_uid = scope.kind != Kind::kAny && scope.kind != Kind::kIs;
    if (has_uid && !has_slot) out.constant = Constant(scope.uid);
    return out;
  }

  // Equal bodies are one, as the compiler has it.
  std::uint32_t Body(const FamilyPolicy& policy) {
    const auto begin = static_cast<std::uint32_t>(parts_.code.size());
    for (const FamilyTest& test : policy.tests) PutTest(test, policy.is_unless);
    parts_.code.push_back({Op::kSatisfied, 0, 0, 0});
    const auto end = static_cast<std::uint32_t>(parts_.code.size());
    std::string code(reinterpret_cast<const char*>(&parts_.code[begin]),
                     (end - begin) * sizeof(bc::Inst));
    const auto [at, is_new] = bodies_.try_emplace(std::move(code), parts_.bodies.size());
    if (is_new) {
      parts_.bodies.push_back({begin, end, registers_, false});
    } else {
      parts_.code.resize(begin);
    }
    registers_ = 0;
    return at->second;
  }

  void PutTest(const FamilyTest& test, bool is_unless) {
    using Kind = FamilyTest::Kind;
    Put(Op::kLoadVariable, 0, static_cast<std::uint32_t>(test.variable));
    Put(Op::kGetAttribute, 0, Number(test.attribute, &parts_.names, &names_));
    if (test.kind != Kind::kHolds) {
      Put(Op::kLoadConstant, 1, Constant(test.value));
      Put(test.kind == Kind::kEqual ? Op::kEqual : Op::kLess, 0, 1);
      if (test.kind == Kind::kAtLeast) Put(Op::kNot, 0, 0);
    }
    Put(is_unless ? Op::kRequireNot : Op::kRequire, 0, 0);
  }

  void Put(Op op, std::uint16_t reg, std::uint32_t operand) {
    parts_.code.push_back({op, 0, reg, operand});
    registers_ = std::max<std::uint32_t>(registers_, reg + std::uint32_t{1});
  }

  bc::ProgramParts parts_;
  std::unordered_map<std::string, std::uint32_t> types_, names_, bodies_;
  std::uint32_t registers_ = 0;
};

std::string ScopeText(const char* variable, const FamilyScope& scope) {
  using Kind = bc::Constraint::Kind;
  const std::string name = variable;
  switch (scope.kind) {
    case Kind::kEqual: return name + " == " + scope.uid.ToCedar();
    case Kind::kIn: return name + " in " + scope.uid.ToCedar();
    case Kind::kIs: return name + " is " + scope.type;
    case Kind::kIsIn: return name + " is " + scope.type + " in " + scope.uid.ToCedar();
    default: return name;
  }
}

std::string TestText(const FamilyTest& test) {
  constexpr const char* kVariables[] = {"principal", "action", "resource", "context"};
  const std::string subject =
      std::string(kVariables[static_cast<std::size_t>(test.variable)]) + "." + test.attribute;
  switch (test.kind) {
    case FamilyTest::Kind::kHolds: return subject;
    case FamilyTest::Kind::kEqual: return subject + " == " + test.value.ToCedar();
    case FamilyTest::Kind::kAtLeast: return subject + " >= " + test.value.ToCedar();
    case FamilyTest::Kind::kLess: return subject + " < " + test.value.ToCedar();
  }
  return subject;
}

std::string PolicyText(const FamilyPolicy& policy) {
  std::string text = std::string(policy.is_forbid ? "forbid(" : "permit(") +
                     ScopeText("principal", policy.principal) + ", " +
                     ScopeText("action", policy.action) + ", " +
                     ScopeText("resource", policy.resource) + ")";
  for (std::size_t i = 0; i < policy.tests.size(); ++i) {
    text += i > 0 ? " && " : policy.is_unless ? " unless { " : " when { ";
    text += TestText(policy.tests[i]);
  }
  return text + (policy.tests.empty() ? ";" : " };");
}

}  // namespace

Program MakeFamilyProgram(FamilyKind kind, std::size_t policies, std::size_t first) {
  PartsMaker maker;
  for (std::size_t i = first; i < policies; ++i) maker.Add(i, MakeFamilyPolicy(kind, policies, i));
  return Program::Load(maker.Take()).value();
}

Program CompileFamily(FamilyKind kind, std::size_t policies) {
  Sources sources;
  Diagnostics diagnostics;
  PolicySet set;
  const auto add = [&](const std::string& id, const std::string& text) {
    set.AddPolicy(id, sources, sources.Add(id, text), &diagnostics);
  };
  if (kind == FamilyKind::kLinks) {
    add(kTemplateId,
        "permit(principal == ?principal, action == Action::\"read\", resource == ?resource);");
  }
  for (std::size_t i = 0; i < policies; ++i) {
    const FamilyPolicy policy = MakeFamilyPolicy(kind, policies, i);
    if (policy.is_link) {
      set.Link(kTemplateId, PolicyId(i), policy.principal.uid, policy.resource.uid, &diagnostics);
    } else {
      add(PolicyId(i), PolicyText(policy));
    }
  }
  if (!diagnostics.empty()) {
    std::cerr << diagnostics.Render(sources);
    std::abort();
  }
  return set.Compile().value();
}

}  // namespace assay::testing
