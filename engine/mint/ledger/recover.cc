#include "engine/mint/ledger/recover.h"

#include <algorithm>
#include <utility>

#include "engine/mint/ledger/codec.h"
#include "engine/mint/ledger/heads.h"
#include "engine/mint/ledger/segment_walk.h"

namespace assay::mint {

namespace {

using Step = SegmentCursor::Step;

class Recovery {
 public:
  Recovery(Files* files, const std::string& folder, const LedgerOptions& options,
           GrantTable* grants)
      : files_(files), folder_(folder), grants_(grants), checker_(options.verify) {}

  std::optional<LedgerError> Run(std::int64_t now_ms, std::size_t record_bytes) {
    const auto numbers = ExistingSegments(files_, folder_);
    if (!numbers.ok()) return numbers.error();
    newest_ = numbers.value().back();
    auto walk = SegmentWalk::OpenAlive(files_, folder_, now_ms, record_bytes);
    if (!walk.ok()) return walk.error();
    auto error = walk.value().OnEnter([this](const SegmentCursor& cursor) {
      return cursor.header().number == newest_ ? EnterNewest(cursor) : std::nullopt;
    });
    if (!error) error = ReadRecords(&walk.value());
    return error ? error : Finish(walk.value().cursor());
  }

  LedgerEnd& end() { return end_; }

 private:
  std::optional<LedgerError> EnterNewest(const SegmentCursor& cursor) {
    const std::string path = HeadsPath(folder_, newest_);
    const Ledgered<HeadsFile> heads = ReadHeads(files_, path);
    if (!heads.ok()) return heads.error();
    end_.heads_size = heads.value().end;
    if (auto error = checker_.Add(heads.value(), path, true, true)) return error;
    return checker_.Check(cursor.header().ledger, cursor.next_sequence(), cursor.chain());
  }

  std::optional<LedgerError> ReadRecords(SegmentWalk* walk) {
    for (;;) {
      const Step step = walk->Next();
      if (step == Step::kFailed) return walk->error();
      if (step == Step::kEnd) return std::nullopt;
      const SegmentCursor& cursor = walk->cursor();
      if (const auto reason = Decode(cursor.payload(), &record_)) {
        return cursor.CorruptRecord(*reason);
      }
      grants_->Apply(record_, record_.time_ms);
      std::int64_t& until = end_.alive_until[cursor.header().number];
      until = std::max(until, grants_->AliveUntil(record_));
      if (auto error =
              checker_.Check(cursor.header().ledger, cursor.next_sequence(), cursor.chain())) {
        return error;
      }
    }
  }

  std::optional<LedgerError> Finish(const SegmentCursor& cursor) {
    const Ledgered<HeadsFile> later = ReadHeads(files_, HeadsPath(folder_, newest_ + 1));
    if (!later.ok()) return later.error();
    if (cursor.header().number != newest_) {
      return CorruptAt(SegmentPath(folder_, newest_), 0, "the segment cannot be reached");
    }
    end_.header = cursor.header();
    end_.chain = cursor.chain();
    end_.count = cursor.next_sequence();
    end_.last_time_ms = cursor.last_time_ms();
    end_.segment_size = cursor.offset();
    end_.incomplete_bytes = cursor.incomplete_bytes();
    end_.head_count = std::max(checker_.last_count(), cursor.header().first_sequence);
    return checker_.Finish(end_.count, later.value());
  }

  Files* files_;
  const std::string& folder_;
  GrantTable* grants_;
  HeadChecker checker_;
  std::uint64_t newest_ = 0;
  LedgerEnd end_;
  Record record_;
};

}  // namespace

Ledgered<LedgerEnd> FindEnd(Files* files, const std::string& folder, const LedgerOptions& options,
                            std::int64_t now_ms, GrantTable* grants) {
  Recovery recovery(files, folder, options, grants);
  if (auto error = recovery.Run(now_ms, options.limits.record_bytes)) return std::move(*error);
  return recovery.end();
}

}  // namespace assay::mint
