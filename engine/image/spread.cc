#include "engine/image/spread.h"

#include <algorithm>
#include <vector>

namespace assay::image {

namespace {

std::uint64_t CellsOfText(std::string_view text) { return text.size() / 16; }

// Recursion is bounded by the depth of the value.
std::uint64_t CellsOfValue(const Value& value) {
  std::uint64_t cells = 1;
  if (const auto* text = value.As<std::string>()) cells += CellsOfText(*text);
  if (const auto* uid = value.As<EntityUid>()) {
    cells += CellsOfText(uid->type) + CellsOfText(uid->id);
  }
  if (const auto* set = value.As<Value::Set>()) {
    for (const Value& element : *set) cells += CellsOfValue(element);
  }
  if (const auto* record = value.As<Record>()) {
    for (const auto& [name, member] : *record) cells += CellsOfText(name) + CellsOfValue(member);
  }
  return cells;
}

}  // namespace

std::uint64_t CellsOf(const bc::ProgramParts& parts) {
  std::vector<std::uint64_t> constants(parts.constants.size());
  std::transform(parts.constants.begin(), parts.constants.end(), constants.begin(), CellsOfValue);
  // Neither sum can overflow: 2^32 of either, each with less than 2^32 cells.
  std::uint64_t cells = 0;
  for (const bc::Inst& inst : parts.code) {
    if (static_cast<std::size_t>(inst.op) >= bc::kOpCount) continue;
    const bc::Format format = bc::Info(inst.op).format;
    if (format == bc::Format::kRegConstant && inst.c < constants.size()) cells += constants[inst.c];
    if (format == bc::Format::kRegPattern && inst.c < parts.patterns.size()) {
      cells += 1 + CellsOfText(parts.patterns[inst.c]);
    }
  }
  for (const bc::Rule& rule : parts.rules) {
    const bool has_set = rule.action.kind == bc::Constraint::Kind::kInAnyOf;
    if (has_set && rule.action.constant < constants.size())
      cells += constants[rule.action.constant];
  }
  return cells;
}

}  // namespace assay::image
