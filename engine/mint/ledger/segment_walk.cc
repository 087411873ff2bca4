#include "engine/mint/ledger/segment_walk.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace assay::mint {

using Step = SegmentCursor::Step;

namespace {

LedgerError WrongNumber(const SegmentCursor& cursor) {
  return CorruptAt(cursor.path(), 0, "the segment has another number than its name");
}

}  // namespace

Ledgered<SegmentWalk> SegmentWalk::Open(Files* files, const std::string& folder,
                                        std::uint64_t number, std::size_t record_bytes) {
  Ledgered<SegmentCursor> cursor =
      SegmentCursor::Open(files, SegmentPath(folder, number), record_bytes);
  if (!cursor.ok()) return cursor.error();
  if (cursor.value().header().number != number) return WrongNumber(cursor.value());
  SegmentWalk walk;
  walk.files_ = files;
  walk.folder_ = folder;
  walk.record_bytes_ = record_bytes;
  walk.cursor_ = std::move(cursor).value();
  return walk;
}

Ledgered<SegmentWalk> SegmentWalk::OpenAlive(Files* files, const std::string& folder,
                                             std::int64_t now_ms, std::size_t record_bytes) {
  const auto numbers = ExistingSegments(files, folder);
  if (!numbers.ok()) return numbers.error();
  const std::uint64_t newest = numbers.value().back();
  Ledgered<SegmentWalk> walk = Open(files, folder, newest, record_bytes);
  if (!walk.ok()) return walk;
  const std::uint64_t oldest = walk.value().cursor().header().oldest_alive;
  if (oldest < numbers.value().front() || oldest > newest) {
    return CorruptAt(SegmentPath(folder, oldest), 0, "this segment is needed and is not there");
  }
  if (oldest != newest) walk = Open(files, folder, oldest, record_bytes);
  if (walk.ok()) walk.value().alive_at_ = now_ms;
  return walk;
}

std::optional<LedgerError> SegmentWalk::OnEnter(Entered entered) {
  entered_ = std::move(entered);
  return entered_(cursor_);
}

Ledgered<bool> SegmentWalk::HasSegment(std::uint64_t number) const {
  return Exists(files_, SegmentPath(folder_, number));
}

Step SegmentWalk::Next() {
  for (;;) {
    const Step step = cursor_.Next();
    if (step == Step::kFailed) return Fail(cursor_.error());
    if (step == Step::kRecord) return step;
    const std::uint64_t next = cursor_.header().number + 1;
    const Ledgered<bool> has_next = HasSegment(next);
    if (!has_next.ok()) return Fail(has_next.error());
    if (!has_next.value()) return Step::kEnd;
    // The segment was finished before the next began: now its last records are there.
    const Step again = cursor_.Next();
    if (again == Step::kFailed) return Fail(cursor_.error());
    if (again == Step::kRecord) return again;
    if (cursor_.incomplete_bytes() > 0) {
      return Fail(CorruptAt(cursor_.path(), cursor_.offset(),
                            "a record is incomplete, and there is a later segment"));
    }
    if (Enter(next) == Step::kFailed) return Step::kFailed;
  }
}

// Goes on with the segment `number`, or with the first one after it that has something alive.
Step SegmentWalk::Enter(std::uint64_t number) {
  Ledgered<SegmentCursor> next =
      SegmentCursor::Open(files_, SegmentPath(folder_, number), record_bytes_);
  if (!next.ok()) return Fail(next.error());
  if (auto error = CheckSuccessor(next.value())) return Fail(std::move(*error));
  if (alive_at_) {
    next = FirstAlive(std::move(next).value());
    if (!next.ok()) return Fail(next.error());
  }
  cursor_ = std::move(next).value();
  if (entered_) {
    if (auto error = entered_(cursor_)) return Fail(std::move(*error));
  }
  return Step::kRecord;
}

// The segment itself, or the first one after it that has something alive or is the last.
Ledgered<SegmentCursor> SegmentWalk::FirstAlive(SegmentCursor cursor) const {
  for (;;) {
    const std::uint64_t number = cursor.header().number + 1;
    const Ledgered<bool> has_next = HasSegment(number);
    if (!has_next.ok()) return has_next.error();
    if (!has_next.value()) return cursor;
    Ledgered<SegmentCursor> next =
        SegmentCursor::Open(files_, SegmentPath(folder_, number), record_bytes_);
    if (!next.ok()) return next.error();
    if (next.value().header().number != number) return WrongNumber(next.value());
    if (next.value().header().previous_alive_until >= *alive_at_) return cursor;
    cursor = std::move(next).value();
  }
}

std::optional<LedgerError> SegmentWalk::CheckSuccessor(const SegmentCursor& next) const {
  const SegmentHeader& header = next.header();
  const bool follows =
      header.ledger == cursor_.header().ledger && header.number == cursor_.header().number + 1 &&
      header.first_sequence == cursor_.next_sequence() && header.previous == cursor_.chain() &&
      header.created_ms >= cursor_.last_time_ms();
  if (follows) return std::nullopt;
  return CorruptAt(next.path(), 0, "the segment does not follow from the one before");
}

Step SegmentWalk::Fail(LedgerError error) {
  error_ = std::move(error);
  return Step::kFailed;
}

Ledgered<std::uint64_t> SegmentWalk::BytesBehind() const {
  Ledgered<std::uint64_t> bytes = cursor_.BytesBehind();
  if (!bytes.ok()) return bytes;
  std::uint64_t sum = bytes.value();
  for (std::uint64_t number = cursor_.header().number + 1;; ++number) {
    const std::string path = SegmentPath(folder_, number);
    int file = -1;
    const int open_error = files_->Open(path, Files::Mode::kRead, &file);
    if (open_error == ENOENT) return sum;
    if (open_error != 0) return SystemError("open the file", path, open_error);
    const FileHandle handle(files_, file);
    std::uint64_t size = 0;
    if (const int error = files_->Size(file, &size)) {
      return SystemError("read the size of the file", path, error);
    }
    sum += size - std::min<std::uint64_t>(size, kSegmentHeaderSize);
  }
}

}  // namespace assay::mint
