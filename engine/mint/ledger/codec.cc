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

// Whether the bytes are what Put writes for a value of the kind that is present and valid.
template <typename Value>
bool IsEncoded(std::string_view bytes);

template <>
bool IsEncoded<field::Text>(std::string_view bytes) {
  return !bytes.empty() && utf8::ValidPrefix(bytes) == bytes.size();
}

template <>
bool IsEncoded<field::Integer>(std::string_view bytes) {
  return bytes.size() == sizeof(std::int64_t) && GetInteger<std::int64_t>(bytes, 0) > 0;
}

template <>
bool IsEncoded<field::Digest>(std::string_view bytes) {
  return bytes.size() == sizeof(Digest);
}

// Takes the first of a list off; nothing if it is cut.
std::optional<std::string_view> TakeText(std::string_view* list) {
  if (list->size() < 4) return std::nullopt;
  const auto length = GetInteger<std::uint32_t>(*list, 0);
  list->remove_prefix(4);
  if (list->size() < length) return std::nullopt;
  const std::string_view text = list->substr(0, length);
  list->remove_prefix(length);
  return text;
}

template <>
bool IsEncoded<field::Texts>(std::string_view bytes) {
  if (bytes.empty()) return false;
  while (!bytes.empty()) {
    const auto text = TakeText(&bytes);
    if (!text || utf8::ValidPrefix(*text) != text->size()) return false;
  }
  return true;
}

// Each reads what IsEncoded has found good.
void Take(std::string_view bytes, std::string* text) { text->assign(bytes); }
void Take(std::string_view bytes, std::int64_t* integer) {
  *integer = GetInteger<std::int64_t>(bytes, 0);
}
void Take(std::string_view bytes, std::optional<Digest>* digest) {
  *digest = GetArray<Digest>(bytes, 0);
}
void Take(std::string_view bytes, std::vector<std::string>* texts) {
  while (!bytes.empty()) texts->emplace_back(*TakeText(&bytes));
}

// Sets of fields, by their numbers.
using Fields = std::uint32_t;
constexpr Fields Bit(unsigned number) { return Fields{1} << number; }
#define FIELD(number, Kind, name) static_assert((number) < 32);
#include "assay/mint/record_fields.def"
#undef FIELD

constexpr Fields BitOf(std::string_view field) {
#define FIELD(number, Kind, name) \
  if (field == #name) return Bit(number);
#include "assay/mint/record_fields.def"
#undef FIELD
  return 0;
}

Fields PresentIn(const Record& record) {
  Fields present = 0;
#define FIELD(number, Kind, name) \
  if (IsPresent(record.name)) present |= Bit(number);
#include "assay/mint/record_fields.def"
#undef FIELD
  return present;
}

// The fields that a record of the type must have and has not; nullptr if it has all of them.
const char* Missing(RecordType type, Fields present) {
// A name cannot be put in parentheses.  NOLINTNEXTLINE(bugprone-macro-parentheses)
#define FIELD(number, Kind, name) [[maybe_unused]] const bool name = (present & Bit(number)) != 0;
#include "assay/mint/record_fields.def"
#undef FIELD
  switch (type) {
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

// Whether the value is one of the field; if it is, and there is a record, sets it there.
bool TakeField(std::uint8_t number, std::string_view value, Record* record) {
  switch (number) {
#define FIELD(number, Kind, name)                      \
  case number:                                         \
    if (!IsEncoded<field::Kind>(value)) return false;  \
    if (record != nullptr) Take(value, &record->name); \
    return true;
#include "assay/mint/record_fields.def"
#undef FIELD
    default: return false;
  }
}

void Clear(std::string* text) { text->clear(); }
void Clear(std::vector<std::string>* texts) { texts->clear(); }
void Clear(std::int64_t* integer) { *integer = 0; }
void Clear(std::optional<Digest>* digest) { digest->reset(); }

// Why the bytes are no record, if they are not. Sets the fields of a record, if there is one; it
// has none yet.
std::optional<std::string_view> ReadFields(std::string_view bytes, Record* record) {
  if (bytes.size() < kFieldsOffset) return "it is too short";
  const auto type = static_cast<RecordType>(GetInteger<std::uint8_t>(bytes, kTypeOffset));
  bytes.remove_prefix(kFieldsOffset);
  Fields present = 0;
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
    present |= Bit(number);
    last = number;
  }
  if (RecordTypeName(type).empty()) return "its type is unknown";
  if (Missing(type, present) != nullptr) return "a field that its type needs is missing";
  if ((present & BitOf("controls")) == 0) return "it has no controls";
  return std::nullopt;
}

}  // namespace

std::optional<LedgerError> Encode(const Record& record, std::size_t limit, std::string* out) {
  if (const char* missing = Missing(record.type, PresentIn(record))) {
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
#define FIELD(number, Kind, name) Clear(&record->name);
#include "assay/mint/record_fields.def"
#undef FIELD
  const auto problem = ReadFields(bytes, record);
  if (problem) return problem;
  record->sequence = GetInteger<std::uint64_t>(bytes, kSequenceOffset);
  record->time_ms = GetInteger<std::int64_t>(bytes, kTimeOffset);
  record->type = static_cast<RecordType>(GetInteger<std::uint8_t>(bytes, kTypeOffset));
  return std::nullopt;
}

std::optional<std::string_view> CheckEncoding(std::string_view bytes) {
  return ReadFields(bytes, nullptr);
}

}  // namespace assay::mint
