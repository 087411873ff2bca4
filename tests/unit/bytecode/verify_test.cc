// One broken program for every rule of the verifier, each a small change of one that passes.
#include "engine/bytecode/verify.h"

#include <gtest/gtest.h>

#include <functional>

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
  put(Op::kScopeEqual, 0, 0, 0);      // 0
  put(Op::kScopeInAny, 0, 1, 1);      // 1
  put(Op::kScopeIs, 0, 0, 2);         // 2
  put(Op::kScopeEqualSlot, 0, 0, 0);  // 3
  put(Op::kLoadConstant, 0, 2);       // 4
  put(Op::kMove, 1, 0);               // 5
  put(Op::kNewSet, 0, 1);             // 6
  put(Op::kSetPut, 0);                // 7
  put(Op::kSetEnd, 0);                // 8
  put(Op::kLoadVariable, 0, 3);       // 9
  put(Op::kHasAttribute, 0, 0);       // 10
  put(Op::kJumpIfFalse, 0, 14);       // 11
  put(Op::kLoadConstant, 0, 2);       // 12
  put(Op::kJump, 0, 15);              // 13
  put(Op::kLoadConstant, 0, 2);       // 14
  put(Op::kNewRecord, 0, 1);          // 15
  put(Op::kRecordPut, 0, 0);          // 16
  put(Op::kRecordEnd, 0);             // 17
  put(Op::kLike, 0, 0);               // 18
  put(Op::kCall, 0, 0, 1);            // 19
  put(Op::kRequire, 0);               // 20
  put(Op::kSatisfied);                // 21
  put(Op::kLoadConstant, 0, 2);       // 22
  put(Op::kReturn, 0);                // 23
  p.bodies = {{.begin = 0, .end = 22, .registers = 2, .has_principal_slot = true},
              {.begin = 22, .end = 24, .registers = 1, .is_expression = true}};
  p.policies = {{"p", false, 0, EntityUid{"User", "u"}, std::nullopt}};
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
      // bodies and policies
      {"places do not match the code", [](auto& p) { p.places.resize(3); }},
      {"type that is not a path", [](auto& p) { p.types[0] = "a b"; }},
      {"bodies do not lie one after another in the code", [](auto& p) { p.bodies[1].begin = 21; }},
      {"bodies do not lie one after another in the code", [](auto& p) { p.bodies[0].end = 0; }},
      {"bodies do not lie one after another in the code", [](auto& p) { p.bodies[1].end = 99; }},
      {"code outside of every body", [](auto& p) { p.bodies.pop_back(); }},
      {"too many registers", [](auto& p) { p.bodies[0].registers = kMaxRegisters + 1; }},
      {"policy without a body", [](auto& p) { p.policies[0].body = 2; }},
      {"policy whose body is an expression", [](auto& p) { p.policies[0].body = 1; }},
      {"policy whose slots are not those of its body",
       [](auto& p) { p.policies[0].principal_slot.reset(); }},
      {"policy whose slots are not those of its body",
       [](auto& p) {
         p.policies[0].resource_slot = EntityUid{"User", "u"};
       }},
      // operands
      Replace("no such opcode", 4, {static_cast<Op>(kOpCount), 0, 0, 0}),
      Replace("register out of range", 4, {Op::kLoadConstant, 0, 2, 2}),
      Replace("register out of range", 21, {Op::kSatisfied, 0, 1, 0}),
      Replace("register out of range", 5, {Op::kMove, 0, 1, 2}),
      Replace("register out of range", 19, {Op::kCall, 3, 0, 0}),
      Replace("unused operand is not zero", 4, {Op::kLoadConstant, 1, 0, 2}),
      Replace("unused operand is not zero", 20, {Op::kRequire, 0, 0, 1}),
      Replace("unused operand is not zero", 3, {Op::kScopeEqualSlot, 0, 0, 1}),
      Replace("constant out of range", 4, {Op::kLoadConstant, 0, 0, 4}),
      Replace("constant out of range", 0, {Op::kScopeEqual, 0, 0, 4}),
      Replace("constant is not an entity", 0, {Op::kScopeEqual, 0, 0, 2}),
      Replace("constant is not a set", 1, {Op::kScopeInAny, 1, 0, 0}),
      Replace("constant is not a set of entities", 1, {Op::kScopeInAny, 1, 0, 3}),
      Replace("variable out of range", 9, {Op::kLoadVariable, 0, 0, 4}),
      Replace("variable out of range", 0, {Op::kScopeEqual, 3, 0, 0}),
      Replace("name out of range", 10, {Op::kHasAttribute, 0, 0, 1}),
      Replace("type out of range", 2, {Op::kScopeIs, 2, 0, 1}),
      Replace("type out of range", 10, {Op::kIs, 0, 0, 1}),
      Replace("pattern out of range", 18, {Op::kLike, 0, 0, 1}),
      Replace("function out of range", 19, {Op::kCall, 1, 0, 1000}),
      Replace("slot is not declared", 3, {Op::kScopeEqualSlot, 2, 0, 0}),
      Replace("slot is not declared", 3, {Op::kScopeInSlot, 1, 0, 0}),
      // control
      Replace("jump is not forward in its body", 11, {Op::kJumpIfFalse, 0, 0, 11}),
      Replace("jump is not forward in its body", 11, {Op::kJumpIfFalse, 0, 0, 3}),
      Replace("jump is not forward in its body", 13, {Op::kJump, 0, 0, 22}),
      Replace("unreachable", 11, {Op::kCheckBool, 0, 0, 0}),
      Replace("control runs off the end", 21, {Op::kCheckBool, 0, 0, 0}),
      Replace("an expression must return", 23, {Op::kSatisfied, 0, 0, 0}),
      Replace("a policy cannot return", 21, {Op::kReturn, 0, 0, 0}),
      // registers
      Replace("register read before it is written", 4, {Op::kCheckBool, 0, 0, 0}),
      Replace("register read before it is written", 4, {Op::kMove, 0, 0, 1}),
      Replace("register read before it is written", 5, {Op::kLoadConstant, 0, 0, 2}),
      Replace("register read before it is written", 17, {Op::kCheckBool, 0, 0, 0}),
      Replace("register is not under construction", 6, {Op::kLoadConstant, 0, 0, 2}),
      Replace("register is not under construction", 7, {Op::kRecordPut, 0, 0, 0}),
      Replace("register is not under construction", 8, {Op::kRecordEnd, 0, 0, 0}),
      Replace("count exceeds the code", 6, {Op::kNewSet, 0, 0, 1000}),
      Replace("more elements than announced", 6, {Op::kNewSet, 0, 0, 0}),
      {"register out of range",
       [](auto& p) {
         p.code[6] = {Op::kNewSet, 0, 1, 1};
         p.code[7] = {Op::kSetPut, 0, 1, 0};
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
  parts.code[5] = {Op::kLoadConstant, 0, 0, 2};  // r1 is not written before the jump …
  parts.code[6] = {Op::kCheckBool, 0, 0, 0};
  parts.code[7] = {Op::kCheckBool, 0, 0, 0};
  parts.code[8] = {Op::kCheckBool, 0, 0, 0};
  parts.code[12] = {Op::kMove, 0, 1, 0};  // … but on one of two paths …
  const auto broken = Verify(parts);      // … and record.put reads it.
  ASSERT_TRUE(broken.has_value());
  EXPECT_NE(broken->find("instruction 16: register read before it is written"), std::string::npos)
      << *broken;
  parts.code[14] = {Op::kLoadConstant, 0, 1, 2};  // now on both
  EXPECT_EQ(Verify(parts), std::nullopt);
}

// Two jumps to one place, of which only one has written r1.
TEST(Verify, MergesJumpsToOnePlace) {
  ProgramParts parts = Valid();
  parts.code[5] = {Op::kJumpIfTrue, 0, 0, 15};
  parts.code[6] = {Op::kLoadConstant, 0, 1, 2};
  parts.code[7] = {Op::kCheckBool, 0, 0, 0};
  parts.code[8] = {Op::kCheckBool, 0, 0, 0};
  const auto broken = Verify(parts);
  ASSERT_TRUE(broken.has_value());
  EXPECT_NE(broken->find("instruction 16: register read before it is written"), std::string::npos)
      << *broken;
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
