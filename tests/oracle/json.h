// Cedar's JSON form of values, uids and records, read without a schema.
#pragma once

#include <nlohmann/json.hpp>

#include "tests/oracle/value.h"

namespace assay::oracle {

// Each throws a Failure for what the form does not allow.
Value ReadValue(const nlohmann::json& json);
// {"type","id"} or {"__entity": {"type","id"}}.
Uid ReadUid(const nlohmann::json& json);
// An object whose members are values, never an escape itself: attributes and tags.
Record ReadMembers(const nlohmann::json& json);
// A value that must be a record: a context.
Record ReadRecord(const nlohmann::json& json);

// The whole text, or a Failure.
nlohmann::json ParseJson(std::string_view text);

}  // namespace assay::oracle
