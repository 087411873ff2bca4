// Values in Cedar's JSON form, read without a schema.
#pragma once

#include <optional>

#include "assay/diagnostics.h"
#include "assay/value.h"
#include "engine/base/json.h"

namespace assay::data {

// Objects `{"__entity": {type, id}}` and `{"__extn": {fn, arg}}` or `{fn, args}` stand for entities
// and for calls of functions; where such an object is malformed it is an ordinary record, as in the
// reference. `{"__expr": text}` and null are errors.
std::optional<Value> ReadValue(const json::Node& node, Diagnostics* diagnostics);

// The members of an object as attributes; escapes have no meaning at this level.
std::optional<Record> ReadAttributes(const json::Node& node, Diagnostics* diagnostics);

// {type, id}, {"__entity": {type, id}}, or, where `allow_text`, a string `Type::"id"`.
std::optional<EntityUid> ReadUid(const json::Node& node, bool allow_text, Diagnostics* diagnostics);

}  // namespace assay::data
