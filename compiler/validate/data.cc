// The public door for requests and entities that must be as a schema says.
#include <utility>

#include "assay/validate.h"
#include "compiler/schema/model.h"
#include "compiler/validate/conform.h"
#include "compiler/validate/typed_data.h"
#include "engine/base/guarded.h"
#include "engine/base/json.h"
#include "engine/data/request_json.h"
#include "engine/data/value_json.h"

namespace assay {

Result<bool> ValidateRequest(const Schema& schema, const Request& request) {
  return Guarded([&]() -> Result<bool> {
    auto problem = validate::RequestProblem(schema.model(), request);
    if (!problem) return true;
    return Error{ErrorCode::kInvalidArgument, std::move(*problem)};
  });
}

Result<bool> ValidateEntities(const Schema& schema, const Entities& entities) {
  return Guarded([&]() -> Result<bool> {
    for (std::size_t i = 0; i < entities.size(); ++i) {
      auto problem = validate::EntityProblem(schema.model(), entities, i);
      if (problem) return Error{ErrorCode::kInvalidArgument, std::move(*problem)};
    }
    return true;
  });
}

Result<Entities> AddActions(const Schema& schema, const Entities& entities, const Limits& limits) {
  return Guarded(
      [&] { return Entities::Create(validate::WithActions(schema.model(), entities), limits); });
}

std::optional<Entities> ParseEntitiesJson(const Schema& schema, const Sources& sources,
                                          std::uint32_t source, const Limits& limits,
                                          Diagnostics* diagnostics) {
  return Guarded(diagnostics, [&]() -> std::optional<Entities> {
    const auto root = json::Parse(sources, source, limits, diagnostics);
    if (!root) return std::nullopt;
    return validate::ReadEntities(schema.model(), *root, limits, diagnostics);
  });
}

std::optional<Record> ParseContextJson(const Schema& schema, const EntityUid& action,
                                       const Sources& sources, std::uint32_t source,
                                       const Limits& limits, Diagnostics* diagnostics) {
  return Guarded(diagnostics, [&]() -> std::optional<Record> {
    const auto root = json::Parse(sources, source, limits, diagnostics);
    if (!root) return std::nullopt;
    return validate::ReadContext(schema.model(), action, *root, diagnostics);
  });
}

std::optional<Request> ParseRequestJson(const Schema& schema, const Sources& sources,
                                        std::uint32_t source, const Limits& limits,
                                        Diagnostics* diagnostics) {
  return Guarded(diagnostics, [&]() -> std::optional<Request> {
    const auto root = json::Parse(sources, source, limits, diagnostics);
    if (!root) return std::nullopt;
    return data::ReadRequest(
        *root,
        [&](const EntityUid* action, const json::Node& node) {
          return action != nullptr
                     ? validate::ReadContext(schema.model(), *action, node, diagnostics)
                     : data::ReadAttributes(node, diagnostics);
        },
        diagnostics);
  });
}

}  // namespace assay
