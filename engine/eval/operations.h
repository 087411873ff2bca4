// What single instructions do that needs more than a line. Each returns false after it has put an
// error into the machine; the caller adds where.
#pragma once

#include "engine/bytecode/inst.h"
#include "engine/eval/machine.h"

namespace assay::rt {

bool FailType(Machine& m, Expected expected, const Cell& found) noexcept;
bool Fail(Machine& m, EvalErrorKind kind, const Cell& first = {}, const Cell& second = {}) noexcept;

bool IsInAny(const SnapshotData& snapshot, std::uint32_t uid, const SetRep& targets) noexcept;

// Binary: left = left op right.
bool Arithmetic(Machine& m, bc::Op op, Cell& left, const Cell& right) noexcept;
bool Negate(Machine& m, Cell& operand) noexcept;
bool Order(Machine& m, bc::Op op, Cell& left, const Cell& right) noexcept;
bool In(Machine& m, Cell& left, const Cell& right) noexcept;
bool Is(Machine& m, Cell& operand, std::uint32_t type) noexcept;
bool SetOperation(Machine& m, bc::Op op, Cell& left, const Cell& right) noexcept;
bool IsEmpty(Machine& m, Cell& operand) noexcept;
bool Tag(Machine& m, bc::Op op, Cell& left, const Cell& right) noexcept;
bool GetAttribute(Machine& m, Cell& operand, std::uint32_t name) noexcept;
bool HasAttribute(Machine& m, Cell& operand, std::uint32_t name) noexcept;
bool Like(Machine& m, Cell& operand, std::string_view pattern) noexcept;

// Sets and records under construction.
bool NewSet(Machine& m, Cell& target, std::uint32_t room) noexcept;
void SetPut(Cell& target, const Cell& element) noexcept;
void SetEnd(Cell& target) noexcept;
bool NewRecord(Machine& m, Cell& target, std::uint32_t room) noexcept;
void RecordPut(Cell& target, std::uint32_t name, const Cell& value) noexcept;
void RecordEnd(Cell& target) noexcept;

bool Call(Machine& m, std::uint32_t function, Cell* arguments, std::uint32_t count) noexcept;

}  // namespace assay::rt
