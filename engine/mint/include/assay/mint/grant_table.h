// Which grants are alive, how often they were used, which are revoked: what the records of a ledger
// come to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "assay/mint/record.h"

namespace assay::mint {

struct GrantState {
  std::int64_t expires_ms = 0;
  std::int64_t max_uses = 0;  // 0: not limited
  std::int64_t uses = 0;
  bool revoked = false;

  friend bool operator==(const GrantState&, const GrantState&) = default;
};

// Safe to use from any number of threads. Grants are forgotten some time after they have expired.
class ASSAY_API GrantTable {
 public:
  // A grant is kept `keep_ms` longer than it lives, as verifiers allow for clocks that differ. More
  // than `limit` grants are not taken; revocations always are.
  GrantTable(std::int64_t keep_ms, std::size_t limit);
  ~GrantTable();

  // Why a mint, use or revocation must not be recorded at that time, if it must not. Who appends
  // decides in one step with Apply; the ledger does that.
  std::optional<LedgerFault> Admit(const Record& record, std::int64_t now_ms);

  // Takes in a record that was put into the ledger at that time. Records come in the ledger's
  // order.
  void Apply(const Record& record, std::int64_t time_ms);

  // Nothing for a grant that is unknown or forgotten.
  std::optional<GrantState> Find(std::string_view jti) const;
  // What a verifier asks: false as well for a grant that is unknown.
  bool IsRevoked(std::string_view jti) const;

  // Until when the record matters for this table; 0 if it does not.
  std::int64_t AliveUntil(const Record& record) const;

  // When the last of all minted grants expires, or did; 0 if none was.
  std::int64_t latest_ms() const;

  std::size_t size() const;

 private:
  struct Data;
  std::unique_ptr<Data> data_;
};

}  // namespace assay::mint
