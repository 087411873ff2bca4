// policyc diff: which requests get another decision from new policies.
#include <iostream>
#include <limits>

#include "assay/evaluator.h"
#include "compiler/cedar/policy_set.h"
#include "compiler/cli/command.h"
#include "compiler/cli/input.h"
#include "compiler/cli/json_text.h"
#include "compiler/cli/request_space.h"
#include "engine/base/escape.h"

namespace assay::cli {

namespace {

struct Flags {
  PolicyFlags before, after;
  SchemaFlags schema;
  std::string entities, requests;
  std::uint64_t limit = 1'000'000;
  std::uint64_t show = 100;
  bool is_json = false;
};

// One of the two sides.
struct Side {
  PolicySet policies;
  Snapshot snapshot;
  Scratch scratch;

  struct Answer {
    bool is_allow = false;
    std::vector<std::string> because;
  };
  // Nothing without memory.
  std::optional<Answer> Ask(const Request& request) {
    const Decision decision = Decide(snapshot, request, scratch);
    if (decision.status() != DecisionStatus::kDecided) return std::nullopt;
    Answer answer{decision.is_allow(), {}};
    for (const std::uint32_t policy : decision.determining()) {
      answer.because.emplace_back(snapshot.policy_id(policy));
    }
    return answer;
  }
};

std::optional<Side> ReadSide(Input* input, const PolicyFlags& flags, const Entities& entities) {
  auto policies = flags.Read(input);
  if (!policies) return std::nullopt;
  const Result<Program> program = policies->Compile();
  if (!program.ok()) {
    input->Fail(program.error().message);
    return std::nullopt;
  }
  Result<Snapshot> snapshot = Snapshot::Create(program.value(), entities, TheLimits());
  if (!snapshot.ok()) {
    input->Fail(snapshot.error().message);
    return std::nullopt;
  }
  return Side{std::move(*policies), std::move(snapshot).value(), Scratch(TheLimits())};
}

const char* Name(bool is_allow) { return is_allow ? "allow" : "deny"; }

class Differ {
 public:
  Differ(const Flags& flags, const Schema* schema, Side* before, Side* after)
      : flags_(flags), schema_(schema), before_(*before), after_(*after) {}

  // False if there was no memory to decide.
  bool Ask(const Request& request) {
    const auto before = before_.Ask(request), after = after_.Ask(request);
    if (!before || !after) {
      PrintError(WhyUndecided(before ? after_.snapshot : before_.snapshot, request));
      return false;
    }
    ++asked_;
    if (before->is_allow == after->is_allow) return true;
    if (++changed_ <= flags_.show) Show(request, *before, *after);
    return true;
  }
  // The same for a request that was made up: only those that the schema allows are asked, but all
  // are work, and count.
  bool AskIfValid(const Request& request) {
    if (made_ == flags_.limit) {
      is_cut_ = true;
      return false;
    }
    ++made_;
    return !RequestProblem(schema_, request).empty() || Ask(request);
  }

  std::uint64_t asked() const { return asked_; }
  std::uint64_t changed() const { return changed_; }
  bool is_cut() const { return is_cut_; }

 private:
  void Show(const Request& request, const Side::Answer& before, const Side::Answer& after) const {
    if (flags_.is_json) {
      std::cout << "{\"principal\":" << JsonText(request.principal.ToCedar())
                << ",\"action\":" << JsonText(request.action.ToCedar())
                << ",\"resource\":" << JsonText(request.resource.ToCedar())
                << ",\"context\":" << JsonText(Value(request.context).ToCedar())
                << ",\"before\":" << Json(before) << ",\"after\":" << Json(after) << "}\n";
      return;
    }
    std::cout << Printable(request.principal.ToCedar()) << " "
              << Printable(request.action.ToCedar()) << " "
              << Printable(request.resource.ToCedar());
    if (!request.context.empty()) {
      std::cout << " " << Printable(Value(request.context).ToCedar());
    }
    std::cout << "\n  before: " << Text(before) << "\n  after:  " << Text(after) << "\n";
  }

  static std::string Text(const Side::Answer& answer) {
    std::string out = std::string(Name(answer.is_allow)) + ", ";
    if (answer.because.empty()) return out + "no policy permits it";
    out += "because of";
    for (const std::string& id : answer.because) out += " `" + Printable(id) + "`";
    return out;
  }
  static std::string Json(const Side::Answer& answer) {
    return std::string("{\"decision\":\"") + Name(answer.is_allow) +
           "\",\"reason\":" + JsonTexts(answer.because) + "}";
  }

  const Flags& flags_;
  const Schema* schema_;
  Side &before_, &after_;
  std::uint64_t made_ = 0, asked_ = 0, changed_ = 0;
  bool is_cut_ = false;
};

// False, after an error was printed, if the line cannot be read or decided, or the schema does not
// allow it.
bool AskLine(Input* input, const std::string& path, std::string line, std::uint32_t number,
             const Schema* schema, Differ* differ) {
  Sources sources;
  Diagnostics diagnostics;
  const auto source = sources.Add(SourceName(path), std::move(line), number);
  const auto request = ParseRequest(schema, sources, source, &diagnostics);
  if (!request) {
    PrintDiagnostics(diagnostics, sources, &std::cerr);
    return false;
  }
  const std::string problem = RequestProblem(schema, *request);
  if (problem.empty()) return differ->Ask(*request);
  input->Fail(SourceName(path) + ":" + std::to_string(number) + ": " + problem);
  return false;
}

// One JSON request a line.
bool AskFile(Input* input, const std::string& path, const Schema* schema, Differ* differ) {
  return input->ForEachLine(path, [&](std::string line, std::uint32_t number) {
    return AskLine(input, path, std::move(line), number, schema, differ);
  });
}

int Diff(const Flags& flags) {
  Input input;
  const auto schema = flags.schema.Read(&input);
  if (!schema) return kFailure;
  const auto entities = ReadEntities(&input, flags.entities, schema->get());
  if (!entities) return kFailure;
  auto before = ReadSide(&input, flags.before, *entities);
  auto after = ReadSide(&input, flags.after, *entities);
  if (!before || !after) return kFailure;
  Differ differ(flags, schema->get(), &*before, &*after);
  if (!flags.requests.empty()) {
    if (!AskFile(&input, flags.requests, schema->get(), &differ)) return kFailure;
  } else {
    RequestSpace space(*entities);
    space.Add(before->policies.syntax());
    space.Add(after->policies.syntax());
    bool decided = true;
    space.ForEach(schema->get(), [&](const Request& request) {
      decided = differ.AskIfValid(request);
      return decided;
    });
    if (!decided && !differ.is_cut()) return kFailure;
  }
  if (differ.asked() == 0) {
    PrintError("there is no request to compare");
    return kFailure;
  }
  if (!flags.is_json) {
    if (differ.changed() > flags.show) {
      std::cout << "and " << differ.changed() - flags.show << " more\n";
    }
    std::cout << differ.changed() << " of " << differ.asked() << " requests change"
              << (differ.is_cut() ? "; there are more requests, see --limit" : "") << "\n";
  }
  return differ.changed() == 0 && !differ.is_cut() ? kSuccess : kFailure;
}

void Declare(Command* command, Flags* flags) {
  command->Text("old", &flags->before.path, "The policies before").Required();
  command->Text("new", &flags->after.path, "The policies after").Required();
  flags->schema.AddTo(command);
  command->Text("--entities", &flags->entities, "A JSON file with the entities");
  command->Text("--requests", &flags->requests,
                "A file with one JSON request a line; without it, requests are made from the "
                "entities and from what policies name and compare with, as far as a schema allows");
  command->Number("--limit", &flags->limit, "How many requests to make at most; over it fails")
      .Between(1, std::numeric_limits<std::int64_t>::max());
  command->Number("--show", &flags->show, "How many changes to show at most");
  command->Choice("--format", &flags->is_json, {{"human", false}, {"json", true}}, "What to print");
}

}  // namespace

void AddDiff(Command* app) {
  app->Add<Flags>("diff",
                  "Find requests that new policies decide in another way; exits with 1 if "
                  "there is any",
                  Declare, Diff);
}

}  // namespace assay::cli
