// Walks over the segments of a folder, without decoding: what readers, verification and recovery
// have in common.
#pragma once

#include <functional>
#include <string>

#include "engine/mint/ledger/segment.h"

namespace assay::mint {

class SegmentWalk {
 public:
  // Begins at the segment `number`.
  static Ledgered<SegmentWalk> Open(Files* files, const std::string& folder, std::uint64_t number,
                                    std::size_t record_bytes);

  // Begins at the oldest segment that has something alive at `now_ms`, and skips every later one
  // but the last that has nothing.
  static Ledgered<SegmentWalk> OpenAlive(Files* files, const std::string& folder,
                                         std::int64_t now_ms, std::size_t record_bytes);

  // Called whenever reading enters a segment, and for the one where it stands.
  using Entered = std::function<std::optional<LedgerError>(const SegmentCursor& cursor)>;
  std::optional<LedgerError> OnEnter(Entered entered);

  SegmentCursor::Step Next();

  const SegmentCursor& cursor() const { return cursor_; }
  const LedgerError& error() const { return error_; }

  // Bytes that are written and not read yet, in this segment and in later ones.
  Ledgered<std::uint64_t> BytesBehind() const;

 private:
  SegmentCursor::Step Enter(std::uint64_t number);
  SegmentCursor::Step Fail(LedgerError error);
  Ledgered<SegmentCursor> FirstAlive(SegmentCursor cursor) const;
  std::optional<LedgerError> CheckSuccessor(const SegmentCursor& next) const;
  Ledgered<bool> HasSegment(std::uint64_t number) const;

  Files* files_ = nullptr;
  std::string folder_;
  std::size_t record_bytes_ = 0;
  SegmentCursor cursor_;
  std::optional<std::int64_t> alive_at_;
  Entered entered_;
  LedgerError error_;
};

}  // namespace assay::mint
