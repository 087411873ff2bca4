// policyc authorize: decides one request, or a file of them.
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "assay/evaluator.h"
#include "assay/validate.h"
#include "compiler/cli/command.h"
#include "compiler/cli/input.h"
#include "engine/base/escape.h"

namespace assay::cli {

namespace {

using Json = nlohmann::ordered_json;

struct Flags {
  PolicyFlags policies;
  std::string entities, requests, format = "human";
  RequestFlags request;
  SchemaFlags schema;
  bool verbose = false;
};

std::string_view PolicyId(const Snapshot& snapshot, std::uint32_t policy) {
  return snapshot.policy_id(policy);
}

void PrintJson(const Snapshot& snapshot, const Decision& decision) {
  Json reason = Json::array(), errors = Json::array();
  for (const std::uint32_t policy : decision.determining()) {
    reason.push_back(PolicyId(snapshot, policy));
  }
  for (std::size_t i = 0; i < decision.error_count(); ++i) {
    errors.push_back({{"policyId", PolicyId(snapshot, decision.error_policy(i))},
                      {"error", {{"message", decision.error_text(i)}}}});
  }
  const Json line = {{"decision", decision.is_allow() ? "allow" : "deny"},
                     {"diagnostics", {{"reason", reason}, {"errors", errors}}}};
  std::cout << line.dump() << "\n";
}

// The same text as the reference's command line.
void PrintHuman(const Snapshot& snapshot, const Decision& decision, bool verbose) {
  std::cout << "\n" << (decision.is_allow() ? "ALLOW" : "DENY") << "\n";
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
  Result<Snapshot> snapshot = Snapshot::Create(*program, *entities);
  if (snapshot.ok()) return std::move(snapshot).value();
  PrintError(snapshot.error().message);
  return std::nullopt;
}

// False, after saying why, if there was no decision.
bool Decided(const Decision& decision) {
  if (decision.status() == DecisionStatus::kDecided) return true;
  PrintError("the request could not be decided");
  return false;
}

int AuthorizeOne(const Flags& flags) {
  Input input;
  const auto schema = flags.schema.Read(&input);
  if (!schema) return kFailure;
  const auto snapshot = Load(&input, flags, schema->get());
  const auto request = flags.request.Read(&input, schema->get());
  if (!snapshot || !request) return kFailure;
  Scratch scratch;
  const Decision decision = Decide(*snapshot, *request, scratch);
  if (!Decided(decision)) return kFailure;
  if (flags.format == "json") {
    PrintJson(*snapshot, decision);
  } else {
    PrintHuman(*snapshot, decision, flags.verbose);
  }
  return decision.is_allow() ? kSuccess : kDeny;
}

void PrintLineError(const std::string& message, bool is_json) {
  if (is_json) {
    const Json line = {{"error", {{"message", message}}}};
    std::cout << line.dump(-1, ' ', false, Json::error_handler_t::replace) << "\n";
  } else {
    std::cout << "\nERROR\n" << message;
  }
}

// What is wrong with the request itself, or with it under the schema, as text; "" if nothing is.
std::string ReadLine(const Sources& sources, std::uint32_t source, const Schema* schema,
                     bool validates, std::optional<Request>* request) {
  Diagnostics diagnostics;
  *request = schema != nullptr ? ParseRequestJson(*schema, sources, source, Limits{}, &diagnostics)
                               : ParseRequestJson(sources, source, Limits{}, &diagnostics);
  if (!*request) return diagnostics.Render(sources);
  if (schema == nullptr || !validates) return {};
  const Result<bool> valid = ValidateRequest(*schema, **request);
  return valid.ok() ? std::string() : "error: " + valid.error().message + "\n";
}

// Line `number` of a .jsonl file. It is a source of its own, dropped afterwards: the file may be
// long.
bool AuthorizeLine(const Snapshot& snapshot, const Schema* schema, const Flags& flags,
                   std::string text, std::uint32_t number, Scratch* scratch) {
  Sources sources;
  const std::uint32_t source = sources.Add(SourceName(flags.requests), std::move(text), number);
  std::optional<Request> request;
  const std::string problem = ReadLine(sources, source, schema, flags.request.validates, &request);
  const bool is_json = flags.format == "json";
  if (!problem.empty()) {
    PrintLineError(problem, is_json);
    return false;
  }
  const Decision decision = Decide(snapshot, *request, *scratch);
  if (decision.status() != DecisionStatus::kDecided) {
    PrintLineError("the request could not be decided", is_json);
    return false;
  }
  if (is_json) {
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
  const auto text = input.ReadFile(flags.requests);
  if (!text) return kFailure;
  Scratch scratch;
  bool ok = true;
  std::istringstream lines(*text);
  std::string line;
  for (std::uint32_t number = 1; std::getline(lines, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    ok = AuthorizeLine(*snapshot, schema->get(), flags, std::move(line), number, &scratch) && ok;
  }
  return ok ? kSuccess : kFailure;
}

}  // namespace

void AddAuthorize(CLI::App* app, Run* run) {
  CLI::App* command = app->add_subcommand("authorize", "Decide one request or a file of requests");
  auto flags = std::make_shared<Flags>();
  flags->policies.AddTo(command);
  command->add_option("--entities", flags->entities, "A JSON file with the entities");
  flags->request.AddTo(command);
  flags->schema.AddTo(command, false);
  command->add_option("--requests", flags->requests,
                      "A file with one JSON request a line; each is decided in order");
  command->add_flag("-v,--verbose", flags->verbose, "Also name the determining policies");
  command->add_option("--format", flags->format, "human or json")
      ->check(CLI::IsMember({"human", "json"}));
  command->callback([flags, run] {
    *run = [flags] {
      if (flags->requests.empty()) return AuthorizeOne(*flags);
      if (!flags->request.any()) return AuthorizeMany(*flags);
      PrintError("--requests takes the place of the flags that name one request");
      return int{kFailure};
    };
  });
}

}  // namespace assay::cli
