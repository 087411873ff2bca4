// The shared schemas: each must become the JSON that the reference made of it, byte for byte, and
// survive the way back.
#include "assay/schema.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <iostream>

#include "tests/conformance/cases.h"

namespace assay::conformance {
namespace {

constexpr const char* kAbsent = "skipped: this checkout has no ../shared/conformance";
constexpr std::size_t kPrinted = 3;

std::string Translated(const std::string& text, SchemaFormat from, SchemaFormat to) {
  Sources sources;
  Diagnostics diagnostics;
  const std::uint32_t source = sources.Add("schema", text);
  const auto out =
      TranslateSchema(sources, {source, from}, to, SchemaNames::kAsWritten, Limits{}, &diagnostics);
  return out ? *out : diagnostics.Render(sources);
}

std::optional<Schema> Parsed(const std::string& text, SchemaFormat format) {
  Sources sources;
  Diagnostics diagnostics;
  auto schema = Schema::Parse(sources, sources.Add("schema", text), format, Limits{}, &diagnostics);
  EXPECT_EQ(schema.has_value(), diagnostics.empty()) << diagnostics.Render(sources);
  return schema;
}

std::string Trimmed(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

TEST(Conformance, Schemas) {
  const auto folder = Unpacked("corpus");
  if (!folder) GTEST_SKIP() << kAbsent;
  Counts counts;
  for (const std::string& path : FilesIn(*folder, ".cedarschema")) {
    const std::string text = ReadText(path);
    const std::string json = Translated(text, SchemaFormat::kCedar, SchemaFormat::kJson);
    bool right = true;
    if (std::filesystem::exists(path + ".json")) {
      ++counts.cases;
      right = Trimmed(ReadText(path + ".json")) == json;
    }
    const std::string cedar = Translated(json, SchemaFormat::kJson, SchemaFormat::kCedar);
    right = right && Translated(cedar, SchemaFormat::kCedar, SchemaFormat::kJson) == json;
    const auto from_text = Parsed(text, SchemaFormat::kCedar);
    const auto from_json = Parsed(json, SchemaFormat::kJson);
    right = right && from_text && from_json &&
            from_text->EntityTypes() == from_json->EntityTypes() &&
            from_text->Actions() == from_json->Actions();
    if (!right && ++counts.wrong <= kPrinted)
      std::cout << path << "\n" << json.substr(0, 300) << "\n";
  }
  std::cout << "schemas: " << counts.cases << " cases, " << counts.wrong << " wrong\n";
  EXPECT_GE(counts.cases, 3925U);
  EXPECT_EQ(counts.wrong, 0U);
}

}  // namespace
}  // namespace assay::conformance
