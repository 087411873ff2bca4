// The policies in force, as the mint needs them: a snapshot, its digest, and what each policy says
// about grants.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "assay/entities.h"
#include "assay/mint/annotations.h"
#include "assay/mint/record.h"
#include "assay/program.h"
#include "assay/request.h"
#include "assay/snapshot.h"
#include "assay/status.h"

namespace assay::mint::hook {

// Immutable once made.
struct Policy {
  struct Traits {
    bool is_forbid = false;
    GrantShape shape;
  };

  Snapshot snapshot;
  Entities entities;
  Digest digest{};
  std::string digest_text;           // `sha256:` and hexadecimal digits
  std::vector<Traits> traits;        // by the snapshot's numbers of policies
  std::vector<EntityUid> mentioned;  // entities that the policies themselves name

  // Fails with the first annotation for grants that is unknown or malformed, or as
  // Snapshot::Create.
  static Result<std::shared_ptr<const Policy>> Make(const Program& program,
                                                    const Entities& entities);

  // Every entity that deciding these requests can read, as a JSON array in Cedar's form. False if
  // one of them has no such form.
  bool AppendSlice(const std::vector<Request>& requests, std::string* out) const;
};

}  // namespace assay::mint::hook
