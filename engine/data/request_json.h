// Requests in JSON, whoever knows how a context is read.
#pragma once

#include <functional>
#include <optional>

#include "assay/diagnostics.h"
#include "assay/request.h"
#include "engine/base/json.h"

namespace assay::data {

// Reads the context of a request for `action`, which is nullptr if it could not be read. Nothing if
// there was an error, which it reports.
using ReadContextOf =
    std::function<std::optional<Record>(const EntityUid* action, const json::Node&)>;

// {principal, action, resource, context?}; see ParseRequestJson.
std::optional<Request> ReadRequest(const json::Node& node, const ReadContextOf& read_context,
                                   Diagnostics* diagnostics);

}  // namespace assay::data
