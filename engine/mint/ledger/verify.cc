#include <algorithm>
#include <utility>

#include "assay/mint/ledger_reader.h"
#include "engine/mint/ledger/codec.h"
#include "engine/mint/ledger/guarded.h"
#include "engine/mint/ledger/heads.h"
#include "engine/mint/ledger/segment_walk.h"

namespace assay::mint {

namespace {

using Step = SegmentCursor::Step;

class Verification {
 public:
  Verification(Files* files, const std::string& folder, const VerifyOptions& options)
      : files_(files), folder_(folder), options_(options), checker_(options.verify) {
    for (const SignedHead& head : options.witnessed) checker_.Add(head);
  }

  std::optional<LedgerError> Run() {
    const auto numbers = ExistingSegments(files_, folder_);
    if (!numbers.ok()) return numbers.error();
    auto walk =
        SegmentWalk::Open(files_, folder_, numbers.value().front(), options_.reader.record_bytes);
    if (!walk.ok()) return walk.error();
    report_.ledger = walk.value().cursor().header().ledger;
    report_.first_sequence = walk.value().cursor().next_sequence();
    auto error =
        walk.value().OnEnter([this](const SegmentCursor& cursor) { return EnterSegment(cursor); });
    if (!error) error = ReadRecords(&walk.value());
    return error;
  }

  VerifyReport& report() { return report_; }

 private:
  std::optional<LedgerError> EnterSegment(const SegmentCursor& cursor) {
    report_.bytes += kSegmentHeaderSize;
    ++report_.segments;
    const std::string path = HeadsPath(folder_, cursor.header().number);
    const Ledgered<HeadsFile> heads = ReadHeads(files_, path);
    if (!heads.ok()) return heads.error();
    if (auto error = checker_.Add(heads.value(), path, false, true)) return error;
    return checker_.Check(report_.ledger, cursor.next_sequence(), cursor.chain());
  }

  std::optional<LedgerError> ReadRecords(SegmentWalk* walk) {
    for (;;) {
      const Step step = walk->Next();
      if (step == Step::kFailed) return walk->error();
      if (step == Step::kRecord) {
        if (auto error = CheckRecord(walk->cursor())) return error;
        continue;
      }
      bool is_end = false;
      if (auto error = ReadEnd(walk, &is_end)) return error;
      if (is_end) return std::nullopt;
    }
  }

  std::optional<LedgerError> CheckRecord(const SegmentCursor& cursor) {
    if (const auto reason = CheckEncoding(cursor.payload())) {
      return cursor.CorruptRecord(*reason);
    }
    report_.bytes += kFrameHeaderSize + cursor.payload().size();
    return checker_.Check(report_.ledger, cursor.next_sequence(), cursor.chain());
  }

  // The heads of the next segment are written before it is there, and after all records of this
  // one: a record that is missing after they were read was cut off, not just late.
  std::optional<LedgerError> ReadEnd(SegmentWalk* walk, bool* is_end) {
    const std::uint64_t number = walk->cursor().header().number;
    const Ledgered<HeadsFile> later = ReadHeads(files_, HeadsPath(folder_, number + 1));
    if (!later.ok()) return later.error();
    const Step step = walk->Next();
    if (step == Step::kFailed) return walk->error();
    if (step == Step::kRecord) return CheckRecord(walk->cursor());
    if (walk->cursor().header().number != number) return std::nullopt;
    *is_end = true;
    return Finish(walk->cursor(), later.value());
  }

  std::optional<LedgerError> Finish(const SegmentCursor& cursor, const HeadsFile& later) {
    report_.count = cursor.next_sequence();
    report_.last_time_ms = cursor.last_time_ms();
    report_.chain = cursor.chain();
    report_.incomplete_bytes = cursor.incomplete_bytes();
    report_.heads = checker_.agreed();
    report_.after_last_head =
        report_.count - std::max(checker_.last_count(), report_.first_sequence);
    return checker_.Finish(report_.count, later);
  }

  Files* files_;
  const std::string& folder_;
  const VerifyOptions& options_;
  HeadChecker checker_;
  VerifyReport report_;
};

}  // namespace

Ledgered<VerifyReport> VerifyLedger(const std::string& folder, const VerifyOptions& options) {
  return Guarded([&]() -> Ledgered<VerifyReport> {
    Files* files = options.reader.files != nullptr ? options.reader.files : &SystemFiles();
    Verification verification(files, folder, options);
    if (auto error = verification.Run()) return std::move(*error);
    return verification.report();
  });
}

}  // namespace assay::mint
