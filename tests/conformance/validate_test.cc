// The shared validations: strict and permissive verdicts, and what was found, as the reference has
// it.
#include "assay/validate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>

#include "tests/conformance/cases.h"
#include "tests/support/paths.h"

namespace assay::conformance {
namespace {

constexpr const char* kAbsent = "skipped: this checkout has no ../shared/conformance";
constexpr std::size_t kPrinted = 3;

// Cases whose strict verdict changed between the reference's version that made the files and 4.13.
std::set<std::string> ChangedSince(Sources* sources) {
  const auto path =
      testing::SharedDir() / "conformance" / "cedar" / "strict-changed-since-4.9.1.json";
  Diagnostics diagnostics;
  const auto node = json::Parse(*sources, sources->Add("changed", ReadText(path.string())),
                                Limits{}, &diagnostics);
  std::set<std::string> ids;
  for (const json::Node& element : node->elements) ids.insert(element.string);
  return ids;
}

struct Case {
  std::string base;  // path without an ending
  Sources sources;
  PolicySet policies;
  std::optional<Schema> schema;
  std::optional<json::Node> expected;
};

std::optional<Case> Load(const std::string& path) {
  Case c;
  c.base = path.substr(0, path.size() - std::string(".validation.json").size());
  Diagnostics diagnostics;
  const auto add = [&](const std::string& ending) {
    return c.sources.Add(ending, ReadText(c.base + ending));
  };
  c.policies.AddCedar(c.sources, add(".cedar"), &diagnostics);
  c.schema =
      Schema::Parse(c.sources, add(".cedarschema"), SchemaFormat::kCedar, Limits{}, &diagnostics);
  c.expected = json::Parse(c.sources, add(".validation.json"), Limits{}, &diagnostics);
  EXPECT_TRUE(diagnostics.empty()) << path << diagnostics.Render(c.sources);
  if (!diagnostics.empty() || !c.schema || !c.expected) return std::nullopt;
  return c;
}

// How messages of 4.9.1 are worded today.
std::string Modern(std::string message) {
  const auto replace = [&](const std::string& from, const std::string& to) {
    const std::size_t at = message.find(from);
    if (at != std::string::npos) message.replace(at, from.size(), to);
  };
  replace("Failed to parse", "failed to parse");
  return message;
}

std::multiset<std::string> Expected(const json::Node& validation, const char* member) {
  std::multiset<std::string> messages;
  if (const json::Node* errors = validation.Find(member)) {
    for (const json::Node& error : errors->elements) messages.insert(Modern(error.string));
  }
  return messages;
}

std::multiset<std::string> Messages(const std::vector<Finding>& findings) {
  std::multiset<std::string> messages;
  for (const Finding& finding : findings) messages.insert(finding.message);
  return messages;
}

std::set<std::string> Once(const std::multiset<std::string>& messages) {
  return {messages.begin(), messages.end()};
}

TEST(Conformance, Validation) {
  const auto folder = Unpacked("corpus");
  if (!folder) GTEST_SKIP() << kAbsent;
  Sources sources;
  const std::set<std::string> changed = ChangedSince(&sources);
  Counts counts;
  std::size_t other_texts = 0, other_repeats = 0;
  for (const std::string& path : FilesIn(*folder, ".validation.json")) {
    const auto c = Load(path);
    if (!c) continue;
    ++counts.cases;
    const std::string id = std::filesystem::path(c->base).filename().string();
    const json::Node& expected = *c->expected->Find("policyValidation");
    for (const bool strict : {true, false}) {
      const ValidationMode mode = strict ? ValidationMode::kStrict : ValidationMode::kPermissive;
      const auto result = Validate(*c->schema, c->policies, {.mode = mode});
      ASSERT_TRUE(result.ok()) << path;
      bool verdict = expected.Find(strict ? "strict" : "permissive")->boolean;
      auto wanted = Expected(expected, strict ? "strictErrors" : "permissiveErrors");
      // What was an error then is a warning now.
      std::erase_if(wanted, [](const std::string& message) {
        return message.find("unable to find an applicable action") != std::string::npos;
      });
      if (strict && changed.contains(id)) verdict = true;
      if (!strict && !verdict && wanted.empty()) verdict = true;
      const auto found = Messages(result.value().errors);
      if (result.value().passed() != verdict && ++counts.wrong <= kPrinted) {
        std::cout << id << (strict ? " strict" : " permissive") << " should be "
                  << (verdict ? "valid" : "invalid") << "\n";
        for (const std::string& message : found) std::cout << "  found  " << message << "\n";
        for (const std::string& message : wanted) std::cout << "  wanted " << message << "\n";
      }
      // 4.13 says once what 4.9.1 said for each access of a chain that stands at one place.
      const bool same_texts = Once(found) == Once(wanted);
      if (same_texts && found != wanted) ++other_repeats;
      if (!same_texts && ++other_texts <= kPrinted) {
        std::cout << id << (strict ? " strict" : " permissive") << "\n";
        for (const std::string& message : found) {
          if (!wanted.contains(message)) std::cout << "  found  " << message.substr(0, 200) << "\n";
        }
        for (const std::string& message : wanted) {
          if (!found.contains(message)) std::cout << "  wanted " << message.substr(0, 200) << "\n";
        }
      }
    }
  }
  std::cout << "validations: " << counts.cases << " cases in both modes, " << counts.wrong
            << " wrong verdicts, " << other_texts << " with other texts, " << other_repeats
            << " with a text repeated more or less often\n";
  EXPECT_GE(counts.cases, 3925U);
  EXPECT_EQ(counts.wrong, 0U);
  EXPECT_EQ(other_texts, 0U);
  EXPECT_EQ(other_repeats, 0U);
}

}  // namespace
}  // namespace assay::conformance
