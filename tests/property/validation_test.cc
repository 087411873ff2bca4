// Validation against the reference: the same verdicts, the same findings, the same texts. Only
// where the reference program is built.
#include <gtest/gtest.h>

#include <iostream>
#include <nlohmann/json.hpp>
#include <set>

#include "assay/validate.h"
#include "tests/property/harness.h"
#include "tests/property/reference_fixture.h"
#include "tests/support/world_random.h"
#include "tests/support/world_schema_text.h"

namespace assay::testing {
namespace {

using Json = nlohmann::json;

class ValidationProperty : public ReferenceTest {
 protected:
  Json Ask(const Json& question) {
    const std::string text =
        question.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return Json::parse(reference_->AskJson(text), nullptr, /*allow_exceptions=*/false);
  }
};

// What was found, each finding as its place, message and help.
using Texts = std::multiset<std::string>;

Texts TextsOf(const std::vector<Finding>& findings) {
  Texts texts;
  for (const Finding& f : findings) {
    const Json place = f.span ? Json{f.span->begin, f.span->end} : Json::array();
    texts.insert(place.dump() + " " + f.message + " | " + f.help);
  }
  return texts;
}

Texts TextsOf(const Json& findings) {
  Texts texts;
  for (const Json& f : findings) {
    texts.insert(f["place"].dump() + " " + f["message"].get<std::string>() + " | " +
                 f["help"].get<std::string>());
  }
  return texts;
}

// The reference looks for names in no certain order, so that of two that are as near it takes any;
// and it asks for a report to its own project.
std::string WithoutSuggestion(const std::string& text) {
  for (const char* help : {" | did you mean", " | please file an issue"}) {
    const std::size_t at = text.find(help);
    if (at != std::string::npos) return text.substr(0, at) + " | ";
  }
  return text;
}

bool Agree(const Texts& ours, const Texts& theirs) {
  Texts a, b;
  for (const std::string& text : ours) a.insert(WithoutSuggestion(text));
  for (const std::string& text : theirs) b.insert(WithoutSuggestion(text));
  return a == b;
}

std::string Difference(const Texts& ours, const Texts& theirs) {
  std::string out;
  for (const std::string& text : ours) {
    if (ours.count(text) != theirs.count(text)) out += "  ours:   " + text + "\n";
  }
  for (const std::string& text : theirs) {
    if (ours.count(text) != theirs.count(text)) out += "  theirs: " + text + "\n";
  }
  return out;
}

struct Counted {
  std::uint64_t validations = 0, passed = 0, refused = 0;
};

// Both validate the world's policies; false, after a failure, if they do not agree.
template <typename AskReference>
bool Compare(const World& world, const std::string& schema_text, ValidationMode mode,
             std::optional<std::uint32_t> level, const AskReference& ask, Counted* counted) {
  Json question = Json::parse(world.ToJson());
  question["op"] = "validate";
  question["schema"] = schema_text;
  question["format"] = "cedar";
  question["mode"] = mode == ValidationMode::kStrict ? "strict" : "permissive";
  if (level) question["level"] = *level;
  const Json answer = ask(question);

  std::string error;
  const auto loaded = ParseWorld(world, &error);
  Sources sources;
  Diagnostics diagnostics;
  const auto schema = Schema::Parse(sources, sources.Add("s", schema_text), SchemaFormat::kCedar,
                                    Limits{}, &diagnostics);
  const bool refused = loaded == nullptr || !schema;
  if (refused || answer.contains("error")) {
    ++counted->refused;
    EXPECT_EQ(refused, answer.contains("error"))
        << schema_text << "\n"
        << error << diagnostics.Render(sources) << answer.dump();
    return refused == answer.contains("error");
  }
  const auto result = Validate(*schema, loaded->policies, {.mode = mode, .level = level});
  EXPECT_TRUE(result.ok());
  ++counted->validations;
  counted->passed += result.value().passed() ? 1 : 0;
  for (const auto& [ours, theirs] :
       {std::pair(TextsOf(result.value().errors), TextsOf(answer["errors"])),
        std::pair(TextsOf(result.value().warnings), TextsOf(answer["warnings"]))}) {
    if (Agree(ours, theirs)) continue;
    ADD_FAILURE() << Difference(ours, theirs) << schema_text << "\n" << world.PolicySetJson();
    return false;
  }
  return true;
}

TEST_F(ValidationProperty, RandomPolicies) {
  constexpr int kMostShown = 5;
  int different = 0;
  Counted counted;
  for (std::uint64_t i = 0; counted.validations < DecisionsToMake(20'000); ++i) {
    const std::uint64_t seed = Seed() + i;
    // The world of a seed begins with its schema.
    Draw draw(seed), dice(seed + 1);
    const std::string schema = DrawSchemaText(dice, DrawSchema(draw));
    World world = RandomWorld(seed, {8, 0});
    world.entities.clear();
    const auto mode = dice.Percent(60) ? ValidationMode::kStrict : ValidationMode::kPermissive;
    std::optional<std::uint32_t> level;
    if (dice.Percent(30)) level = static_cast<std::uint32_t>(dice.Below(4));
    if (!Compare(
            world, schema, mode, level, [&](const Json& q) { return Ask(q); }, &counted) &&
        ++different == kMostShown) {
      return;
    }
  }
  std::cout << counted.validations << " validations, " << counted.passed << " passed, "
            << counted.refused << " refused by both" << std::endl;
  EXPECT_GT(counted.passed, 0U);
}

}  // namespace
}  // namespace assay::testing
