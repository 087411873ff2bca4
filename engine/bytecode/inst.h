// The shape of bytecode: fixed-width instructions, and what opcodes.def says of each.
#pragma once

#include <cstdint>
#include <string_view>
#include <type_traits>

namespace assay::bc {

enum class Op : std::uint8_t {
#define OP(Name, mnemonic, Format, Flags, Cost, meaning) Name,
#include "engine/bytecode/opcodes.def"
};

// Which operands an instruction has; unused ones must be zero.
enum class Format : std::uint8_t {
  kNone,
  kReg,          // a: register
  kRegReg,       // a, c: registers
  kRegConstant,  // a: register, c: constant
  kRegVariable,  // a: register, c: variable
  kRegName,      // a: register, c: name
  kRegType,      // a: register, c: entity type
  kRegPattern,   // a: register, c: pattern
  kRegCount,     // a: register, c: number of elements
  kRegFunction,  // a: first of x registers, c: function
  kRegTarget,    // a: register, c: how many instructions further on, in the same body
  kTarget,       // c: how many instructions further on, in the same body
};

enum Flag : std::uint8_t {
  kReads = 1,   // reads R[a], and R[c] where c is a register
  kWrites = 2,  // writes R[a]
  kJumps = 4,
  kEnds = 8,     // control does not go on to the next instruction
  kBuilds = 16,  // R[a] is, or becomes, a set or record under construction
};

enum class Cost : std::uint8_t { kConstant, kLogarithmic, kLinear, kSorting };

struct OpInfo {
  std::string_view mnemonic;
  Format format;
  std::uint8_t flags;
  Cost cost;
  std::string_view meaning;
};

inline constexpr OpInfo kOps[] = {
#define OP(Name, mnemonic, Format_, Flags, Cost_, meaning) \
  {mnemonic, Format::Format_, Flags, Cost::Cost_, meaning},
#include "engine/bytecode/opcodes.def"
};
inline constexpr std::size_t kOpCount = sizeof(kOps) / sizeof(kOps[0]);

constexpr const OpInfo& Info(Op op) { return kOps[static_cast<std::size_t>(op)]; }

// The variables of a request, as operands number them.
enum class Variable : std::uint8_t { kPrincipal, kAction, kResource, kContext };
inline constexpr std::uint32_t kVariableCount = 4;

struct Inst {
  Op op = Op::kFail;
  std::uint8_t x = 0;
  std::uint16_t a = 0;
  std::uint32_t c = 0;
  friend bool operator==(const Inst&, const Inst&) = default;
};
static_assert(sizeof(Inst) == 8 && std::is_trivially_copyable_v<Inst>);

}  // namespace assay::bc
