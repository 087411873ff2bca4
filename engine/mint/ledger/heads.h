// The heads that stand beside a segment, and whether the records agree with them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "assay/mint/signed_head.h"
#include "engine/mint/ledger/files.h"

namespace assay::mint {

struct HeadsFile {
  std::vector<SignedHead> heads;
  std::uint64_t end = 0;  // of the last whole line: what is behind it was interrupted
};

// All heads of a segment; none if there is no file.
Ledgered<HeadsFile> ReadHeads(Files* files, const std::string& path);

// Compares a ledger with heads while it is read from front to back.
class HeadChecker {
 public:
  // Without `verify` signatures are not checked, and a segment need not have heads.
  explicit HeadChecker(HeadVerifier verify) : verify_(std::move(verify)) {}

  // A head that somebody else vouches for.
  void Add(const SignedHead& head) { waiting_.emplace(head.count, head); }
  // The heads of a file: all, or the newest only. `required`: there must be one.
  std::optional<LedgerError> Add(const HeadsFile& file, const std::string& path, bool newest_only,
                                 bool required);

  // After `count` records the chain is `chain`. Counts never go back, and the first may be any.
  // Where a segment ends there are two chains for a count: before the next segment's header, and
  // after.
  std::optional<LedgerError> Check(const LedgerId& ledger, std::uint64_t count,
                                   const Digest& chain);
  // There are `count` records, no more. `later`: the heads of a segment that is not there. It was
  // cut off if they count more; when a crash came before it was made they count the same.
  std::optional<LedgerError> Finish(std::uint64_t count, const HeadsFile& later);

  std::uint64_t agreed() const { return agreed_; }
  std::uint64_t last_count() const { return last_count_; }  // of the newest head that agreed

 private:
  std::optional<LedgerError> Disagreement(std::uint64_t below) const;

  HeadVerifier verify_;
  bool has_begun_ = false;
  std::multimap<std::uint64_t, SignedHead> waiting_;
  std::uint64_t agreed_ = 0;
  std::uint64_t last_count_ = 0;
};

}  // namespace assay::mint
