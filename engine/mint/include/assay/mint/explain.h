// Why a decision was what it was: the ledger's record replayed on the policies of its digest.
#pragma once

#include <string>
#include <vector>

#include "assay/export.h"
#include "assay/mint/record.h"
#include "assay/program.h"
#include "assay/status.h"

namespace assay::mint {

struct Replay {
  struct Decided {
    std::string request;  // as JSON
    bool is_allowed = false;
    std::vector<std::string> policies;  // determining ones
    std::vector<std::string> errors;    // `id: text`
  };
  std::vector<Decided> decisions;
  // Whether every decision came out as recorded: allowed where a grant was minted, and the same
  // policies determine and fail.
  bool agrees = false;
};

// Decides the requests of a record `mint` or `deny` again, over the entities recorded with it.
// kInvalidArgument if the record has no decision, cannot be read, or is of other policies.
ASSAY_API Result<Replay> ReplayDecision(const Record& record, const Program& program) noexcept;

}  // namespace assay::mint
