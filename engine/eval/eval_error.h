// A failed evaluation as data; its text is made when somebody asks.
#pragma once

#include <cstdint>
#include <string>

#include "engine/value/cell.h"
#include "engine/value/expected.h"

namespace assay::rt {

struct SnapshotData;
struct BindingData;
struct BodyRow;

enum class EvalErrorKind : std::uint8_t {
#define EVAL_ERROR(Name, text) Name,
#include "engine/eval/eval_errors.def"
};

struct EvalError {
  EvalErrorKind kind{};
  Expected expected{};  // kType
  std::uint32_t policy = 0;
  std::uint32_t pc = 0;  // of the instruction that failed, in the policy's body
  Cell operands[2];      // what it worked on; kType: the value that was found
};

// The reference's text, for example "type error: expected long, got string". `body` is the code
// that failed.
std::string ErrorText(const SnapshotData& snapshot, const BindingData& binding, const BodyRow& body,
                      const EvalError& error);

}  // namespace assay::rt
