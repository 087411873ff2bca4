// Reading one segment file, record by record, while it may be growing; and the names of the files.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/mint/ledger/files.h"
#include "engine/mint/ledger/frame.h"

namespace assay::mint {

// `FOLDER/000000000007.segment`, and beside it the heads that were signed while it was written.
std::string SegmentPath(const std::string& folder, std::uint64_t number);
std::string HeadsPath(const std::string& folder, std::uint64_t number);
std::string LockPath(const std::string& folder);
// There once a write or sync has failed: what is on disk is then not certain.
std::string PoisonPath(const std::string& folder);

// The numbers of the segments in the folder, ascending. An error if one is missing in between.
Ledgered<std::vector<std::uint64_t>> ListSegments(Files* files, const std::string& folder);

// The same; an error if there are none.
Ledgered<std::vector<std::uint64_t>> ExistingSegments(Files* files, const std::string& folder);

Ledgered<bool> Exists(Files* files, const std::string& path);

LedgerError SystemError(const std::string& what, const std::string& path, int error);
LedgerError CorruptAt(const std::string& path, std::uint64_t offset, std::string_view reason);

// Not thread-safe.
class SegmentCursor {
 public:
  enum class Step : std::uint8_t { kRecord, kEnd, kFailed };

  SegmentCursor() = default;
  // Reads the header.
  static Ledgered<SegmentCursor> Open(Files* files, std::string path, std::size_t record_bytes);

  // Goes to the next record. kEnd: there is no further whole record, for now.
  Step Next();

  const SegmentHeader& header() const { return header_; }
  std::string_view payload() const { return payload_; }  // until Next is called again
  const LedgerError& error() const { return error_; }    // after kFailed
  const std::string& path() const { return path_; }

  // After the last record that was read:
  const Digest& chain() const { return chain_; }
  std::uint64_t next_sequence() const { return next_sequence_; }
  std::int64_t last_time_ms() const { return last_time_ms_; }
  std::uint64_t offset() const { return buffer_offset_ + begin_; }
  // After kEnd: bytes behind it, which are no whole record.
  std::uint64_t incomplete_bytes() const { return incomplete_bytes_; }
  // That the record just read is not as it should be.
  LedgerError CorruptRecord(std::string_view reason) const;
  // How many bytes the file has now behind the last record.
  Ledgered<std::uint64_t> BytesBehind() const;

 private:
  Step Fail(std::string_view reason);
  Step Accept(const Frame& frame);
  bool Fill(std::size_t needs);
  void DropBuffer();

  Files* files_ = nullptr;
  std::string path_;
  FileHandle file_;
  std::size_t record_bytes_ = 0;
  SegmentHeader header_;
  Hasher hasher_;
  Digest chain_{};
  std::uint64_t next_sequence_ = 0;
  std::int64_t last_time_ms_ = 0;
  std::string buffer_;               // what was read from the file
  std::uint64_t buffer_offset_ = 0;  // where in the file the buffer begins
  std::size_t begin_ = 0;            // where in the buffer the next frame begins
  std::uint64_t incomplete_bytes_ = 0;
  std::string_view payload_;
  LedgerError error_;
};

}  // namespace assay::mint
