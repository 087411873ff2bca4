// A signed head says: after so many records the ledger's hash chain ends in this value. It stands
// outside the segments, so records that are cut off the end are missed; kept somewhere else as well
// (by a witness), it also shows when a whole ledger is put back to an older state.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "assay/mint/record.h"

namespace assay::mint {

using LedgerId = std::array<std::uint8_t, 16>;

struct SignedHead {
  LedgerId ledger{};
  std::uint64_t count = 0;  // records, from the first one ever
  Digest chain{};
  std::int64_t time_ms = 0;
  std::string signature{};  // over HeadMessage; any bytes

  friend bool operator==(const SignedHead&, const SignedHead&) = default;
};

// The bytes that are signed: a fixed first line, and what a head says as RFC 8785 JSON.
ASSAY_API std::string HeadMessage(const SignedHead& head);

// One line of JSON, without the line's end; Parse takes what Format gives and nothing else.
ASSAY_API std::string FormatHead(const SignedHead& head);
ASSAY_API std::optional<SignedHead> ParseHead(std::string_view line);

// Signs a message, or nothing if it cannot. Called by one thread at a time. Must not throw.
using HeadSigner = std::function<std::optional<std::string>(std::string_view message)>;
// True if the signature is that of a key which may sign heads.
using HeadVerifier = std::function<bool(std::string_view message, std::string_view signature)>;
// Gets every head once it is on disk, in order, on a thread of the ledger or of one who appends.
// Appends wait until it returns, so it must not append itself. It must not throw.
using HeadWitness = std::function<void(const SignedHead& head)>;

}  // namespace assay::mint
