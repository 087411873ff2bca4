// Any text as a Cedar schema: errors, or a schema that survives the way through JSON and back.
#include <cstdlib>

#include "assay/schema.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace assay;
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
  const bool valid =
      Schema::Parse(sources, source, SchemaFormat::kCedar, Limits{}, &of_text).has_value();
  if (valid !=
      Schema::Parse(sources, second, SchemaFormat::kJson, Limits{}, &of_json).has_value()) {
    std::abort();
  }
  return 0;
}
