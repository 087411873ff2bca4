#include "compiler/cli/test_run.h"

#include <algorithm>
#include <set>
#include <utility>

#include "engine/base/escape.h"

namespace assay::cli {

namespace {

std::string Quoted(std::string_view id) { return "`" + Printable(id) + "`"; }

std::string Joined(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (const std::string& part : parts) {
    if (!out.empty()) out += separator;
    out += part;
  }
  return out;
}

// The answer to one test, compared with what the test expects. Ids are views into the snapshot.
class Comparison {
 public:
  Comparison(const Snapshot& snapshot, const Decision& decision, const TestCase& test)
      : snapshot_(snapshot), decision_(decision), test_(test) {}

  // All differences; when the decision itself is another, that alone.
  std::vector<std::string> Differences() const {
    if (decision_.is_allow() != test_.is_allow) {
      return {std::string("expected ") + Name(test_.is_allow) + ", got " +
              Name(decision_.is_allow())};
    }
    std::vector<std::string> out;
    CompareReasons(&out);
    if (test_.error_count && *test_.error_count != decision_.error_count()) {
      out.push_back("expected " + std::to_string(*test_.error_count) + " error(s), but got " +
                    std::to_string(decision_.error_count()) + " runtime error(s): " + Errors());
    }
    if (test_.errors) CompareErrors(&out);
    return out;
  }

 private:
  static const char* Name(bool is_allow) { return is_allow ? "Allow" : "Deny"; }

  void CompareReasons(std::vector<std::string>* out) const {
    std::set<std::string_view> ids;
    for (const std::uint32_t policy : decision_.determining()) {
      ids.insert(snapshot_.policy_id(policy));
    }
    std::vector<std::string> missing;
    for (const std::string& reason : test_.reasons) {
      if (ids.count(reason) == 0) missing.push_back(Quoted(reason));
    }
    if (!missing.empty()) out->push_back("missing reason(s): " + Joined(missing, ", "));
  }

  void CompareErrors(std::vector<std::string>* out) const {
    std::vector<std::string_view> failed;
    for (std::size_t i = 0; i < decision_.error_count(); ++i) {
      failed.push_back(snapshot_.policy_id(decision_.error_policy(i)));
    }
    std::sort(failed.begin(), failed.end());
    for (const std::string& id : *test_.errors) {
      if (!std::binary_search(failed.begin(), failed.end(), id)) {
        out->push_back("expected an error of " + Quoted(id));
      }
    }
    for (std::size_t i = 0; i < decision_.error_count(); ++i) {
      const std::string_view id = snapshot_.policy_id(decision_.error_policy(i));
      if (!std::binary_search(test_.errors->begin(), test_.errors->end(), id)) {
        out->push_back(Error(i));
      }
    }
  }

  std::string Errors() const {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < decision_.error_count(); ++i) texts.push_back(Error(i));
    return Joined(texts, ", ");
  }

  std::string Error(std::size_t i) const {
    return "error while evaluating policy `" +
           EscapeText(snapshot_.policy_id(decision_.error_policy(i))) +
           "`: " + decision_.error_text(i);
  }

  const Snapshot& snapshot_;
  const Decision& decision_;
  const TestCase& test_;
};

}  // namespace

TestRunner::TestRunner(Program program, const TestFile& file)
    : program_(std::move(program)), file_(file), snapshots_(file.entities.size()) {}

const Snapshot* TestRunner::SnapshotFor(const TestCase& test, std::string* why) {
  std::optional<Snapshot>& snapshot = snapshots_[test.entities];
  if (snapshot) return &*snapshot;
  Result<Snapshot> made = Snapshot::Create(program_, file_.entities[test.entities], TheLimits());
  if (made.ok()) return &snapshot.emplace(std::move(made).value());
  *why = made.error().message + "\n";
  return nullptr;
}

TestResult TestRunner::Run(const TestCase& test) {
  using State = TestResult::State;
  if (!test.problem.empty()) return {State::kBroken, test.problem, false, {}};
  std::string why;
  const Snapshot* snapshot = SnapshotFor(test, &why);
  if (snapshot == nullptr) return {State::kBroken, why, false, {}};
  const Decision decision = Decide(*snapshot, test.request, scratch_);
  if (decision.status() != DecisionStatus::kDecided) {
    return {State::kBroken, WhyUndecided(*snapshot, test.request) + "\n", false, {}};
  }
  const auto differences = Comparison(*snapshot, decision, test).Differences();
  TestResult result{State::kPassed, Joined(differences, "; "), decision.is_allow(), {}};
  if (!differences.empty()) result.state = State::kFailed;
  for (const std::uint32_t policy : decision.determining()) {
    result.determining.emplace_back(snapshot->policy_id(policy));
  }
  return result;
}

}  // namespace assay::cli
