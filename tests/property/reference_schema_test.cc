// The reference takes the same texts for schemas, in both forms, and writes the same in all forms:
// JSON, JSON with resolved names, Cedar. Only where the reference program is built.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "assay/schema.h"
#include "tests/property/harness.h"
#include "tests/property/mutate.h"
#include "tests/property/reference_fixture.h"
#include "tests/support/world_schema.h"
#include "tests/support/world_schema_text.h"

namespace assay::testing {
namespace {

using Json = nlohmann::json;

class ReferenceSchemaProperty : public ReferenceTest {
 protected:
  Json Ask(const std::string& text, SchemaFormat format, const char* to) {
    const Json question = {{"op", "schema"},
                           {"text", text},
                           {"format", format == SchemaFormat::kJson ? "json" : "cedar"},
                           {"to", to}};
    const std::string line = question.dump(-1, ' ', false, Json::error_handler_t::replace);
    return Json::parse(reference_->AskJson(line), nullptr, /*allow_exceptions=*/false);
  }

  // Both must refuse the text, or write it alike in every form and agree whether it is a schema.
  void Compare(const std::string& text, SchemaFormat format);

  std::uint64_t accepted_ = 0, valid_ = 0, translations_ = 0, refused_here_ = 0;
};

// Where we are stricter, on purpose.
bool IsOurs(const Diagnostics& diagnostics) {
  return std::any_of(
      diagnostics.list().begin(), diagnostics.list().end(),
      [](const Diagnostic& diagnostic) { return diagnostic.id == DiagId::kDuplicateMember; });
}

void ReferenceSchemaProperty::Compare(const std::string& text, SchemaFormat format) {
  Sources sources;
  Diagnostics diagnostics;
  const std::uint32_t source = sources.Add("s", text);
  const auto translate = [&](SchemaFormat to, SchemaNames names) {
    ++translations_;
    return TranslateSchema(sources, {source, format}, to, names, Limits{}, &diagnostics);
  };
  const auto json = translate(SchemaFormat::kJson, SchemaNames::kAsWritten);
  const Json answer = Ask(text, format, "json");
  if (!json && answer.value("ok", false) && IsOurs(diagnostics)) {
    ++refused_here_;
    return;
  }
  ASSERT_EQ(json.has_value(), answer.value("ok", false))
      << text << "\n"
      << diagnostics.Render(sources) << answer.dump();
  if (!json) return;
  ++accepted_;
  ASSERT_EQ(*json, answer["text"].get<std::string>()) << text;
  diagnostics = Diagnostics();
  const bool resolves = Schema::Parse(sources, source, format, Limits{}, &diagnostics).has_value();
  ASSERT_EQ(resolves, answer["valid"].get<bool>()) << text << "\n" << diagnostics.Render(sources);
  valid_ += resolves ? 1 : 0;
  diagnostics = Diagnostics();
  const auto cedar = translate(SchemaFormat::kCedar, SchemaNames::kAsWritten);
  const Json printed = Ask(text, format, "cedar");
  ASSERT_EQ(cedar.value_or(""), printed.value("text", ""))
      << text << "\n"
      << diagnostics.Render(sources) << printed.dump();
  // It resolves names of Cedar's form alone.
  if (format == SchemaFormat::kJson) return;
  diagnostics = Diagnostics();
  const auto resolved = translate(SchemaFormat::kJson, SchemaNames::kResolved);
  const Json theirs = Ask(text, format, "resolved");
  ASSERT_EQ(resolved.value_or(""), theirs.value("text", ""))
      << text << "\n"
      << diagnostics.Render(sources) << theirs.dump();
}

TEST_F(ReferenceSchemaProperty, CedarTexts) {
  std::uint64_t asked = 0;
  for (; asked < DecisionsToMake(20'000) && !HasFailure(); ++asked) {
    Draw draw(Seed() + asked);
    const WorldSchema schema = DrawSchema(draw);
    std::string text = DrawSchemaText(draw, schema);
    if (draw.Percent(60)) text = draw.Percent(50) ? MutateSchema(draw, text) : Mutate(draw, text);
    Compare(text, SchemaFormat::kCedar);
  }
  std::cout << asked << " schemas, " << accepted_ << " accepted, " << valid_ << " valid, "
            << translations_ << " translations" << std::endl;
  EXPECT_GT(valid_, 0U);
}

TEST_F(ReferenceSchemaProperty, JsonTexts) {
  std::uint64_t asked = 0;
  for (std::uint64_t i = 0; asked < DecisionsToMake(20'000) && !HasFailure(); ++i) {
    Draw draw(Seed() + i);
    const WorldSchema schema = DrawSchema(draw);
    Sources sources;
    Diagnostics diagnostics;
    const std::uint32_t source = sources.Add("s", DrawSchemaText(draw, schema));
    const auto json = TranslateSchema(sources, {source, SchemaFormat::kCedar}, SchemaFormat::kJson,
                                      SchemaNames::kAsWritten, Limits{}, &diagnostics);
    if (!json) continue;
    ++asked;
    Compare(draw.Percent(70) ? MutateSchemaJson(draw, *json) : *json, SchemaFormat::kJson);
  }
  std::cout << asked << " schemas, " << accepted_ << " accepted, " << valid_ << " valid, "
            << translations_ << " translations, " << refused_here_
            << " refused here alone, for a member given twice" << std::endl;
  EXPECT_GT(valid_, 0U);
}

}  // namespace
}  // namespace assay::testing
