// How records stand in a segment file, and how segments begin. Every record is sealed in a frame:
//
//   length u32 | CRC-32 of the length u32 | CRC-32 of the rest u32 | chain[32] | payload
//
// where chain = SHA-256(chain of the record before | payload). A length is believed only if its own
// check holds, so a changed length cannot make the records behind it look like an incomplete one.
// The chain of a segment's first record builds on SHA-256(its header), which has the last chain of
// the segment before.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "assay/mint/signed_head.h"

namespace assay::mint {

inline constexpr std::size_t kFrameHeaderSize = 4 + 4 + 4 + 32;

// SHA-256 with a context that is used again. Not thread-safe.
class Hasher {
 public:
  Hasher();
  // The digest of `first` and then `second`; nothing if the library failed, as when out of memory.
  std::optional<Digest> Hash(std::string_view first, std::string_view second);

 private:
  struct Free {
    void operator()(void* context) const;
  };
  std::unique_ptr<void, Free> context_;
};

// Appends the frame of `payload` and moves `chain` on. False if hashing failed; nothing is changed.
[[nodiscard]] bool AppendFrame(std::string_view payload, Hasher* hasher, Digest* chain,
                               std::string* out);

struct Frame {
  enum class State : std::uint8_t {
    kWhole,
    kIncomplete,  // the bytes end before the frame does
    kCorrupt,
  };
  State state{};
  std::string_view reason;  // if corrupt
  std::string_view payload;
  std::size_t size = 0;  // of the frame; when it is incomplete, how many bytes it needs at least
};

// Reads the frame at the start of `bytes`. `chain` is that of the record before; it moves on if the
// frame is whole. `limit` bounds the payload.
Frame ReadFrame(std::string_view bytes, std::size_t limit, Hasher* hasher, Digest* chain);

// The first bytes of a segment file.
struct SegmentHeader {
  LedgerId ledger{};                 // drawn at random when the ledger was made
  std::uint64_t number = 0;          // of the segment, from 0
  std::uint64_t first_sequence = 0;  // of the first record
  std::int64_t created_ms = 0;       // not before the last record of the segment before
  Digest previous{};  // chain of the last record of the segment before; 0 in the first
  // What start-up needs to know of the segments before: until when the one just before has
  // something that is alive, and the number of the oldest that has, or `number` if none.
  std::int64_t previous_alive_until = 0;
  std::uint64_t oldest_alive = 0;

  friend bool operator==(const SegmentHeader&, const SegmentHeader&) = default;
};

inline constexpr std::size_t kSegmentHeaderSize = 8 + 16 + 8 + 8 + 8 + 32 + 8 + 8 + 4;

std::string EncodeHeader(const SegmentHeader& header);
// Nothing if `bytes`, which may be longer, do not begin with a header of this version.
std::optional<SegmentHeader> DecodeHeader(std::string_view bytes);

}  // namespace assay::mint
