// What the first condition of a body asks, read off its code.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "engine/bytecode/inst.h"
#include "engine/value/cell.h"

namespace assay::rt {

// Forms that are known, with e = a variable and any number of attributes:
//   e == c, c == e   for a bool, long, string, entity, decimal, datetime or duration c
//   e, !e            e must be a bool
//   e < c and so on, c < e and so on, for a long, datetime or duration c, and a second such
//                    condition on the same e right after the first
// each also as `f has a && f.a …`. All that follows in the body is evaluated only if the first
// condition holds, so a policy whose first condition is false has no error either.
struct LeadingTest {
  std::uint8_t variable = 0;
  std::span<const bc::Inst> path;  // the instructions that get the attributes; c is the name
  bool is_guarded = false;
  bool is_range = false;
  Kind required = Kind::kUndefined;
  Cell value;                      // to be equal to
  std::int64_t low = 0, high = 0;  // is_range
};

// `code` is a verified body whose constants are `constants`.
std::optional<LeadingTest> FindLeadingTest(std::span<const bc::Inst> code, const Cell* constants);

}  // namespace assay::rt
