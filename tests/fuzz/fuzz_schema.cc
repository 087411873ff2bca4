// Any text as a Cedar schema: errors, or a schema that survives the way through JSON and back, and
// through JSON with resolved names.
//
// Covers: compiler/schema/fragment.cc compiler/schema/fragment_builder.cc
// Covers: compiler/schema/fragment_builder_types.cc compiler/schema/lex.cc compiler/schema/parse.cc
// Covers: compiler/schema/resolve.cc compiler/schema/schema.cc compiler/schema/scope.cc
// Covers: compiler/schema/write_cedar.cc compiler/schema/write_json.cc
#include <cstdlib>

#include "assay/schema.h"

namespace {

using namespace assay;

// The same names and actions, which apply to the same.
bool IsSame(const Schema& a, const Schema& b) {
  if (a.EntityTypes() != b.EntityTypes() || a.Actions() != b.Actions()) return false;
  for (const EntityUid& action : a.Actions()) {
    if (a.PrincipalsOf(action) != b.PrincipalsOf(action)) return false;
    if (a.ResourcesOf(action) != b.ResourcesOf(action)) return false;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  Sources sources;
  Diagnostics diagnostics;
  const std::uint32_t source =
      sources.Add("s", std::string(reinterpret_cast<const char*>(data), size));
  const auto translate = [&](std::uint32_t from, SchemaFormat format, SchemaFormat to) {
    return TranslateSchema(sources, {from, format}, to, SchemaNames::kAsWritten, Limits{},
                           &diagnostics);
  };
  const auto json = translate(source, SchemaFormat::kCedar, SchemaFormat::kJson);
  if (json.has_value() != diagnostics.empty()) std::abort();
  diagnostics.Render(sources);
  if (!json) return 0;
  const std::uint32_t second = sources.Add("j", *json);
  const auto again = translate(second, SchemaFormat::kJson, SchemaFormat::kJson);
  if (again != json) std::abort();
  const auto cedar = translate(second, SchemaFormat::kJson, SchemaFormat::kCedar);
  if (cedar) {
    // The JSON need not be the same: an action's group may have got its type. The text must be.
    const auto third =
        translate(sources.Add("c", *cedar), SchemaFormat::kCedar, SchemaFormat::kJson);
    if (!third) std::abort();
    const std::uint32_t fourth = sources.Add("j", *third);
    if (translate(fourth, SchemaFormat::kJson, SchemaFormat::kCedar) != cedar) std::abort();
  }
  Diagnostics of_text, of_json;
  const auto parsed = Schema::Parse(sources, source, SchemaFormat::kCedar, Limits{}, &of_text);
  const auto from_json = Schema::Parse(sources, second, SchemaFormat::kJson, Limits{}, &of_json);
  if (parsed.has_value() != from_json.has_value()) std::abort();
  if (!parsed) return 0;
  if (!IsSame(*parsed, *from_json)) std::abort();
  const auto resolved =
      TranslateSchema(sources, {source, SchemaFormat::kCedar}, SchemaFormat::kJson,
                      SchemaNames::kResolved, Limits{}, &of_text);
  if (!resolved) std::abort();
  const auto again_resolved =
      Schema::Parse(sources, sources.Add("r", *resolved), SchemaFormat::kJson, Limits{}, &of_json);
  if (!again_resolved || !IsSame(*parsed, *again_resolved)) std::abort();
  return 0;
}
