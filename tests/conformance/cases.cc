#include "tests/conformance/cases.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "assay/evaluator.h"
#include "assay/validate.h"
#include "engine/data/value_json.h"
#include "tests/support/paths.h"

namespace assay::conformance {

namespace fs = std::filesystem;

namespace {

// Further wrong answers are counted, not printed.
constexpr std::size_t kPrinted = 10;

std::set<std::string> Strings(const json::Node& array) {
  std::set<std::string> out;
  for (const json::Node& element : array.elements) out.insert(element.string);
  return out;
}

std::string Text(const Expected& answer) {
  std::string out = answer.allow ? "allow reason" : "deny reason";
  for (const std::string& id : answer.reason) out += " " + id;
  out += " errors";
  for (const std::string& id : answer.errors) out += " " + id;
  return out;
}

}  // namespace

std::optional<std::string> Unpacked(const std::string& archive) {
  const auto folder = testing::Unpacked("conformance/cedar/" + archive + ".tar.xz");
  return folder ? std::optional(folder->string()) : std::nullopt;
}

std::vector<std::string> FilesIn(const std::string& folder, const std::string& ending) {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string path = entry.path().string();
    if (path.size() > ending.size() &&
        path.compare(path.size() - ending.size(), ending.size(), ending) == 0) {
      files.push_back(path);
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string ReadText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Expected ReadExpected(const json::Node& node) {
  return {node.Find("decision")->string == "allow", Strings(*node.Find("reason")),
          Strings(*node.Find("errors"))};
}

struct Runner::State {
  Snapshot snapshot;
  Scratch scratch;
};

Runner::Runner(std::string name, const PolicySet& policies, Entities entities,
               std::optional<Schema> schema)
    : name_(std::move(name)), schema_(std::move(schema)) {
  Result<Program> program = policies.Compile();
  EXPECT_TRUE(program.ok()) << name_ << ": " << program.error().message;
  if (!program.ok()) return;
  Result<Snapshot> snapshot = Snapshot::Create(program.value(), entities);
  EXPECT_TRUE(snapshot.ok()) << name_ << ": " << snapshot.error().message;
  if (!snapshot.ok()) return;
  state_ = std::make_shared<State>(State{std::move(snapshot).value(), Scratch()});
}

Record Runner::ReadContext(const Sources& sources, const json::Node& request,
                           const EntityUid& action, Diagnostics* diagnostics) const {
  const json::Node* context = request.Find("context");
  if (context == nullptr) return {};
  if (!schema_) return data::ReadAttributes(*context, diagnostics).value_or(Record{});
  Sources own;
  const std::uint32_t source = own.Add("context", std::string(sources.Slice(context->span)));
  return ParseContextJson(*schema_, action, own, source, Limits{}, diagnostics).value_or(Record{});
}

void Runner::Check(const std::string& label, const Sources& sources, const json::Node& request,
                   const Expected& expected, Counts* counts) {
  ++counts->requests;
  Diagnostics diagnostics;
  const auto uid = [&](const char* name) {
    return data::ReadUid(*request.Find(name), true, &diagnostics).value_or(EntityUid{});
  };
  Request parsed{uid("principal"), uid("action"), uid("resource"), {}};
  parsed.context = ReadContext(sources, request, parsed.action, &diagnostics);
  const json::Node* validates = request.Find("validateRequest");
  if (schema_ && (validates == nullptr || validates->boolean)) {
    const Result<bool> valid = ValidateRequest(*schema_, parsed);
    if (!valid.ok()) {
      diagnostics.AddWithoutPlace(DiagId::kSchemaMismatch, valid.error().message);
    }
  }
  if (state_ == nullptr || !diagnostics.empty()) {
    ++counts->wrong;
    std::cout << name_ << " " << label << ": " << diagnostics.Render(sources);
    return;
  }
  const Decision decision = Decide(state_->snapshot, parsed, state_->scratch);
  Expected actual{decision.is_allow(), {}, {}};
  const Snapshot& snapshot = state_->snapshot;
  for (const auto policy : decision.determining())
    actual.reason.emplace(snapshot.policy_id(policy));
  for (std::size_t i = 0; i < decision.error_count(); ++i) {
    actual.errors.emplace(snapshot.policy_id(decision.error_policy(i)));
  }
  if (decision.status() == DecisionStatus::kDecided && actual == expected) return;
  if (++counts->wrong <= kPrinted) {
    std::cout << name_ << " " << label << "\n  expected " << Text(expected) << "\n  actual   "
              << Text(actual) << "\n";
  }
}

}  // namespace assay::conformance
