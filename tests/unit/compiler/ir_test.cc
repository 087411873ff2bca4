// What holds for every module and every program that the compiler makes.
#include "compiler/ir/ir.h"

#include <algorithm>

#include "compiler/cedar/lower.h"
#include "compiler/passes/fold.h"
#include "engine/bytecode/program_parts.h"
#include "stdlib/functions.h"
#include "tests/unit/compiler/compiled.h"

namespace assay {
namespace {

using testing::TestSet;

// Uses every kind of node, folded or not.
constexpr const char* kPolicies = R"(
permit(principal == User::"u", action in [Action::"a", Action::"b"], resource is Doc in Folder::"f");
forbid(principal, action == Action::"a", resource) when { {b: context.n, a: [1, context.n], c: 2}.a == [1] };
permit(principal, action, resource) when { if context.yes then !context.no else -context.n < 1 + 2 - 3 * 4 };
permit(principal, action, resource) unless { context has a.b.c && principal in resource || context.n <= 1 };
permit(principal, action, resource) when { principal is User in Group::"g" && resource is Doc };
permit(principal, action, resource) when { [1, 2].containsAll([2]) && [1].containsAny([context.n]) };
permit(principal, action, resource) when { context.s like "a*\*b" && [].isEmpty() && [ip("1.1.1.1")].contains(1) };
permit(principal, action, resource) when { principal.hasTag("t") && principal.getTag("t") == {y: [], x: {}} };
permit(principal, action, resource) when { ip(context.ip).isInRange(ip("10.0.0.0/8")) };
permit(principal, action, resource) when { decimal("1.0").lessThan(decimal("x")) };
@id("t") permit(principal in ?principal, action, resource == ?resource);
)";

ir::Module Lowered() {
  TestSet policies;
  EXPECT_TRUE(policies.AddCedar(kPolicies));
  EXPECT_TRUE(
      policies.set.Link("t", "l", EntityUid{"U", "u"}, EntityUid{"D", "d"}, &policies.diagnostics));
  return cedar::Lower(policies.set.syntax());
}

// The number of entries of the table that a node's `data` names.
std::size_t TableSize(const ir::Module& module, ir::Data data) {
  switch (data) {
    case ir::Data::kConstant: return module.constants.size();
    case ir::Data::kVariable: return 4;
    case ir::Data::kName: return module.names.size();
    case ir::Data::kType: return module.types.size();
    case ir::Data::kPattern: return module.patterns.size();
    case ir::Data::kFunction: return stdlib::Functions().size();
    default: return 1;  // `data` is 0
  }
}

void Check(const ir::Module& module) {
  for (std::uint32_t i = 0; i < module.nodes.size(); ++i) {
    const ir::Node& node = module.nodes[i];
    for (const ir::NodeId operand : module.operands(node)) {
      EXPECT_LT(static_cast<std::uint32_t>(operand), i) << "operands come first";
    }
    EXPECT_LT(node.data, TableSize(module, Info(node.kind).data));
    const auto names = module.node_names(node);
    EXPECT_EQ(names.empty() || Info(node.kind).data == ir::Data::kNames, true);
    EXPECT_LT(node.span.begin, node.span.end) << "every node has a place";
    if (node.kind != ir::NodeKind::kRecord) continue;
    EXPECT_EQ(names.size(), module.operands(node).size());
    EXPECT_TRUE(std::is_sorted(names.begin(), names.end(), [&](auto a, auto b) {
      return module.names[a] < module.names[b];
    })) << "members are evaluated in the order of their keys";
  }
}

TEST(Ir, OperandsComeFirstAndIndicesAreInRange) {
  ir::Module module = Lowered();
  Check(module);
  passes::Fold(&module);
  Check(module);
}

TEST(Ir, NamesAndConstantsAreStoredOnce) {
  ir::Module module = Lowered();
  passes::Fold(&module);
  for (std::vector<std::string>* all : {&module.names, &module.types, &module.patterns}) {
    std::sort(all->begin(), all->end());
    EXPECT_EQ(std::adjacent_find(all->begin(), all->end()), all->end());
  }
  std::sort(module.constants.begin(), module.constants.end());
  EXPECT_EQ(std::adjacent_find(module.constants.begin(), module.constants.end()),
            module.constants.end());
}

TEST(Ir, FoldingIsDoneAtOnce) {
  ir::Module module = Lowered();
  passes::Fold(&module);
  const std::string once = ir::Dump(module);
  passes::Fold(&module);
  EXPECT_EQ(ir::Dump(module), once);
}

TEST(Ir, FoldingKeepsWhatWouldFail) {
  ir::Module module = Lowered();
  const auto calls = [&] {
    return std::count_if(module.nodes.begin(), module.nodes.end(),
                         [](const ir::Node& n) { return n.kind == ir::NodeKind::kCall; });
  };
  EXPECT_EQ(calls(), 7);
  passes::Fold(&module);
  EXPECT_EQ(calls(), 4);  // ip(context.ip), isInRange, decimal("x"), lessThan
}

TEST(Ir, ThePatternIsPrintedAsItIsWritten) {
  EXPECT_NE(ir::Dump(Lowered()).find("like \"a*\\*b\""), std::string::npos);
}

TEST(Program, EveryInstructionHasAPlaceAndEveryConstantAUse) {
  TestSet policies;
  ASSERT_TRUE(policies.AddCedar(kPolicies));
  const Program program = policies.set.Compile().value();
  const bc::ProgramParts& parts = program.parts();
  std::vector<bool> used(parts.constants.size());
  for (const bc::Inst& inst : parts.code) {
    if (bc::Info(inst.op).format == bc::Format::kRegConstant) used[inst.c] = true;
  }
  for (const bc::Rule& rule : parts.rules) {
    const bc::Body& body = parts.bodies[rule.body];
    ASSERT_EQ(rule.places.size(), body.end - body.begin);
    for (const Span& place : rule.places) EXPECT_LT(place.begin, place.end);
    for (const bc::Constraint* constraint : {&rule.principal, &rule.action, &rule.resource}) {
      const bool has_constant = constraint->kind != bc::Constraint::Kind::kAny &&
                                constraint->kind != bc::Constraint::Kind::kIs;
      if (has_constant && !constraint->has_slot) used[constraint->constant] = true;
    }
  }
  EXPECT_EQ(std::count(used.begin(), used.end(), false), 0);
}

TEST(Program, IsTheSameForTheSameText) {
  TestSet a, b;
  ASSERT_TRUE(a.AddCedar(kPolicies));
  ASSERT_TRUE(b.AddCedar(kPolicies));
  EXPECT_EQ(a.set.Compile().value().Disassemble(), b.set.Compile().value().Disassemble());
}

}  // namespace
}  // namespace assay
