// Records as text for other programs and for people. Whatever a field has in it, it cannot end a
// line, become structure, or reach a terminal as a control sequence.
#pragma once

#include <string>
#include <string_view>

#include "assay/mint/record.h"
#include "assay/mint/signed_head.h"

namespace assay::mint {

// The text as it is, but for characters that a terminal obeys or that change the direction of text:
// each becomes `\uXXXX`. They can only stand in strings of JSON, where that is an escape. What is
// not UTF-8 becomes U+FFFD.
std::string EscapeUnsafe(std::string_view text);

// One object of JSON in the form of RFC 8785, except that characters which do not print are
// escaped. Members by their names: sequence, time (RFC 3339), type, the fields that are there, and
// controls as a list of tags. Digests are hexadecimal. A Json field is a value if its text has a
// canonical form, and otherwise the text as a string.
std::string RecordJson(const Record& record);

// The same in an envelope of CloudEvents 1.0 in its JSON format. `source` and `id` together are
// unique: the ledger, and the sequence.
std::string CloudEvent(const Record& record, const LedgerId& ledger);

// One line for people, without the line's end: `#7 2026-01-02T03:04:05.678Z mint jti="…" …`.
std::string RecordLine(const Record& record);

// RFC 3339 in UTC with milliseconds; years outside 0000 to 9999 as a bare number of milliseconds.
std::string FormatTime(std::int64_t time_ms);

}  // namespace assay::mint
