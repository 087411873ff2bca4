// Any text as entities, a request and a context under a fixed schema: errors, or what conforms to
// it.
//
// Covers: compiler/validate/conform.cc compiler/validate/data.cc compiler/validate/typed_data.cc
// Covers: compiler/validate/typed_json.cc
#include <cstdlib>

#include "assay/validate.h"

namespace assay {

namespace {

constexpr const char* kSchema =
    "entity User in Group = { n: Long, ip?: ipaddr, d?: decimal, s?: Set<datetime>,"
    " r?: { b: Bool, u?: User }, c?: Color, t?: duration } tags Set<String>;\n"
    "entity Group in Group; entity Color enum [\"red\", \"blue\"];\n"
    "action view in all appliesTo { principal: User, resource: User, context: { n?: Long,"
    " at?: ipaddr, who?: Set<User>, r?: { c?: Color } } }; action all;";

const Schema& FixedSchema() {
  static const Schema schema = [] {
    Sources sources;
    Diagnostics none;
    return *Schema::Parse(sources, sources.Add("s", kSchema), SchemaFormat::kCedar, Limits{},
                          &none);
  }();
  return schema;
}

// Either it is as it should be, or a sentence says why not.
void CheckVerdict(const Result<bool>& verdict) {
  if (!verdict.ok() && verdict.error().message.empty()) std::abort();
}

void CheckEntities(const Sources& sources, std::uint32_t source) {
  Diagnostics diagnostics, others;
  const auto entities = ParseEntitiesJson(FixedSchema(), sources, source, Limits{}, &diagnostics);
  if (entities.has_value() != diagnostics.empty()) std::abort();
  diagnostics.Render(sources);
  if (entities) {
    if (!ValidateEntities(FixedSchema(), *entities).ok()) std::abort();
    if (!entities->Find({"Action", "view"})) std::abort();
  }
  // Without the schema more can be read, and the schema then says what is wrong with it.
  const auto plain = Entities::FromJson(sources, source, Limits{}, &others);
  if (plain) CheckVerdict(ValidateEntities(FixedSchema(), *plain));
}

void CheckRequest(const Sources& sources, std::uint32_t source) {
  Diagnostics diagnostics, others;
  const auto request = ParseRequestJson(FixedSchema(), sources, source, Limits{}, &diagnostics);
  if (request.has_value() != diagnostics.empty()) std::abort();
  const auto plain = ParseRequestJson(sources, source, Limits{}, &others);
  for (const auto& read : {request, plain}) {
    if (read) CheckVerdict(ValidateRequest(FixedSchema(), *read));
  }
}

void CheckContext(const Sources& sources, std::uint32_t source) {
  Diagnostics diagnostics;
  const EntityUid action{"Action", "view"};
  const auto context =
      ParseContextJson(FixedSchema(), action, sources, source, Limits{}, &diagnostics);
  if (context.has_value() != diagnostics.empty()) std::abort();
  if (!context) return;
  CheckVerdict(ValidateRequest(FixedSchema(), {{"User", "a"}, action, {"User", "a"}, *context}));
}

}  // namespace

}  // namespace assay

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace assay;
  Sources sources;
  const std::uint32_t source =
      sources.Add("e", std::string(reinterpret_cast<const char*>(data), size));
  CheckEntities(sources, source);
  CheckRequest(sources, source);
  CheckContext(sources, source);
  return 0;
}
