// The inside of a BoundRequest, and names of a snapshot and a request together.
#pragma once

#include <cstdint>
#include <string>

#include "assay/evaluator.h"
#include "assay/snapshot.h"
#include "engine/base/arena.h"
#include "engine/bytecode/inst.h"
#include "engine/snapshot/version.h"
#include "engine/value/cell.h"
#include "engine/value/symbols.h"

namespace assay::rt {

// A request in a snapshot's numbers. Names the snapshot does not know get numbers after its own.
struct BindingData {
  std::uint64_t serial = 0;  // of the snapshot; 0: nothing bound
  Cell variables[bc::kVariableCount];
  Arena arena;
  SymbolTable types, uids, names;  // local: number minus the snapshot's count
};

// Private parts of the public classes, for the evaluator.
struct Access {
  static const SnapshotData* Data(const Snapshot& snapshot) {
    return SnapshotAccess::Data(snapshot);
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
  return uid < known ? snapshot.uids.qualifier(uid) : binding.uids.qualifier(uid - known);
}

std::string_view TypeText(const SnapshotData& snapshot, const BindingData& binding,
                          std::uint32_t type);
std::string_view NameText(const SnapshotData& snapshot, const BindingData& binding,
                          std::uint32_t name);
EntityUid UidOf(const SnapshotData& snapshot, const BindingData& binding, std::uint32_t uid);
// The cell as a value of its own.
Value ToValue(const SnapshotData& snapshot, const BindingData& binding, const Cell& cell);

}  // namespace assay::rt
