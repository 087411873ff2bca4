// policyc authorize: decides one request, or a file of them.
#include <chrono>
#include <iostream>

#include "assay/evaluator.h"
#include "compiler/cli/command.h"
#include "compiler/cli/input.h"
#include "compiler/cli/json_text.h"
#include "engine/base/escape.h"

namespace assay::cli {

namespace {

struct Flags {
  PolicyFlags policies;
  std::string entities, requests;
  RequestFlags request;
  SchemaFlags schema;
  bool is_json = false, verbose = false, timing = false;
  bool denies_on_error = false;  // if it is a forbid that fails
};

Decision DecideFor(const Flags& flags, const Snapshot& snapshot, const Request& request,
                   Scratch* scratch) {
  const Decision decision = Decide(snapshot, request, *scratch);
  return flags.denies_on_error ? decision.DenyIfForbidFailed() : decision;
}

using Duration = std::chrono::steady_clock::duration;

std::string_view PolicyId(const Snapshot& snapshot, std::uint32_t policy) {
  return snapshot.policy_id(policy);
}

void PrintJson(const Snapshot& snapshot, const Decision& decision) {
  std::vector<std::string_view> reasons;
  for (const std::uint32_t policy : decision.determining()) {
    reasons.push_back(PolicyId(snapshot, policy));
  }
  std::cout << "{\"decision\":\"" << (decision.is_allow() ? "allow" : "deny")
            << "\",\"diagnostics\":{\"reason\":" << JsonTexts(reasons) << ",\"errors\":[";
  for (std::size_t i = 0; i < decision.error_count(); ++i) {
    std::cout << (i > 0 ? "," : "")
              << "{\"policyId\":" << JsonText(PolicyId(snapshot, decision.error_policy(i)))
              << ",\"error\":{\"message\":" << JsonText(decision.error_text(i)) << "}}";
  }
  std::cout << "]}}\n";
}

// The same text as the reference's command line.
void PrintHuman(const Snapshot& snapshot, const Decision& decision, bool verbose,
                const Duration* time = nullptr) {
  std::cout << "\n";
  if (time != nullptr) {
    std::cout << "Authorization Time (micro seconds) : "
              << std::chrono::duration_cast<std::chrono::microseconds>(*time).count() << "\n";
  }
  std::cout << (decision.is_allow() ? "ALLOW" : "DENY") << "\n";
  if (decision.error_count() > 0) std::cout << "\n";
  for (std::size_t i = 0; i < decision.error_count(); ++i) {
    std::cout << "error while evaluating policy `"
              << EscapeText(PolicyId(snapshot, decision.error_policy(i)))
              << "`: " << decision.error_text(i) << "\n";
  }
  if (!verbose) return;
  std::cout << "\n";
  if (decision.determining().empty()) {
    std::cout << "note: no policies applied to this request\n";
    return;
  }
  std::cout << "note: this decision was due to the following policies:\n";
  for (const std::uint32_t policy : decision.determining()) {
    std::cout << "  " << EscapeText(PolicyId(snapshot, policy)) << "\n";
  }
  std::cout << "\n";
}

std::optional<Snapshot> Load(Input* input, const Flags& flags, const Schema* schema) {
  // Only requests that are validated may be decided by what the schema promises.
  const bool is_typed = schema != nullptr && flags.request.validates;
  auto program = ReadProgram(input, flags.policies, is_typed ? schema : nullptr);
  auto entities = ReadEntities(input, flags.entities, schema);
  if (!program || !entities) return std::nullopt;
  Result<Snapshot> snapshot = Snapshot::Create(*program, *entities, TheLimits());
  if (snapshot.ok()) return std::move(snapshot).value();
  PrintError(snapshot.error().message);
  return std::nullopt;
}

int AuthorizeOne(const Flags& flags) {
  Input input;
  const auto schema = flags.schema.Read(&input);
  if (!schema) return kFailure;
  const auto snapshot = Load(&input, flags, schema->get());
  const auto request = flags.request.Read(&input, schema->get());
  if (!snapshot || !request) return kFailure;
  Scratch scratch(TheLimits());
  const auto start = std::chrono::steady_clock::now();
  const Decision decision = DecideFor(flags, *snapshot, *request, &scratch);
  const auto time = std::chrono::steady_clock::now() - start;
  if (decision.status() != DecisionStatus::kDecided) {
    PrintError(WhyUndecided(*snapshot, *request));
    return kFailure;
  }
  if (flags.is_json) {
    PrintJson(*snapshot, decision);
  } else {
    PrintHuman(*snapshot, decision, flags.verbose, flags.timing ? &time : nullptr);
  }
  return decision.is_allow() ? kSuccess : kDeny;
}

void PrintLineError(const std::string& message, bool is_json) {
  if (is_json) {
    std::cout << "{\"error\":{\"message\":" << JsonText(message) << "}}\n";
  } else {
    std::cout << "\nERROR\n" << message;
  }
}

// What is wrong with the request itself, or with it under the schema, as text; "" if nothing is.
std::string ReadLine(const Sources& sources, std::uint32_t source, const Schema* schema,
                     bool validates, std::optional<Request>* request) {
  Diagnostics diagnostics;
  *request = ParseRequest(schema, sources, source, &diagnostics);
  if (!*request) return diagnostics.Render(sources);
  const std::string problem = validates ? RequestProblem(schema, **request) : "";
  return problem.empty() ? "" : "error: " + problem + "\n";
}

// Line `number` of a .jsonl file. It is a source of its own, dropped afterwards: the file may be
// long.
bool AuthorizeLine(const Snapshot& snapshot, const Schema* schema, const Flags& flags,
                   std::string text, std::uint32_t number, Scratch* scratch) {
  Sources sources;
  const std::uint32_t source = sources.Add(SourceName(flags.requests), std::move(text), number);
  std::optional<Request> request;
  const std::string problem = ReadLine(sources, source, schema, flags.request.validates, &request);
  if (!problem.empty()) {
    PrintLineError(problem, flags.is_json);
    return false;
  }
  const Decision decision = DecideFor(flags, snapshot, *request, scratch);
  if (decision.status() != DecisionStatus::kDecided) {
    PrintLineError(WhyUndecided(snapshot, *request), flags.is_json);
    return false;
  }
  if (flags.is_json) {
    PrintJson(snapshot, decision);
  } else {
    PrintHuman(snapshot, decision, flags.verbose);
  }
  return true;
}

int AuthorizeMany(const Flags& flags) {
  Input input;
  const auto schema = flags.schema.Read(&input);
  if (!schema) return kFailure;
  const auto snapshot = Load(&input, flags, schema->get());
  if (!snapshot) return kFailure;
  Scratch scratch(TheLimits());
  bool ok = true;
  const bool was_read = input.ForEachLine(flags.requests, [&](std::string line, std::uint32_t n) {
    ok = AuthorizeLine(*snapshot, schema->get(), flags, std::move(line), n, &scratch) && ok;
    return true;
  });
  return was_read && ok ? kSuccess : kFailure;
}

int Authorize(const Flags& flags) {
  if (flags.requests.empty()) return AuthorizeOne(flags);
  if (!flags.request.any()) return AuthorizeMany(flags);
  PrintError("--requests takes the place of the flags that name one request");
  return kFailure;
}

void Declare(Command* command, Flags* flags) {
  flags->policies.AddTo(command);
  command->Text("--entities", &flags->entities, "A JSON file with the entities");
  flags->request.AddTo(command);
  flags->schema.AddTo(command);
  const Option requests =
      command->Text("--requests", &flags->requests,
                    "A file with one JSON request a line; each is decided in order");
  command->Flag("-v,--verbose", &flags->verbose, "Also name the determining policies");
  const Option format = command->Choice("--format", &flags->is_json,
                                        {{"human", false}, {"json", true}}, "What to print");
  command->Choice("--on-error", &flags->denies_on_error,
                  {{"skip", false}, {"deny-if-forbid-errs", true}},
                  "What becomes of an allow when a forbid fails: it stays, or it is a deny");
  command->Flag("-t,--timing", &flags->timing, "Also print how long the decision took")
      .Excludes(requests)
      .Excludes(format);
}

}  // namespace

void AddAuthorize(Command* app) {
  app->Add<Flags>("authorize", "Decide one request or a file of requests", Declare, Authorize);
}

}  // namespace assay::cli
