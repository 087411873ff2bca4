// The ledger: an append-only log of records in a folder. Records are chained by SHA-256, and a
// record is on disk before its append returns. One process writes it; LedgerReader reads it from
// any other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "assay/mint/grant_table.h"
#include "assay/mint/limits.h"
#include "assay/mint/record.h"
#include "assay/mint/signed_head.h"

namespace assay::mint {

class Files;

struct LedgerLimits {
  // Bytes of one record. The entities that a decision read are the large part.
  std::size_t record_bytes = std::size_t{1} << 20;
  // A segment takes no further records once it has so many bytes.
  std::uint64_t segment_bytes = std::uint64_t{64} << 20;
  // Bytes of records that wait for the disk; more are refused, so that a slow disk costs no memory.
  std::size_t pending_bytes = std::size_t{64} << 20;
  // Grants that are alive at the same time: about 150 bytes of memory each.
  std::size_t grants = 10'000'000;
};

struct LedgerOptions {
  LedgerLimits limits;
  // How long after its end a grant is remembered: as verifiers may allow for clocks that differ.
  std::int64_t keep_ms = limits::kMostSkewSeconds * 1000;

  // Without a signer there are no heads, and a tail that was cut is not seen.
  HeadSigner sign;
  HeadVerifier verify;  // checks the heads when opening
  HeadWitness witness;
  // A head is signed after so many records, or so much time if there was one, and when closing.
  std::uint64_t head_every_records = 4096;
  std::int64_t head_every_ms = 1000;

  std::function<std::int64_t()> now_ms;  // the wall clock; the system's if empty
  Files* files = nullptr;                // for tests
};

struct Receipt {
  std::uint64_t sequence = 0;
  std::int64_t time_ms = 0;
};

// Safe to use from any number of threads. Nothing is ever removed from the folder: a segment may be
// moved away, oldest first, once it is no longer needed for start-up (SegmentHeader::oldest_alive).
class ASSAY_API Ledger {
 public:
  // Makes an empty ledger in `folder`, which is made with mode 0700 if it is not there.
  static Ledgered<LedgerId> Create(const std::string& folder, const LedgerOptions& options);

  // Opens a ledger for writing. Reads the segments that have something alive, checks their chain
  // and the newest heads, and cuts an incomplete record off the end, which it records. Everything
  // else that is not as written is an error that says where.
  static Ledgered<std::unique_ptr<Ledger>> Open(const std::string& folder,
                                                const LedgerOptions& options);

  // Waits for the disk, signs a last head, closes.
  ~Ledger();
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  // Called with the place of a record while that is decided: no other record of this ledger comes
  // between it and the record. False: do not append. Must be short and must not call the ledger.
  using Guard = std::function<bool(const Receipt& place)>;

  // Appends a record and returns when it is on disk. An error means that the record is not
  // accepted; it may be found in the ledger only if the fault is kPoisoned.
  //
  // A mint needs a new jti; a use is admitted only while the grant is not revoked and has a use
  // left, counted over all threads and restarts; a revocation of a grant that the ledger knows
  // takes its `expires` from there. Uses and revocations take effect for grants() before they are
  // on disk.
  Ledgered<Receipt> Append(const Record& record, const Guard& guard = {});

  // The same in two steps, for work to be done in between, while the disk may be busy with others'
  // records. A record that is waited for is written at once, by one of those who wait; one that is
  // not is on disk some milliseconds later.
  struct Batch;
  struct Ticket {
    Receipt receipt;
    std::shared_ptr<Batch> batch;
  };
  Ledgered<Ticket> Enqueue(const Record& record, const Guard& guard = {});
  Ledgered<Receipt> Wait(const Ticket& ticket);

  const GrantTable& grants() const;
  // Records that are on disk.
  std::uint64_t durable_count() const;

 private:
  struct Data;
  explicit Ledger(std::unique_ptr<Data> data);
  std::unique_ptr<Data> data_;
};

}  // namespace assay::mint
