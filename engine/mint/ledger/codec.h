// The bytes of one record. The encoding is canonical: a record has exactly one, and bytes that are
// not the encoding of some record are refused.
//
//   sequence u64 | time_ms i64 | type u8 | fields, ascending by number, each once:
//   number u8 | length u32 | value
//
// All integers are little-endian. A list is a row of `length u32 | text`. Every length is explicit,
// so no value can pass for something else, whatever its bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "assay/mint/record.h"

namespace assay::mint {

// Where the ledger's own members stand, for setting them when the order of records is decided.
inline constexpr std::size_t kSequenceOffset = 0;
inline constexpr std::size_t kTimeOffset = 8;
inline constexpr std::size_t kTypeOffset = 16;
inline constexpr std::size_t kFieldsOffset = 17;

// Appends the encoding to `out`; `controls` are those of the type if the record has none. Refuses
// what breaks the rules of Record, and more than `limit` bytes.
std::optional<LedgerError> Encode(const Record& record, std::size_t limit, std::string* out);

// Reads what Encode wrote; reuses the memory of `record`. Nothing, or why the bytes are no record.
std::optional<std::string_view> Decode(std::string_view bytes, Record* record);

// Checks all that Decode checks, and keeps nothing.
std::optional<std::string_view> CheckEncoding(std::string_view bytes);

}  // namespace assay::mint
