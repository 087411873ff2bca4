// One question to the engine: may `principal` do `action` on `resource`, given `context`?
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "assay/diagnostics.h"
#include "assay/limits.h"
#include "assay/source.h"
#include "assay/status.h"
#include "assay/value.h"

namespace assay {

// Plain data; see RequestBuilder for a checked way to make one.
struct Request {
  EntityUid principal;
  EntityUid action;
  EntityUid resource;
  Record context;
};

// Collects the parts of a request. Build() fails when a part is missing or a type name is not a
// Cedar path; a context is optional and empty by default.
class ASSAY_API RequestBuilder {
 public:
  RequestBuilder& Principal(std::string type, std::string id);
  RequestBuilder& Action(std::string type, std::string id);
  RequestBuilder& Resource(std::string type, std::string id);
  RequestBuilder& Context(std::string key, Value value);
  Result<Request> Build() const;

 private:
  std::optional<EntityUid> principal_, action_, resource_;
  Record context_;
};

// Reads `{"principal": UID, "action": UID, "resource": UID, "context": {…}?}` where a UID is
// `Type::"id"` as a string, {"type","id"}, or {"__entity": {"type","id"}}. Nothing if there was an
// error, which is then in `diagnostics`.
ASSAY_API std::optional<Request> ParseRequestJson(const Sources& sources, std::uint32_t source,
                                                  const Limits& limits, Diagnostics* diagnostics);

// Reads a context: a JSON object in Cedar's value form.
ASSAY_API std::optional<Record> ParseContextJson(const Sources& sources, std::uint32_t source,
                                                 const Limits& limits, Diagnostics* diagnostics);

// Reads a uid that stands alone: `Type::"id"` as Cedar text, or one of the two JSON objects above.
ASSAY_API std::optional<EntityUid> ParseEntityUid(const Sources& sources, std::uint32_t source,
                                                  Diagnostics* diagnostics);

}  // namespace assay
