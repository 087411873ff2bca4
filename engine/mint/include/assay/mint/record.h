// One event of the ledger: a grant that was minted, refused, used or revoked, a policy that came
// into force, a credential that was refused.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assay/export.h"
#include "assay/status.h"

namespace assay::mint {

// Every kind of record; record_types.def is the one table.
enum class RecordType : std::uint8_t {
#define RECORD(Name, number, name, controls, required) Name = (number),
#include "assay/mint/record_types.def"
#undef RECORD
};

// Bits of Record::controls; controls.def is the one table.
enum class Control : std::uint8_t {
#define CONTROL(Name, bit, tag) Name = (bit),
#include "assay/mint/controls.def"
#undef CONTROL
};

using Digest = std::array<std::uint8_t, 32>;

// The types of the fields, by the kinds of record_fields.def.
namespace field {
using Text = std::string;
using Json = std::string;
using Texts = std::vector<std::string>;
using Integer = std::int64_t;
using Digest = std::optional<mint::Digest>;
}  // namespace field

// Plain data. Texts must be UTF-8, integers not negative, and the fields that the kind of record
// requires must be there: appending checks all of it. Never put a token, a proof or a secret into
// one.
struct Record {
  RecordType type{};
  std::uint64_t sequence = 0;  // the place in the ledger, from 0; set by the ledger
  std::int64_t time_ms = 0;    // wall clock, milliseconds since 1970; set by the ledger
#define FIELD(number, Kind, name) field::Kind name{};
#include "assay/mint/record_fields.def"
#undef FIELD

  friend bool operator==(const Record&, const Record&) = default;
};

// The stable name, for example "policy_swap".
ASSAY_API std::string_view RecordTypeName(RecordType type) noexcept;

// The tags of the controls in `controls`, for example "maestro:ID-1".
ASSAY_API std::vector<std::string_view> ControlTags(std::int64_t controls);

// Why a ledger says no; ledger_faults.def is the one table.
enum class LedgerFault : std::uint8_t {
#define FAULT(Name, name, text) Name,
#include "assay/mint/ledger_faults.def"
#undef FAULT
};

// The stable name, for example "clock_behind".
ASSAY_API std::string_view LedgerFaultName(LedgerFault fault) noexcept;

struct LedgerError {
  LedgerFault fault{};
  std::string message;  // one sentence without a final stop: which file, where, why
};

// What a ledger gives: what was asked for, or why not.
template <typename T>
using Ledgered = Result<T, LedgerError>;

}  // namespace assay::mint
