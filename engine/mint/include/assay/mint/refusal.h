// Why something was refused: typed, the same for every door of the mint, and made of fixed texts
// only, so that no byte of a refused input reaches a log.
#pragma once

#include <cstdint>
#include <string_view>

#include "assay/export.h"
#include "assay/status.h"

namespace assay::mint {

// Every kind of refusal; refusals.def is the one table.
enum class RefusalId : std::uint8_t {
#define REFUSAL(Name, name, text) Name,
#include "assay/mint/refusals.def"
#undef REFUSAL
};

struct Refusal {
  RefusalId id{};
  // Which member, claim or file it is about, for example "exp"; "" if that is plain. Always a text
  // that lives as long as the program.
  std::string_view about = {};

  friend bool operator==(const Refusal&, const Refusal&) = default;
};

// The stable name, for example "token_malformed"; for ledgers, answers and tests.
ASSAY_API std::string_view RefusalName(RefusalId id) noexcept;
// One sentence for people, without a final stop.
ASSAY_API std::string_view RefusalText(RefusalId id) noexcept;

// What a check gives: what it has checked, or why not.
template <typename T>
using Checked = Result<T, Refusal>;

}  // namespace assay::mint
