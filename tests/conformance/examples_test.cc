// The examples in policies/ give the answers beside them, error texts included.
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "assay/evaluator.h"
#include "tests/conformance/cases.h"
#include "tests/support/paths.h"

namespace assay::conformance {
namespace {

std::vector<std::string> Lines(const std::string& path) {
  std::istringstream text(ReadText(path));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

PolicySet LoadExample(const std::string& folder, Sources* sources, Diagnostics* diagnostics) {
  PolicySet set;
  const std::string cedar = folder + "/policies.cedar", json = folder + "/policies.json";
  if (std::filesystem::exists(cedar)) {
    set.AddCedar(*sources, sources->Add(cedar, ReadText(cedar)), diagnostics);
  } else {
    set.AddJson(sources, sources->Add(json, ReadText(json)), diagnostics);
  }
  return set;
}

// What `policyc authorize --format json` prints for a decision.
std::string Line(const Snapshot& snapshot, const Decision& decision) {
  const auto quoted = [](std::string_view text) {
    std::string out = "\"";
    for (const char c : text) out += c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c};
    return out + "\"";
  };
  std::string reason, errors;
  for (const std::uint32_t policy : decision.determining()) {
    reason += (reason.empty() ? "" : ",") + quoted(snapshot.policy_id(policy));
  }
  for (std::size_t i = 0; i < decision.error_count(); ++i) {
    errors += errors.empty() ? "" : ",";
    errors += "{\"policyId\":" + quoted(snapshot.policy_id(decision.error_policy(i))) +
              ",\"error\":{\"message\":" + quoted(decision.error_text(i)) + "}}";
  }
  return std::string("{\"decision\":\"") + (decision.is_allow() ? "allow" : "deny") +
         "\",\"diagnostics\":{\"reason\":[" + reason + "],\"errors\":[" + errors + "]}}";
}

TEST(Examples, GiveTheAnswersBesideThem) {
  std::size_t examples = 0;
  for (const auto& entry : std::filesystem::directory_iterator(testing::SourceDir() / "policies")) {
    if (!entry.is_directory()) continue;
    const std::string folder = entry.path().string();
    ++examples;
    Sources sources;
    Diagnostics diagnostics;
    const PolicySet set = LoadExample(folder, &sources, &diagnostics);
    const std::string entities_path = folder + "/entities.json";
    auto entities = Entities::FromJson(sources, sources.Add(entities_path, ReadText(entities_path)),
                                       Limits{}, &diagnostics);
    ASSERT_TRUE(diagnostics.empty()) << diagnostics.Render(sources);
    const Snapshot snapshot = Snapshot::Create(set.Compile().value(), *entities).value();
    const auto requests = Lines(folder + "/requests.jsonl");
    const auto expected = Lines(folder + "/expected.jsonl");
    ASSERT_EQ(requests.size(), expected.size()) << folder;
    Scratch scratch;
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const auto request =
          ParseRequestJson(sources, sources.Add("line", requests[i]), Limits{}, &diagnostics);
      ASSERT_TRUE(request.has_value()) << diagnostics.Render(sources);
      const Decision decision = Decide(snapshot, *request, scratch);
      EXPECT_EQ(Line(snapshot, decision), expected[i]) << folder << " line " << i + 1;
    }
  }
  EXPECT_GE(examples, 3U);
}

}  // namespace
}  // namespace assay::conformance
