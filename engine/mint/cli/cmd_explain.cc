// assay ledger explain: why there is a grant, or none; the decision is made again from the record.
#include <iostream>

#include "assay/mint/explain.h"
#include "assay/mint/ledger_reader.h"
#include "compiler/cli/input.h"
#include "engine/base/escape.h"
#include "engine/mint/cli/broker.h"
#include "engine/mint/cli/command.h"
#include "engine/mint/ledger/export.h"

namespace assay::mint::cli {

namespace {

struct Flags {
  std::string folder, id;
  assay::cli::PolicyFlags policies;
  bool is_json = false;
};

struct Story {
  std::optional<Record> decision;
  std::vector<Record> later;  // uses and revocations of the grant
};

// The decision with that id, or of the grant with that jti, and what became of it.
std::optional<Story> Find(const Flags& flags) {
  const auto fail = [](const LedgerError& error) {
    PrintError(error.message + " [" + std::string(LedgerFaultName(error.fault)) + "]");
    return std::nullopt;
  };
  auto reader = LedgerReader::Open(LedgerFolder(flags.folder));
  if (!reader.ok()) return fail(reader.error());
  Story story;
  Record record;
  for (;;) {
    const auto next = reader.value().Next(&record);
    if (!next.ok()) return fail(next.error());
    if (!next.value()) break;
    const bool is_decision = record.type == RecordType::kMint || record.type == RecordType::kDeny;
    if (is_decision && (record.jti == flags.id || record.decision_id == flags.id)) {
      story.decision = record;
    } else if (story.decision && !record.jti.empty() && record.jti == story.decision->jti) {
      story.later.push_back(record);
    }
  }
  if (story.decision) return story;
  PrintError("the ledger has no decision and no grant `" + flags.id + "`");
  return std::nullopt;
}

// From the broker's folder, where they are kept by their digest, unless they are given.
std::optional<Program> ReadProgram(const Flags& flags, const Record& decision) {
  assay::cli::Input input;
  assay::cli::PolicyFlags policies = flags.policies;
  if (policies.path.empty()) policies.path = PolicyPath(flags.folder, *decision.policy_digest);
  return assay::cli::ReadProgram(&input, policies);
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
                << ",\"request\":" << one.request << "}";
    }
    std::cout << "]}";
  }
  std::cout << "}\n";
}

void PrintText(const Story& story, const Replay* replay) {
  const Record& decision = *story.decision;
  const bool is_mint = decision.type == RecordType::kMint;
  std::cout << (is_mint ? "minted" : "refused: " + decision.reason) << "\n  "
            << RecordLine(decision) << "\n";
  for (const Record& record : story.later) std::cout << "  " << RecordLine(record) << "\n";
  if (replay == nullptr) {
    std::cout << "policy was not asked\n";
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
  if (!decision.requests.empty()) {
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

}  // namespace

void AddExplain(CLI::App* ledger, Run* run) {
  CLI::App* command = ledger->add_subcommand(
      "explain", "Say why there is a grant or none, and decide again from the record");
  auto flags = std::make_shared<Flags>();
  command->add_option("folder", flags->folder, "The folder that `assay init` made")->required();
  command->add_option("id", flags->id, "The `jti` of a grant, or the id of a decision")->required();
  flags->policies.AddTo(command)->description(
      "The policies of that time, if the broker's folder does not have them");
  AddFormat(command, &flags->is_json);
  command->callback([flags, run] { *run = [flags] { return Explain(*flags); }; });
}

}  // namespace assay::mint::cli
