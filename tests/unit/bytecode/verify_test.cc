// One broken program for every rule of the verifier, each a small change of one that passes.
#include "engine/bytecode/verify.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "assay/program.h"

namespace assay::bc {
namespace {

using Change = std::function<void(ProgramParts&)>;

// Uses every format; body 0 is a template's, body 1 an expression's.
ProgramParts Valid() {
  ProgramParts p;
  p.constants = {Value(EntityUid{"User", "u"}), Value(Value::Set{Value(EntityUid{"User", "u"})}),
                 Value(std::int64_t{1}), Value(Value::Set{Value(std::int64_t{1})})};
  p.names = {"a"};
  p.types = {"User"};
  p.patterns = {"x\xff"};
  const auto put = [&](Op op, int a = 0, std::uint32_t c = 0, int x = 0) {
    p.code.push_back({op, static_cast<std::uint8_t>(x), static_cast<std::uint16_t>(a), c});
  };
  put(Op::kLoadConstant, 0, 2);  // 0
  put(Op::kMove, 1, 0);          // 1
  put(Op::kNewSet, 0, 1);        // 2
  put(Op::kSetPut, 0);           // 3
  put(Op::kSetEnd, 0);           // 4
  put(Op::kLoadVariable, 0, 3);  // 5
  put(Op::kHasAttribute, 0, 0);  // 6
  put(Op::kJumpIfFalse, 0, 3);   // 7
  put(Op::kLoadConstant, 0, 2);  // 8
  put(Op::kJump, 0, 2);          // 9
  put(Op::kLoadConstant, 0, 2);  // 10
  put(Op::kNewRecord, 0, 1);     // 11
  put(Op::kRecordPut, 0, 0);     // 12
  put(Op::kRecordEnd, 0);        // 13
  put(Op::kLike, 0, 0);          // 14
  put(Op::kCall, 0, 0, 1);       // 15
  put(Op::kRequire, 0);          // 16
  put(Op::kSatisfied);           // 17
  put(Op::kLoadConstant, 0, 2);  // 18
  put(Op::kIs, 0, 0);            // 19
  put(Op::kReturn, 0);           // 20
  p.bodies = {{.begin = 0, .end = 18, .registers = 2},
              {.begin = 18, .end = 21, .registers = 1, .is_expression = true}};
  using Kind = Constraint::Kind;
  Rule rule;
  rule.principal = {.kind = Kind::kIsIn, .has_slot = true, .type = 0};
  rule.action = {.kind = Kind::kInAnyOf, .constant = 1};
  rule.resource = {.kind = Kind::kEqual, .constant = 0};
  p.rules = {rule};
  p.policies = {{"p", 0, EntityUid{"User", "u"}, std::nullopt}};
  p.templates = {{"t", 0}};
  return p;
}

TEST(Verify, AcceptsAProgramOfEveryFormat) {
  EXPECT_EQ(Verify(Valid()), std::nullopt);
  EXPECT_EQ(Verify(ProgramParts()), std::nullopt);
}

struct Case {
  const char* rule;
  Change change;
};

Case Replace(const char* rule, std::size_t pc, Inst inst) {
  return {rule, [=](ProgramParts& p) { p.code[pc] = inst; }};
}

std::vector<Case> Cases() {
  return {
      // bodies, rules and policies
      {"places do not match the code", [](auto& p) { p.rules[0].places.resize(3); }},
      {"type that is not a path", [](auto& p) { p.types[0] = "a b"; }},
      {"bodies do not lie one after another in the code", [](auto& p) { p.bodies[1].begin = 17; }},
      {"bodies do not lie one after another in the code", [](auto& p) { p.bodies[0].end = 0; }},
      {"bodies do not lie one after another in the code", [](auto& p) { p.bodies[1].end = 99; }},
      {"code outside of every body", [](auto& p) { p.bodies.pop_back(); }},
      {"too many registers", [](auto& p) { p.bodies[0].registers = kMaxRegisters + 1; }},
      {"no such body", [](auto& p) { p.rules[0].body = 2; }},
      {"the body is an expression", [](auto& p) { p.rules[0].body = 1; }},
      {"policy without a rule", [](auto& p) { p.policies[0].rule = 1; }},
      {"policy whose slots are not those of its rule",
       [](auto& p) { p.policies[0].principal_slot.reset(); }},
      {"policy whose slots are not those of its rule",
       [](auto& p) {
         p.policies[0].resource_slot = EntityUid{"User", "u"};
       }},
      {"slot with a type that is no path",
       [](auto& p) { p.policies[0].principal_slot->type = "a b"; }},
      {"policy whose id is taken", [](auto& p) { p.policies.push_back(p.policies[0]); }},
      {"template whose id is taken", [](auto& p) { p.templates[0].id = "p"; }},
      {"template without a rule", [](auto& p) { p.templates[0].rule = 1; }},
      {"template without slots",
       [](auto& p) {
         p.policies.clear();
         p.rules[0].principal = {};
       }},
      // constraints
      {"no such constraint",
       [](auto& p) { p.rules[0].resource.kind = static_cast<Constraint::Kind>(6); }},
      {"constraint is not for actions", [](auto& p) { p.rules[0].action = p.rules[0].principal; }},
      {"constraint is not for actions",
       [](auto& p) { p.rules[0].action.kind = Constraint::Kind::kIs; }},
      {"constraint is for actions only", [](auto& p) { p.rules[0].resource = p.rules[0].action; }},
      {"type out of range", [](auto& p) { p.rules[0].principal.type = 1; }},
      {"type out of range", [](auto& p) { p.rules[0].resource.type = 1; }},
      {"slot without a use", [](auto& p) { p.rules[0].principal.kind = Constraint::Kind::kIs; }},
      {"unused operand is not zero", [](auto& p) { p.rules[0].principal.constant = 1; }},
      {"constant out of range", [](auto& p) { p.rules[0].resource.constant = 4; }},
      {"constant is not an entity", [](auto& p) { p.rules[0].resource.constant = 2; }},
      {"constant is not a set", [](auto& p) { p.rules[0].action.constant = 0; }},
      {"constant is not a set of entities", [](auto& p) { p.rules[0].action.constant = 3; }},
      {"too many registers", [](auto& p) { p.bodies[0].registers = 19; }},
      {"slot with a type that is no path",
       [](auto& p) { p.policies[0].principal_slot->type = ""; }},
      {"constant with a type that is not a path",
       [](auto& p) {
         p.constants.push_back(EntityUid{"", "x"});
       }},
      {"constant with a type that is not a path",
       [](auto& p) {
         p.constants.push_back(Record{{"a", Value(Value::Set{Value(EntityUid{"if", "x"})})}});
       }},
      // operands
      Replace("no such opcode", 0, {static_cast<Op>(kOpCount), 0, 0, 0}),
      Replace("zeroed memory is no code", 0, {Op::kFail, 0, 0, 0}),
      Replace("register out of range", 0, {Op::kLoadConstant, 0, 2, 2}),
      Replace("register out of range", 17, {Op::kSatisfied, 0, 1, 0}),
      Replace("register out of range", 1, {Op::kMove, 0, 1, 2}),
      Replace("register out of range", 15, {Op::kCall, 3, 0, 0}),
      Replace("unused operand is not zero", 0, {Op::kLoadConstant, 1, 0, 2}),
      Replace("unused operand is not zero", 16, {Op::kRequire, 0, 0, 1}),
      Replace("constant out of range", 0, {Op::kLoadConstant, 0, 0, 4}),
      Replace("variable out of range", 5, {Op::kLoadVariable, 0, 0, 4}),
      Replace("name out of range", 6, {Op::kHasAttribute, 0, 0, 1}),
      Replace("type out of range", 19, {Op::kIs, 0, 0, 1}),
      Replace("pattern out of range", 14, {Op::kLike, 0, 0, 1}),
      Replace("function out of range", 15, {Op::kCall, 1, 0, 1000}),
      // control
      Replace("jump is not forward in its body", 7, {Op::kJumpIfFalse, 0, 0, 0}),
      Replace("jump is not forward in its body", 7, {Op::kJumpIfFalse, 0, 0, 0xFFFFFFFF}),
      Replace("jump is not forward in its body", 9, {Op::kJump, 0, 0, 9}),
      Replace("unreachable", 7, {Op::kCheckBool, 0, 0, 0}),
      Replace("control runs off the end", 17, {Op::kLoadConstant, 0, 0, 2}),
      Replace("an expression must return", 20, {Op::kSatisfied, 0, 0, 0}),
      {"a policy cannot return",
       [](auto& p) {
         p.code[16] = {Op::kCheckBool, 0, 0, 0};
         p.code[17] = {Op::kReturn, 0, 0, 0};
       }},
      // registers
      Replace("register read before it is written", 0, {Op::kCheckBool, 0, 0, 0}),
      Replace("register read before it is written", 0, {Op::kMove, 0, 0, 1}),
      Replace("register read before it is written", 1, {Op::kLoadConstant, 0, 0, 2}),
      Replace("register read before it is written", 13, {Op::kCheckBool, 0, 0, 0}),
      Replace("register is not under construction", 2, {Op::kLoadConstant, 0, 0, 2}),
      Replace("register is not under construction", 3, {Op::kRecordPut, 0, 0, 0}),
      Replace("register is not under construction", 4, {Op::kRecordEnd, 0, 0, 0}),
      Replace("count exceeds the code", 2, {Op::kNewSet, 0, 0, 1000}),
      Replace("more elements than announced", 2, {Op::kNewSet, 0, 0, 0}),
      {"register out of range",
       [](auto& p) {
         p.code[2] = {Op::kNewSet, 0, 1, 1};
         p.code[3] = {Op::kSetPut, 0, 1, 0};
       }},
  };
}

TEST(Verify, RefusesEveryBrokenRule) {
  for (const Case& test : Cases()) {
    ProgramParts parts = Valid();
    test.change(parts);
    const auto broken = Verify(parts);
    ASSERT_TRUE(broken.has_value()) << test.rule;
    EXPECT_NE(broken->find(test.rule), std::string::npos)
        << "wanted: " << test.rule << "\ngot: " << *broken;
  }
}

// A register holds a value after a merge only if every path there wrote one.
TEST(Verify, MergesPathsThatMeet) {
  ProgramParts parts = Valid();
  parts.code[1] = {Op::kLoadConstant, 0, 0, 2};  // r1 is not written before the jump …
  parts.code[2] = {Op::kCheckBool, 0, 0, 0};
  parts.code[3] = {Op::kCheckBool, 0, 0, 0};
  parts.code[4] = {Op::kCheckBool, 0, 0, 0};
  parts.code[8] = {Op::kMove, 0, 1, 0};  // … but on one of two paths …
  const auto broken = Verify(parts);     // … and record.put reads it.
  ASSERT_TRUE(broken.has_value());
  EXPECT_NE(broken->find("instruction 12: register read before it is written"), std::string::npos)
      << *broken;
  parts.code[10] = {Op::kLoadConstant, 0, 1, 2};  // now on both
  EXPECT_EQ(Verify(parts), std::nullopt);
}

// Two jumps to one place, of which only one has written r1.
TEST(Verify, MergesJumpsToOnePlace) {
  ProgramParts parts = Valid();
  parts.code[1] = {Op::kJumpIfTrue, 0, 0, 10};
  parts.code[2] = {Op::kLoadConstant, 0, 1, 2};
  parts.code[3] = {Op::kCheckBool, 0, 0, 0};
  parts.code[4] = {Op::kCheckBool, 0, 0, 0};
  const auto broken = Verify(parts);
  ASSERT_TRUE(broken.has_value());
  EXPECT_NE(broken->find("instruction 12: register read before it is written"), std::string::npos)
      << *broken;
}

// Each jump that has not arrived keeps all registers: small code could ask for much memory.
TEST(Verify, LimitsWhatJumpsKeep) {
  const auto pending = [](std::uint32_t jumps) {
    ProgramParts parts;
    parts.constants = {Value(true)};
    parts.code.push_back({Op::kLoadConstant, 0, 0, 0});
    for (std::uint32_t i = 0; i < jumps; ++i) {
      parts.code.push_back({Op::kJumpIfFalse, 0, 0, jumps});
    }
    for (std::uint32_t i = 0; i < jumps; ++i) parts.code.push_back({Op::kCheckBool, 0, 0, 0});
    parts.code.push_back({Op::kReturn, 0, 0, 0});
    const auto end = static_cast<std::uint32_t>(parts.code.size());
    parts.bodies = {{.begin = 0, .end = end, .registers = kMaxRegisters, .is_expression = true}};
    return Verify(parts).value_or("");
  };
  EXPECT_EQ(pending(4096), "");
  EXPECT_EQ(pending(4097), "instruction 4097: too many jumps are pending");
}

// A trace may begin behind a requirement, where nothing that was before it has been run.
TEST(Verify, RequirementsShareNothing) {
  ProgramParts parts;
  parts.constants = {Value(true)};
  parts.code = {{Op::kNewSet, 0, 1, 1},       {Op::kLoadConstant, 0, 0, 0}, {Op::kRequire, 0, 0, 0},
                {Op::kLoadConstant, 0, 2, 0}, {Op::kSetPut, 0, 1, 0},       {Op::kSetEnd, 0, 1, 0},
                {Op::kReturn, 0, 1, 0}};
  parts.bodies = {{.begin = 0, .end = 7, .registers = 3, .is_expression = true}};
  EXPECT_EQ(Verify(parts), "instruction 4: register is not under construction");
  std::swap(parts.code[0], parts.code[2]);  // nothing is required of what is not there
  EXPECT_EQ(Verify(parts), "instruction 0: register read before it is written");
  std::swap(parts.code[0], parts.code[2]);
  std::rotate(parts.code.begin(), parts.code.begin() + 1, parts.code.begin() + 3);
  EXPECT_EQ(Verify(parts), std::nullopt);  // the set is begun behind the requirement
}

TEST(Program, LoadRefusesWhatTheVerifierRefuses) {
  ProgramParts parts = Valid();
  parts.code[0].op = static_cast<Op>(kOpCount);
  const Result<Program> program = Program::Load(std::move(parts));
  ASSERT_FALSE(program.ok());
  EXPECT_EQ(program.error().code, ErrorCode::kCorruptProgram);
  EXPECT_EQ(program.error().message, "instruction 0: no such opcode");
}

}  // namespace
}  // namespace assay::bc
