// Any text as entities under a fixed schema: errors, or entities that conform to it.
#include <cstdlib>

#include "assay/validate.h"

namespace {

constexpr const char* kSchema =
    "entity User in Group = { n: Long, ip?: ipaddr, d?: decimal, s?: Set<datetime>,"
    " r?: { b: Bool, u?: User }, c?: Color, t?: duration } tags Set<String>;\n"
    "entity Group in Group; entity Color enum [\"red\", \"blue\"];\n"
    "action view in all appliesTo { principal: User, resource: User }; action all;";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace assay;
  Sources sources;
  Diagnostics diagnostics;
  static const Schema schema = [] {
    Sources own;
    Diagnostics none;
    return *Schema::Parse(own, own.Add("s", kSchema), SchemaFormat::kCedar, Limits{}, &none);
  }();
  const std::uint32_t source =
      sources.Add("e", std::string(reinterpret_cast<const char*>(data), size));
  const auto entities = ParseEntitiesJson(schema, sources, source, Limits{}, &diagnostics);
  if (entities.has_value() != diagnostics.empty()) std::abort();
  diagnostics.Render(sources);
  if (!entities) return 0;
  if (!ValidateEntities(schema, *entities).ok()) std::abort();
  if (!entities->Find({"Action", "view"})) std::abort();
  return 0;
}
