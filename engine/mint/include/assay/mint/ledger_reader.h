// Reading a ledger while another process may be writing it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "assay/mint/grant_table.h"
#include "assay/mint/record.h"
#include "assay/mint/signed_head.h"

namespace assay::mint {

class Files;
class SegmentWalk;

struct ReaderOptions {
  std::size_t record_bytes = std::size_t{1} << 20;  // as LedgerLimits
  Files* files = nullptr;                           // for tests
};

// How far a reader is behind the writer.
struct Lag {
  std::uint64_t bytes = 0;  // written and not read yet; an incomplete record at the end included
  std::uint64_t incomplete = 0;  // those of them that are no whole record yet
};

// Checks every record it reads: checksum, chain, sequence, time, encoding. Not thread-safe.
class ASSAY_API LedgerReader {
 public:
  // At the oldest record that is there.
  static Ledgered<LedgerReader> Open(const std::string& folder, const ReaderOptions& options = {});
  // At the segment that has the record, or the newest: the next record may be an older one.
  static Ledgered<LedgerReader> OpenAt(const std::string& folder, std::uint64_t sequence,
                                       const ReaderOptions& options = {});
  // At the oldest segment that has something alive at `now_ms`; skips those that have nothing.
  static Ledgered<LedgerReader> OpenAlive(const std::string& folder, std::int64_t now_ms,
                                          const ReaderOptions& options = {});
  ~LedgerReader();
  LedgerReader(LedgerReader&&) noexcept;
  LedgerReader& operator=(LedgerReader&&) noexcept;

  // Reads the next record into `record`. False at the end; ask again later.
  Ledgered<bool> Next(Record* record);

  Ledgered<Lag> BehindBy() const;
  std::uint64_t next_sequence() const;
  std::int64_t last_time_ms() const;  // of the newest record read, or when its segment began
  const Digest& chain() const;        // after the newest record read
  const LedgerId& ledger() const;

 private:
  struct Data;
  explicit LedgerReader(std::unique_ptr<Data> data);
  static Ledgered<LedgerReader> From(Ledgered<SegmentWalk> walk);
  std::unique_ptr<Data> data_;
};

struct VerifyOptions {
  ReaderOptions reader = {};
  HeadVerifier verify = {};  // without it heads are compared, and their signatures are not
  // Heads that a witness kept; their signatures are not asked for.
  std::vector<SignedHead> witnessed = {};
};

struct VerifyReport {
  LedgerId ledger{};
  std::uint64_t first_sequence = 0;
  std::uint64_t count = 0;  // the sequence after the last record
  std::uint64_t segments = 0;
  std::uint64_t bytes = 0;
  std::uint64_t heads = 0;            // that agree with the records
  std::uint64_t after_last_head = 0;  // records that no head counts yet
  std::uint64_t incomplete_bytes =
      0;  // at the end: a record that is being written or was interrupted
  std::int64_t last_time_ms = 0;
  Digest chain{};
};

// Reads all that is there and compares it with every head. An error says what is wrong, and where.
ASSAY_API Ledgered<VerifyReport> VerifyLedger(const std::string& folder,
                                              const VerifyOptions& options);

}  // namespace assay::mint
