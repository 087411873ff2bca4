// Entities and requests under a schema against the reference: it accepts the same, and says the
// same of requests that the schema does not allow. Only where the reference program is built.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <iostream>
#include <nlohmann/json.hpp>

#include "assay/validate.h"
#include "tests/property/harness.h"
#include "tests/property/mutate.h"
#include "tests/property/reference_fixture.h"
#include "tests/support/world_random.h"
#include "tests/support/world_schema_text.h"

namespace assay::testing {
namespace {

using Json = nlohmann::json;

class ReferenceDataProperty : public ReferenceTest {
 protected:
  // What the reference says of entities or requests, or `refused` if it does not take the schema.
  Json Ask(const Json& question) {
    return Json::parse(reference_->AskJson(question.dump()), nullptr, /*allow_exceptions=*/false);
  }
};

struct SchemaAndWorld {
  std::string text;
  std::optional<Schema> schema;
  World world;
};

SchemaAndWorld DrawBoth(std::uint64_t seed) {
  SchemaAndWorld both;
  // The world of a seed begins with its schema.
  Draw draw(seed), dice(seed + 1);
  both.text = DrawSchemaText(dice, DrawSchema(draw));
  Sources sources;
  Diagnostics diagnostics;
  both.schema = Schema::Parse(sources, sources.Add("s", both.text), SchemaFormat::kCedar, Limits{},
                              &diagnostics);
  both.world = RandomWorld(seed, {2, 20});
  return both;
}

bool RefusesDuplicate(const Diagnostics& diagnostics) {
  return std::any_of(
      diagnostics.list().begin(), diagnostics.list().end(),
      [](const Diagnostic& diagnostic) { return diagnostic.id == DiagId::kDuplicateMember; });
}

// The reference prints names without the white space around them.
bool HasPaddedName(const Json& value) {
  const auto is_odd = [](char c) { return std::isgraph(static_cast<unsigned char>(c)) == 0; };
  for (const auto& [name, member] : value.items()) {
    if (value.is_object() && !name.empty() && (is_odd(name.front()) || is_odd(name.back()))) {
      return true;
    }
    if (member.is_structured() && HasPaddedName(member)) return true;
  }
  return false;
}

// One entity at a time, as it is or broken.
TEST_F(ReferenceDataProperty, Entities) {
  std::uint64_t asked = 0, accepted = 0;
  for (std::uint64_t i = 0; asked < DecisionsToMake(20'000); ++i) {
    const SchemaAndWorld both = DrawBoth(Seed() + i);
    if (!both.schema) continue;
    Draw draw(Seed() + i + 2);
    for (const std::string& entity : both.world.entities) {
      const std::string array = "[" + (draw.Percent(40) ? MutateJson(draw, entity) : entity) + "]";
      const Json parsed = Json::parse(array, nullptr, /*allow_exceptions=*/false);
      if (parsed.is_discarded()) continue;
      const Json answer =
          Ask({{"op", "data"}, {"schema", both.text}, {"format", "cedar"}, {"entities", parsed}});
      ASSERT_TRUE(answer.contains("entities")) << both.text << answer.dump();
      Sources sources;
      Diagnostics diagnostics;
      const bool ours =
          ParseEntitiesJson(*both.schema, sources, sources.Add("e", array), Limits{}, &diagnostics)
              .has_value();
      ASSERT_TRUE(ours == answer["entities"].is_null() || RefusesDuplicate(diagnostics))
          << both.text << array << "\n  ours: " << (ours ? "ok" : diagnostics.Render(sources))
          << "\n  reference: " << answer["entities"].dump();
      ++asked;
      accepted += ours ? 1 : 0;
    }
  }
  std::cout << asked << " entities, " << accepted << " accepted" << std::endl;
  EXPECT_GT(accepted, 0U);
}

TEST_F(ReferenceDataProperty, Requests) {
  std::uint64_t asked = 0, accepted = 0, texts = 0;
  for (std::uint64_t i = 0; asked < DecisionsToMake(20'000); ++i) {
    const SchemaAndWorld both = DrawBoth(Seed() + i);
    if (!both.schema) continue;
    Draw draw(Seed() + i + 2);
    for (const std::string& drawn : both.world.requests) {
      Json request = Json::parse(drawn);
      if (draw.Percent(30)) {
        const std::string context =
            MutateJson(draw, request.value("context", Json::object()).dump());
        Json broken = Json::parse(context, nullptr, /*allow_exceptions=*/false);
        if (broken.is_object()) request["context"] = std::move(broken);
      }
      const Json answer = Ask(
          {{"op", "data"}, {"schema", both.text}, {"format", "cedar"}, {"requests", {request}}});
      ASSERT_TRUE(answer.contains("requests")) << both.text << answer.dump();
      const Json& theirs = answer["requests"][0];
      Sources sources;
      Diagnostics diagnostics;
      const auto parsed = ParseRequestJson(*both.schema, sources, sources.Add("r", request.dump()),
                                           Limits{}, &diagnostics);
      std::string ours = diagnostics.Render(sources);
      if (parsed) {
        const Result<bool> valid = ValidateRequest(*both.schema, *parsed);
        if (!valid.ok()) ours = valid.error().message;
      }
      ASSERT_EQ(ours.empty(), theirs.is_null())
          << both.text << request.dump() << "\n  ours: " << ours
          << "\n  reference: " << theirs.dump();
      ++asked;
      accepted += ours.empty() ? 1 : 0;
      // Some of it the reference finds while it reads; and it prints extension values as written.
      if (!parsed || ours.empty()) continue;
      const std::string text = theirs.get<std::string>();
      if (text.find("while parsing context") == 0) continue;
      if (request.dump().find("__extn") != std::string::npos) continue;
      if (HasPaddedName(request)) continue;
      ASSERT_EQ(ours, text) << both.text << request.dump();
      ++texts;
    }
  }
  std::cout << asked << " requests, " << accepted << " accepted, " << texts
            << " refused with the same text" << std::endl;
  EXPECT_GT(accepted, 0U);
  EXPECT_GT(texts, 0U);
}

}  // namespace
}  // namespace assay::testing
