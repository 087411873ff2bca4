// The inside of a Snapshot: numbers for all names, and tables indexed by them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "assay/evaluator.h"
#include "assay/snapshot.h"
#include "engine/base/arena.h"
#include "engine/bytecode/program_parts.h"
#include "engine/value/cell.h"
#include "engine/value/symbols.h"

namespace assay::rt {

// A scope constraint in the snapshot's numbers, with the slot's entity in its place.
struct Demand {
  bc::Constraint::Kind kind = bc::Constraint::Kind::kAny;
  std::uint32_t type = kNoSymbol;
  std::uint32_t uid = kNoSymbol;
  const SetRep* any_of = nullptr;  // kInAnyOf
};

// What the evaluator needs of one policy.
struct PolicyRow {
  std::uint32_t begin = 0;  // of its body
  bool is_forbid = false;
  Demand scope[3];  // principal, action, resource
};

// One for each known uid, whether or not the store has the entity.
struct EntityRow {
  const RecordRep* attributes = nullptr;  // nullptr: no such entity
  const RecordRep* tags = nullptr;
  std::uint32_t type = 0;
  std::uint32_t ancestors_begin = 0, ancestors_end = 0;  // into SnapshotData::ancestors
};

// INVARIANT: never changed after Snapshot::Create. Numbers are this snapshot's own; the serial,
// unique in the process, tells whose they are.
struct SnapshotData {
  std::uint64_t serial = 0;
  Program program;    // owns the texts that symbols view
  Entities entities;  // likewise
  Arena arena;        // owns sets and records

  SymbolTable types;
  SymbolTable uids;  // qualified by type
  SymbolTable names;

  std::vector<Cell> constants;         // by the program's numbers
  std::vector<std::uint32_t> name_of;  // the program's number of a name to the snapshot's
  std::vector<std::uint32_t> type_of;  // likewise of an entity type
  std::vector<PolicyRow> policies;
  std::vector<EntityRow> rows;           // by uid
  std::vector<std::uint32_t> ancestors;  // of each entity a sorted run of uids
  std::uint32_t max_registers = 0;
};

// A request in a snapshot's numbers. Names the snapshot does not know get numbers after its own.
struct BindingData {
  std::uint64_t serial = 0;  // of the snapshot; 0: nothing bound
  Cell variables[bc::kVariableCount];
  Arena arena;
  SymbolTable types, uids, names;  // local: number minus the snapshot's count
};

// Private parts of the public classes, for the evaluator.
struct Access {
  static const SnapshotData& Data(const Snapshot& snapshot) { return *snapshot.data_; }
  static Snapshot Make(std::shared_ptr<const SnapshotData> data) {
    return Snapshot(std::move(data));
  }
  static BindingData* Data(BoundRequest& request) { return request.data_.get(); }
  static const BindingData* Data(const BoundRequest& request) { return request.data_.get(); }
  static auto* Data(Scratch& scratch) { return scratch.data_.get(); }
  struct DecisionParts;  // in authorizer.cc
};

// The type of an entity of the snapshot or of the request.
inline std::uint32_t TypeOf(const SnapshotData& snapshot, const BindingData& binding,
                            std::uint32_t uid) {
  const std::uint32_t known = snapshot.uids.size();
  return uid < known ? snapshot.rows[uid].type : binding.uids.qualifier(uid - known);
}

std::string_view TypeText(const SnapshotData& snapshot, const BindingData& binding,
                          std::uint32_t type);
std::string_view NameText(const SnapshotData& snapshot, const BindingData& binding,
                          std::uint32_t name);
EntityUid UidOf(const SnapshotData& snapshot, const BindingData& binding, std::uint32_t uid);
// The cell as a value of its own.
Value ToValue(const SnapshotData& snapshot, const BindingData& binding, const Cell& cell);

}  // namespace assay::rt
