// Any text as a schema in JSON: errors, or a schema that its own text says again.
//
// Covers: compiler/schema/read_json.cc compiler/schema/resolve.cc compiler/schema/scope.cc
// Covers: compiler/schema/write_json.cc
#include <cstdlib>

#include "assay/schema.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace assay;
  Sources sources;
  Diagnostics diagnostics;
  const std::uint32_t source =
      sources.Add("s", std::string(reinterpret_cast<const char*>(data), size));
  const auto json = TranslateSchema(sources, {source, SchemaFormat::kJson}, SchemaFormat::kJson,
                                    SchemaNames::kAsWritten, Limits{}, &diagnostics);
  if (json.has_value() != diagnostics.empty()) std::abort();
  diagnostics.Render(sources);
  if (!json) return 0;
  const auto again =
      TranslateSchema(sources, {sources.Add("j", *json), SchemaFormat::kJson}, SchemaFormat::kJson,
                      SchemaNames::kAsWritten, Limits{}, &diagnostics);
  if (again != json) std::abort();
  Diagnostics further;
  TranslateSchema(sources, {source, SchemaFormat::kJson}, SchemaFormat::kJson,
                  SchemaNames::kResolved, Limits{}, &further);
  Schema::Parse(sources, source, SchemaFormat::kJson, Limits{}, &further);
  further.Render(sources);
  return 0;
}
