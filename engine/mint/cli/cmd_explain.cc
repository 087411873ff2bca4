// assay ledger explain: why there is a grant, or none; the decision is made again from the record.
#include <functional>
#include <iostream>

#include "assay/mint/explain.h"
#include "assay/mint/ledger_reader.h"
#include "compiler/cli/input.h"
#include "engine/base/escape.h"
#include "engine/mint/cli/broker.h"
#include "engine/mint/cli/command.h"
#include "engine/mint/ledger/export.h"
#include "engine/mint/ledger/inventory.h"
#include "engine/snapshot/policy_digest.h"

namespace assay::mint::cli {

namespace {

struct Flags {
  std::string folder, id;
  assay::cli::PolicyFlags policies;
  bool is_json = false;
};

struct Story {
  std::optional<Record> decision;
  // Uses and revocations of the grant; the refusal, if it could not be signed.
  std::vector<Record> later;
};

// Calls `take` for each record; false after an error was printed.
bool ForEachRecord(const Flags& flags, const std::function<void(const Record&)>& take) {
  const auto fail = [](const LedgerError& error) {
    PrintError(error.message + " [" + std::string(LedgerFaultName(error.fault)) + "]");
    return false;
  };
  auto reader = LedgerReader::Open(LedgerFolder(flags.folder));
  if (!reader.ok()) return fail(reader.error());
  Record record;
  for (;;) {
    const auto next = reader.value().Next(&record);
    if (!next.ok()) return fail(next.error());
    if (!next.value()) return true;
    take(record);
  }
}

// The decision with that id, or of the grant with that jti, and what became of it.
std::optional<Story> Find(const Flags& flags) {
  Story story;
  const bool is_read = ForEachRecord(flags, [&](const Record& record) {
    const bool is_decision = record.type == RecordType::kMint || record.type == RecordType::kDeny;
    const bool is_it = record.jti == flags.id || record.decision_id == flags.id;
    if (is_decision && is_it && !story.decision) story.decision = record;
  });
  if (!is_read) return std::nullopt;
  if (!story.decision) {
    PrintError("the ledger has no decision and no grant `" + flags.id + "`");
    return std::nullopt;
  }
  if (story.decision->type != RecordType::kMint) return story;
  // Once more: a revocation of the same second ends it from in front of it.
  const bool is_read_again = ForEachRecord(flags, [&](const Record& record) {
    const bool is_itself = record.sequence == story.decision->sequence;
    const bool is_same_decision = record.decision_id == story.decision->decision_id;
    if (!is_itself && (is_same_decision || IsAboutGrant(record, *story.decision))) {
      story.later.push_back(record);
    }
  });
  if (!is_read_again) return std::nullopt;
  return story;
}

// From the broker's folder, where they are kept by their digest, unless they are given. Nobody has
// signed what is kept there, and nobody needs to: it is what was in force if it has the digest that
// the ledger has, and explains nothing otherwise.
std::optional<Program> ReadProgram(const Flags& flags, const Record& decision) {
  assay::cli::Input input;
  assay::cli::PolicyFlags policies = flags.policies;
  if (policies.path.empty()) policies.path = PolicyPath(flags.folder, *decision.policy_digest);
  auto program = assay::cli::ReadProgram(&input, policies);
  if (!program || rt::DigestOf(program->parts()) == *decision.policy_digest) return program;
  PrintError(policies.path + ": these are not the policies that the record was decided by");
  return std::nullopt;
}

std::string List(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) out += (out.size() > 1 ? "," : "") + Quoted(text);
  return out + "]";
}

void PrintJson(const Story& story, const Replay* replay) {
  std::cout << "{\"decision\":" << RecordJson(*story.decision) << ",\"later\":[";
  for (std::size_t i = 0; i < story.later.size(); ++i) {
    std::cout << (i > 0 ? "," : "") << RecordJson(story.later[i]);
  }
  std::cout << "]";
  if (replay != nullptr) {
    std::cout << ",\"replay\":{\"agrees\":" << (replay->agrees ? "true" : "false")
              << ",\"requests\":[";
    for (std::size_t i = 0; i < replay->decisions.size(); ++i) {
      const Replay::Decided& one = replay->decisions[i];
      std::cout << (i > 0 ? "," : "") << "{\"allowed\":" << (one.is_allowed ? "true" : "false")
                << ",\"errors\":" << List(one.errors) << ",\"policies\":" << List(one.policies)
                << ",\"request\":" << EscapeUnsafe(one.request) << "}";
    }
    std::cout << "]}";
  }
  std::cout << "}\n";
}

void PrintText(const Story& story, const Replay* replay) {
  const Record& decision = *story.decision;
  const bool is_mint = decision.type == RecordType::kMint;
  std::cout << (is_mint ? "minted" : "refused: " + EscapeUnsafe(decision.reason)) << "\n  "
            << RecordLine(decision) << "\n";
  for (const Record& record : story.later) std::cout << "  " << RecordLine(record) << "\n";
  if (replay == nullptr) {
    std::cout << (decision.policy_digest ? "what was decided could not be recorded\n"
                                         : "policy was not asked\n");
    return;
  }
  for (const Replay::Decided& one : replay->decisions) {
    std::cout << (one.is_allowed ? "allowed by" : "denied by");
    for (const std::string& id : one.policies) std::cout << " `" << EscapeText(id) << "`";
    if (one.policies.empty()) std::cout << " default: no policy allows it";
    std::cout << "\n";
    for (const std::string& error : one.errors) {
      std::cout << "  failed: " << EscapeText(error) << "\n";
    }
  }
  std::cout << (replay->agrees ? "decided again from the record, with the same result\n"
                               : "decided again from the record, WITH ANOTHER RESULT\n");
}

int Explain(const Flags& flags) {
  const auto story = Find(flags);
  if (!story) return kFailure;
  const Record& decision = *story->decision;
  std::optional<Replay> replay;
  if (decision.policy_digest && !decision.requests.empty()) {
    const auto program = ReadProgram(flags, decision);
    if (!program) return kFailure;
    auto replayed = ReplayDecision(decision, *program);
    if (!replayed.ok()) {
      PrintError(replayed.error().message);
      return kFailure;
    }
    replay = std::move(replayed).value();
  }
  const Replay* shown = replay ? &*replay : nullptr;
  if (flags.is_json) {
    PrintJson(*story, shown);
  } else {
    PrintText(*story, shown);
  }
  return !replay || replay->agrees ? kSuccess : kFailure;
}

void Declare(Command* command, Flags* flags) {
  command->Text("folder", &flags->folder, "The folder that `assay init` made").Required();
  command->Text("id", &flags->id, "The `jti` of a grant, or the id of a decision").Required();
  flags->policies.AddTo(command).About(
      "The policies of that time, if the broker's folder does not have them");
  AddFormat(command, &flags->is_json);
}

}  // namespace

void AddExplain(Command* ledger) {
  ledger->Add<Flags>("explain",
                     "Say why there is a grant or none, and decide again from the record", Declare,
                     Explain);
}

}  // namespace assay::mint::cli
