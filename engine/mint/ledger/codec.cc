#include "engine/mint/ledger/codec.h"

#include <utility>

#include "engine/base/utf8.h"
#include "engine/mint/ledger/bytes.h"

namespace assay::mint {

namespace {

bool IsPresent(const std::string& text) { return !text.empty(); }
bool IsPresent(const std::vector<std::string>& texts) { return !texts.empty(); }
bool IsPresent(std::int64_t integer) { return integer != 0; }
bool IsPresent(const std::optional<Digest>& digest) { return digest.has_value(); }

bool IsValid(const std::string& text) { return utf8::ValidPrefix(text) == text.size(); }
bool IsValid(std::int64_t integer) { return integer >= 0; }
bool IsValid(const std::optional<Digest>&) { return true; }
bool IsValid(const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    if (!IsValid(text)) return false;
  }
  return true;
}

void Put(const std::string& text, std::string* out) { *out += text; }
void Put(std::int64_t integer, std::string* out) { PutInteger(integer, out); }
void Put(const std::optional<Digest>& digest, std::string* out) { *out += AsText(*digest); }
void Put(const std::vector<std::string>& texts, std::string* out) {
  for (const std::string& text : texts) {
    PutInteger(static_cast<std::uint32_t>(text.size()), out);
    *out += text;
  }
}

// False if the bytes are not what Put writes for a value that is present and valid.
bool Take(std::string_view bytes, std::string* text) {
  text->assign(bytes);
  return !bytes.empty() && IsValid(*text);
}

bool Take(std::string_view bytes, std::int64_t* integer) {
  if (bytes.size() != sizeof(*integer)) return false;
  *integer = GetInteger<std::int64_t>(bytes, 0);
  return *integer > 0;
}

bool Take(std::string_view bytes, std::optional<Digest>* digest) {
  if (bytes.size() != sizeof(Digest)) return false;
  *digest = GetArray<Digest>(bytes, 0);
  return true;
}

bool Take(std::string_view bytes, std::vector<std::string>* texts) {
  while (!bytes.empty()) {
    if (bytes.size() < 4) return false;
    const auto length = GetInteger<std::uint32_t>(bytes, 0);
    bytes.remove_prefix(4);
    if (bytes.size() < length) return false;
    texts->emplace_back(bytes.substr(0, length));
    if (!IsValid(texts->back())) return false;
    bytes.remove_prefix(length);
  }
  return !texts->empty();
}

// The fields that a record of the type must have and has not; nullptr if it has all of them.
const char* Missing(const Record& record) {
// A name cannot be put in parentheses.  NOLINTNEXTLINE(bugprone-macro-parentheses)
#define FIELD(number, Kind, name) [[maybe_unused]] const bool name = IsPresent(record.name);
#include "assay/mint/record_fields.def"
#undef FIELD
  switch (record.type) {
#define RECORD(Name, number, name, controls, required) \
  case RecordType::Name:                               \
    return (required) ? nullptr : #required;
#include "assay/mint/record_types.def"
#undef RECORD
  }
  return "a type";
}

#define CONTROL(Name, bit, tag) constexpr std::int64_t Name = std::int64_t{1} << (bit);
#include "assay/mint/controls.def"
#undef CONTROL

std::int64_t ControlsOf(RecordType type) {
  switch (type) {
#define RECORD(Name, number, name, controls, required) \
  case RecordType::Name:                               \
    return (controls);
#include "assay/mint/record_types.def"
#undef RECORD
  }
  return 0;
}

template <typename Value>
void PutField(std::uint8_t number, const Value& value, std::string* out) {
  if (!IsPresent(value)) return;
  out->push_back(static_cast<char>(number));
  const std::size_t length_at = out->size();
  PutInteger(std::uint32_t{0}, out);
  Put(value, out);
  SetInteger(static_cast<std::uint32_t>(out->size() - length_at - 4), length_at, out);
}

LedgerError Invalid(const Record& record, const std::string& why) {
  return {LedgerFault::kInvalid,
          "a record `" + std::string(RecordTypeName(record.type)) + "` " + why};
}

// Sizes are added up first, so that no 32-bit length below can overflow.
std::size_t SizeOf(const std::string& text) { return text.size(); }
std::size_t SizeOf(std::int64_t) { return sizeof(std::int64_t); }
std::size_t SizeOf(const std::optional<Digest>&) { return sizeof(Digest); }
std::size_t SizeOf(const std::vector<std::string>& texts) {
  std::size_t size = 0;
  for (const std::string& text : texts) size += 4 + text.size();
  return size;
}

bool TakeField(std::uint8_t number, std::string_view value, Record* record) {
  switch (number) {
#define FIELD(number, Kind, name) \
  case number:                    \
    return Take(value, &record->name);
#include "assay/mint/record_fields.def"
#undef FIELD
    default: return false;
  }
}

void Clear(std::string* text) { text->clear(); }
void Clear(std::vector<std::string>* texts) { texts->clear(); }
void Clear(std::int64_t* integer) { *integer = 0; }
void Clear(std::optional<Digest>* digest) { digest->reset(); }

}  // namespace

std::optional<LedgerError> Encode(const Record& record, std::size_t limit, std::string* out) {
  if (const char* missing = Missing(record)) {
    return Invalid(record, std::string("must have ") + missing);
  }
  std::size_t size = kFieldsOffset + (IsPresent(record.controls) ? 0 : 5 + SizeOf(record.controls));
#define FIELD(number, Kind, name)                                                            \
  if (!IsValid(record.name)) return Invalid(record, "has a malformed value in `" #name "`"); \
  if (IsPresent(record.name)) size += 5 + SizeOf(record.name);
#include "assay/mint/record_fields.def"
#undef FIELD
  if (size > limit) {
    return LedgerError{LedgerFault::kLimit, "the record has " + std::to_string(size) +
                                                " bytes; the limit is " + std::to_string(limit) +
                                                " (record_bytes)"};
  }
  out->reserve(out->size() + size);
  PutInteger(record.sequence, out);
  PutInteger(record.time_ms, out);
  out->push_back(static_cast<char>(record.type));
  const std::int64_t controls = record.controls != 0 ? record.controls : ControlsOf(record.type);
#define FIELD(number, Kind, name)                        \
  if constexpr (std::string_view(#name) == "controls") { \
    PutField(number, controls, out);                     \
  } else {                                               \
    PutField(number, record.name, out);                  \
  }
#include "assay/mint/record_fields.def"
#undef FIELD
  return std::nullopt;
}

std::optional<std::string_view> Decode(std::string_view bytes, Record* record) {
  if (bytes.size() < kFieldsOffset) return "it is too short";
  record->sequence = GetInteger<std::uint64_t>(bytes, kSequenceOffset);
  record->time_ms = GetInteger<std::int64_t>(bytes, kTimeOffset);
  record->type = static_cast<RecordType>(GetInteger<std::uint8_t>(bytes, kTypeOffset));
#define FIELD(number, Kind, name) Clear(&record->name);
#include "assay/mint/record_fields.def"
#undef FIELD
  bytes.remove_prefix(kFieldsOffset);
  int last = 0;
  while (!bytes.empty()) {
    if (bytes.size() < 5) return "a field is cut";
    const auto number = GetInteger<std::uint8_t>(bytes, 0);
    const auto length = GetInteger<std::uint32_t>(bytes, 1);
    bytes.remove_prefix(5);
    if (length > bytes.size()) return "a field is longer than the record";
    if (number <= last) return "fields are not in order";
    if (!TakeField(number, bytes.substr(0, length), record))
      return "a field is unknown or malformed";
    bytes.remove_prefix(length);
    last = number;
  }
  if (RecordTypeName(record->type).empty()) return "its type is unknown";
  if (Missing(*record) != nullptr) return "a field that its type needs is missing";
  if (record->controls == 0) return "it has no controls";
  return std::nullopt;
}

}  // namespace assay::mint
