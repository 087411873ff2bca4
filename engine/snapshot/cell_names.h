// Names for CellMaker when cells are made for a snapshot.
#pragma once

#include <cstring>

#include "engine/snapshot/cell_block.h"
#include "engine/snapshot/editor.h"

namespace assay::rt {

// Numbers of the snapshot, each acquired once for each mention; memory of one block.
class CellNames {
 public:
  CellNames(Editor* editor, Bump* bump) : editor_(*editor), bump_(*bump) {}

  std::uint32_t Name(std::string_view name) { return editor_.AcquireName(name); }
  std::uint32_t Uid(const EntityUid& uid) { return editor_.AcquireUid(uid); }
  Bump& arena() { return bump_; }
  std::string_view KeepText(std::string_view text) { return bump_.Keep(text); }
  const IpAddr* KeepIp(const IpAddr& ip) {
    auto* copy = bump_.New<IpAddr>(1);
    *copy = ip;
    return copy;
  }

 private:
  Editor& editor_;
  Bump& bump_;
};

}  // namespace assay::rt
