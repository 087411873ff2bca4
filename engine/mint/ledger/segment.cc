#include "engine/mint/ledger/segment.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <system_error>
#include <utility>

#include "engine/mint/ledger/bytes.h"
#include "engine/mint/ledger/codec.h"

namespace assay::mint {

namespace {

constexpr std::string_view kSegmentEnd = ".segment";
constexpr std::size_t kDigits = 12;
constexpr std::size_t kReadBytes = std::size_t{256} << 10;

std::string Numbered(const std::string& folder, std::uint64_t number, std::string_view end) {
  std::string digits = std::to_string(number);
  if (digits.size() < kDigits) digits.insert(0, kDigits - digits.size(), '0');
  return folder + "/" + digits + std::string(end);
}

// The number in a segment's name, or nothing.
std::optional<std::uint64_t> NumberOf(std::string_view name) {
  if (name.size() < kDigits + kSegmentEnd.size()) return std::nullopt;
  const std::string_view digits = name.substr(0, name.size() - kSegmentEnd.size());
  if (name.substr(digits.size()) != kSegmentEnd) return std::nullopt;
  std::uint64_t number = 0;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (result.ec != std::errc() || result.ptr != digits.data() + digits.size()) return std::nullopt;
  return number;
}

}  // namespace

std::string SegmentPath(const std::string& folder, std::uint64_t number) {
  return Numbered(folder, number, kSegmentEnd);
}

std::string HeadsPath(const std::string& folder, std::uint64_t number) {
  return Numbered(folder, number, ".heads");
}

std::string LockPath(const std::string& folder) { return folder + "/lock"; }

std::string PoisonPath(const std::string& folder) { return folder + "/poisoned"; }

LedgerError SystemError(const std::string& what, const std::string& path, int error) {
  return {error == ENOSPC || error == EDQUOT ? LedgerFault::kFull : LedgerFault::kSystem,
          path + ": cannot " + what + ": " + std::generic_category().message(error)};
}

LedgerError CorruptAt(const std::string& path, std::uint64_t offset, std::string_view reason) {
  return {LedgerFault::kCorrupt,
          path + ": at byte " + std::to_string(offset) + ": " + std::string(reason)};
}

// Whatever is not a plain no is an error: a segment that cannot be opened now is not the end.
Ledgered<bool> Exists(Files* files, const std::string& path) {
  int file = -1;
  const int error = files->Open(path, Files::Mode::kRead, &file);
  if (error == ENOENT) return false;
  if (error != 0) return SystemError("open the file", path, error);
  files->Close(file);
  return true;
}

Ledgered<std::vector<std::uint64_t>> ListSegments(Files* files, const std::string& folder) {
  std::vector<std::string> names;
  if (const int error = files->List(folder, &names)) {
    return SystemError("list the folder", folder, error);
  }
  std::vector<std::uint64_t> numbers;
  for (const std::string& name : names) {
    if (const auto number = NumberOf(name)) numbers.push_back(*number);
  }
  std::sort(numbers.begin(), numbers.end());
  for (std::size_t i = 1; i < numbers.size(); ++i) {
    if (numbers[i] == numbers[i - 1] + 1) continue;
    return LedgerError{LedgerFault::kCorrupt,
                       SegmentPath(folder, numbers[i - 1] + 1) + ": this segment is missing"};
  }
  return numbers;
}

Ledgered<std::vector<std::uint64_t>> ExistingSegments(Files* files, const std::string& folder) {
  Ledgered<std::vector<std::uint64_t>> numbers = ListSegments(files, folder);
  if (numbers.ok() && numbers.value().empty()) {
    return LedgerError{LedgerFault::kInvalid, folder + ": there is no ledger in this folder"};
  }
  return numbers;
}

Ledgered<SegmentCursor> SegmentCursor::Open(Files* files, std::string path,
                                            std::size_t record_bytes) {
  SegmentCursor cursor;
  int file = -1;
  if (const int error = files->Open(path, Files::Mode::kRead, &file)) {
    return SystemError("open the file", path, error);
  }
  cursor.files_ = files;
  cursor.file_ = FileHandle(files, file);
  cursor.path_ = std::move(path);
  cursor.record_bytes_ = record_bytes;
  if (!cursor.Fill(kSegmentHeaderSize)) return cursor.error_;
  const auto header = DecodeHeader(cursor.buffer_);
  if (!header) {
    return CorruptAt(cursor.path_, 0, "this is no segment of a ledger, or its header was changed");
  }
  const std::string_view bytes = std::string_view(cursor.buffer_).substr(0, kSegmentHeaderSize);
  const auto chain = cursor.hasher_.Hash(bytes, {});
  if (!chain) return LedgerError{LedgerFault::kSystem, "hashing failed"};
  cursor.header_ = *header;
  cursor.chain_ = *chain;
  cursor.next_sequence_ = header->first_sequence;
  cursor.last_time_ms_ = header->created_ms;
  cursor.begin_ = kSegmentHeaderSize;
  return cursor;
}

// Makes at least `needs` bytes of the next frame available, if the file has them. False, and an
// error, if it cannot be read.
bool SegmentCursor::Fill(std::size_t needs) {
  if (buffer_.size() - begin_ >= needs) return true;
  payload_ = {};
  buffer_.erase(0, begin_);
  buffer_offset_ += std::exchange(begin_, 0);
  const std::size_t had = buffer_.size();
  buffer_.resize(std::max(needs, kReadBytes));
  std::size_t got = 0;
  const int error = files_->Read(file_.get(), buffer_offset_ + had, buffer_.data() + had,
                                 buffer_.size() - had, &got);
  buffer_.resize(had + got);
  if (error != 0) error_ = SystemError("read the file", path_, error);
  return error == 0;
}

// What was read of a record that is being written, or that a writer cut off since, says nothing of
// the record that comes to stand there: it is read again.
void SegmentCursor::DropBuffer() {
  payload_ = {};
  buffer_offset_ += std::exchange(begin_, 0);
  buffer_.clear();
}

SegmentCursor::Step SegmentCursor::Next() {
  incomplete_bytes_ = 0;
  bool is_read_again = false;
  for (std::size_t needs = kFrameHeaderSize;;) {
    if (!Fill(needs)) return Step::kFailed;
    const Frame frame =
        ReadFrame(std::string_view(buffer_).substr(begin_), record_bytes_, &hasher_, &chain_);
    if (frame.state == Frame::State::kWhole) return Accept(frame);
    if (frame.state == Frame::State::kCorrupt) {
      if (is_read_again) return Fail(frame.reason);
      is_read_again = true;
      needs = kFrameHeaderSize;
      DropBuffer();
    } else if (buffer_.size() - begin_ >= needs && frame.size > needs) {
      needs = frame.size;
    } else {
      incomplete_bytes_ = buffer_.size() - begin_;
      DropBuffer();
      return Step::kEnd;
    }
  }
}

SegmentCursor::Step SegmentCursor::Accept(const Frame& frame) {
  if (frame.payload.size() < kFieldsOffset) return Fail("a record is too short");
  const auto sequence = GetInteger<std::uint64_t>(frame.payload, kSequenceOffset);
  const auto time_ms = GetInteger<std::int64_t>(frame.payload, kTimeOffset);
  if (sequence != next_sequence_) return Fail("a record is out of sequence");
  if (time_ms < last_time_ms_) return Fail("a record is older than the one before");
  payload_ = frame.payload;
  begin_ += frame.size;
  ++next_sequence_;
  last_time_ms_ = time_ms;
  return Step::kRecord;
}

SegmentCursor::Step SegmentCursor::Fail(std::string_view reason) {
  error_ = CorruptAt(path_, offset(), reason);
  return Step::kFailed;
}

LedgerError SegmentCursor::CorruptRecord(std::string_view reason) const {
  return CorruptAt(path_, offset() - payload_.size() - kFrameHeaderSize,
                   "a record is malformed: " + std::string(reason));
}

Ledgered<std::uint64_t> SegmentCursor::BytesBehind() const {
  std::uint64_t size = 0;
  if (const int error = files_->Size(file_.get(), &size)) {
    return SystemError("read the size of the file", path_, error);
  }
  return size > offset() ? size - offset() : 0;
}

}  // namespace assay::mint
