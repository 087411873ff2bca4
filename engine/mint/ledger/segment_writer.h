// The end of the ledger: puts batches of records on disk, signs heads, begins new segments. Any
// failure is final.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "assay/mint/ledger.h"
#include "engine/mint/ledger/files.h"
#include "engine/mint/ledger/frame.h"

namespace assay::mint {

// What is known of the end of a ledger when writing begins.
struct LedgerEnd {
  SegmentHeader header;  // of the newest segment
  Digest chain{};
  std::uint64_t count = 0;
  std::int64_t last_time_ms = 0;
  std::uint64_t segment_size = 0;
  std::uint64_t heads_size = 0;
  std::uint64_t incomplete_bytes = 0;  // behind segment_size
  std::uint64_t head_count = 0;        // records that the newest head counts
  // By segment: until when it has something alive. Segments without are not in it.
  std::map<std::uint64_t, std::int64_t> alive_until;
};

// The payloads of records in their order, encoded, with place and time set.
struct Payloads {
  // All or nothing, should memory run out.
  void Add(std::string_view payload);
  // Keeps the memory, unless that is very much.
  void Clear();

  std::string bytes;
  std::vector<std::size_t> sizes;
  std::int64_t alive_until = 0;  // the latest of them
  std::int64_t last_time_ms = 0;
};

// Not thread-safe.
class SegmentWriter {
 public:
  // Writes the first segment of a new ledger.
  static std::optional<LedgerError> Create(Files* files, const std::string& folder,
                                           const LedgerOptions& options, const LedgerId& ledger,
                                           std::int64_t now_ms);

  // Cuts what is incomplete, and is ready to append.
  static Ledgered<SegmentWriter> Open(Files* files, const std::string& folder,
                                      const LedgerOptions& options, LedgerEnd end);

  // Returns when the records are on disk.
  std::optional<LedgerError> Append(const Payloads& payloads);

  // Records since the last head.
  std::uint64_t after_last_head() const { return end_.count - end_.head_count; }
  std::optional<LedgerError> SignHead();

  bool IsFull() const { return end_.segment_size >= options_->limits.segment_bytes; }
  // Signs a head, and begins a new segment.
  std::optional<LedgerError> Rotate();

  const LedgerEnd& end() const { return end_; }
  // A sync has failed: the system may have dropped what it could not write, and says so only once.
  bool is_uncertain() const { return is_uncertain_; }

 private:
  SegmentWriter(Files* files, std::string folder, const LedgerOptions& options)
      : files_(files), folder_(std::move(folder)), options_(&options) {}
  std::optional<LedgerError> BeginSegment(const SegmentHeader& header);
  std::optional<LedgerError> WriteHead();
  std::optional<LedgerError> WriteAndSync(const FileHandle& file, const std::string& path,
                                          std::uint64_t offset, std::string_view bytes);
  std::optional<LedgerError> Sync(const FileHandle& file, const std::string& path);
  std::optional<LedgerError> SyncFolder();

  Files* files_;
  std::string folder_;
  const LedgerOptions* options_;
  LedgerEnd end_;
  Hasher hasher_;
  FileHandle segment_;
  FileHandle heads_;
  bool is_uncertain_ = false;
  std::string frames_;
};

}  // namespace assay::mint
