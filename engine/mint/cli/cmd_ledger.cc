// assay ledger: verify, tail, inventory, export; explain is in cmd_explain.cc. All of them only
// read, also while a broker writes.
#include <chrono>
#include <iostream>
#include <thread>

#include "assay/mint/ledger_reader.h"
#include "engine/base/escape.h"
#include "engine/base/hex.h"
#include "engine/mint/cli/broker.h"
#include "engine/mint/cli/command.h"
#include "engine/mint/ledger/bytes.h"
#include "engine/mint/ledger/export.h"
#include "engine/mint/ledger/inventory.h"

namespace assay::mint::cli {

namespace {

struct Flags {
  std::string folder, key, witness;
  bool is_json = false;
  bool follows = false;
  std::uint64_t lines = 10;
  std::uint64_t from = 0;
};

int Fail(const LedgerError& error) {
  PrintError(error.message + " [" + std::string(LedgerFaultName(error.fault)) + "]");
  return kFailure;
}

std::int64_t NowMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// --- verify

// Heads that a witness kept, one a line.
std::optional<std::vector<SignedHead>> ReadWitness(const std::string& path) {
  std::vector<SignedHead> heads;
  if (path.empty()) return heads;
  const auto text = ReadSmallFile(path);
  if (!text) return std::nullopt;
  std::istringstream lines(*text);
  for (std::string line; std::getline(lines, line);) {
    const auto head = ParseHead(line);
    if (!head) {
      PrintError(path + ":" + std::to_string(heads.size() + 1) + ": this line is no signed head");
      return std::nullopt;
    }
    heads.push_back(*head);
  }
  return heads;
}

void PrintReport(const VerifyReport& report, bool is_json, bool has_key) {
  if (is_json) {
    std::cout << "{\"after_last_head\":" << report.after_last_head << ",\"bytes\":" << report.bytes
              << ",\"chain\":\"" << ToHex(AsText(report.chain)) << "\",\"count\":" << report.count
              << ",\"first_sequence\":" << report.first_sequence << ",\"heads\":" << report.heads
              << ",\"incomplete_bytes\":" << report.incomplete_bytes << ",\"ledger\":\""
              << ToHex(AsText(report.ledger)) << "\",\"segments\":" << report.segments
              << ",\"signatures_checked\":" << (has_key ? "true" : "false") << "}\n";
    return;
  }
  std::cout << "ledger    " << ToHex(AsText(report.ledger)) << "\nrecords   "
            << report.first_sequence << " to " << report.count << " in " << report.segments
            << " segments, " << report.bytes << " bytes\nchain     " << ToHex(AsText(report.chain))
            << "\nheads     " << report.heads
            << (has_key ? ", all signed by the key" : ", signatures not checked: there is no key")
            << "\nno head   for the last " << report.after_last_head << " records\n";
  if (report.incomplete_bytes > 0) {
    std::cout << "at the end " << report.incomplete_bytes << " bytes of an incomplete record\n";
  }
}

int Verify(const Flags& flags) {
  const auto verify = ReadHeadVerifier(flags.folder, flags.key);
  const auto witnessed = ReadWitness(flags.witness);
  if (!verify || !witnessed) return kFailure;
  const auto report =
      VerifyLedger(LedgerFolder(flags.folder), {.verify = *verify, .witnessed = *witnessed});
  if (!report.ok()) return Fail(report.error());
  PrintReport(report.value(), flags.is_json, static_cast<bool>(*verify));
  return kSuccess;
}

// --- tail and export

void PrintLag(const LedgerReader& reader) {
  const Ledgered<Lag> lag = reader.BehindBy();
  if (!lag.ok()) return;
  std::cerr << "read up to record " << reader.next_sequence() << ", " << lag.value().bytes
            << " bytes behind\n";
}

// Prints what comes from `begin` on; with `follows` for ever.
template <typename Format>
int Print(LedgerReader* reader, std::uint64_t begin, bool follows, const Format& format) {
  Record record;
  for (;;) {
    const Ledgered<bool> next = reader->Next(&record);
    if (!next.ok()) return std::cout.flush(), Fail(next.error());
    if (next.value()) {
      if (record.sequence >= begin) std::cout << format(record) << "\n";
      if (!std::cout) return kFailure;
      continue;
    }
    std::cout.flush();
    if (!follows) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  PrintLag(*reader);
  return kSuccess;
}

int Tail(const Flags& flags) {
  const std::string folder = LedgerFolder(flags.folder);
  auto end = LedgerReader::OpenAt(folder, UINT64_MAX);
  if (!end.ok()) return Fail(end.error());
  Record record;
  for (;;) {
    const Ledgered<bool> next = end.value().Next(&record);
    if (!next.ok()) return Fail(next.error());
    if (!next.value()) break;
  }
  const std::uint64_t count = end.value().next_sequence();
  const std::uint64_t begin = count > flags.lines ? count - flags.lines : 0;
  auto reader = LedgerReader::OpenAt(folder, begin);
  if (!reader.ok()) return Fail(reader.error());
  return Print(&reader.value(), begin, flags.follows,
               [&](const Record& r) { return flags.is_json ? RecordJson(r) : RecordLine(r); });
}

int Export(const Flags& flags) {
  auto reader = LedgerReader::OpenAt(LedgerFolder(flags.folder), flags.from);
  if (!reader.ok()) return Fail(reader.error());
  return Print(&reader.value(), flags.from, flags.follows,
               [&](const Record& r) { return CloudEvent(r, reader.value().ledger()); });
}

// --- inventory

std::string EntryJson(const InventoryEntry& entry) {
  std::string out = "{";
  const auto add = [&out](const char* name, const std::string& value) {
    if (!value.empty()) out += "\"" + std::string(name) + "\":" + Quoted(value) + ",";
  };
  add("audience", entry.audience);
  add("binding", entry.binding);
  out += "\"expires\":" + std::to_string(entry.expires) + ",";
  add("jti", entry.jti);
  out += "\"max_uses\":" + std::to_string(entry.max_uses) + ",";
  add("owner", entry.owner);
  add("principal", entry.principal);
  out += std::string("\"revoked\":") + (entry.is_revoked ? "true" : "false") + ",";
  add("risk", entry.risk);
  add("step", entry.step);
  add("subject", entry.subject);
  add("task", entry.task);
  add("txn", entry.txn);
  return out + "\"uses\":" + std::to_string(entry.uses) + "}";
}

std::string EntryLine(const InventoryEntry& entry) {
  std::string out = FormatTime(entry.expires) + (entry.is_revoked ? " revoked" : " alive  ") +
                    " uses " + std::to_string(entry.uses) +
                    (entry.max_uses > 0 ? "/" + std::to_string(entry.max_uses) : "");
  const auto add = [&out](const char* name, const std::string& value) {
    if (!value.empty()) out += std::string(" ") + name + "=\"" + EscapeText(value) + "\"";
  };
  add("jti", entry.jti);
  add("principal", entry.principal);
  add("subject", entry.subject);
  add("owner", entry.owner);
  add("txn", entry.txn);
  add("task", entry.task);
  add("step", entry.step);
  add("audience", entry.audience);
  add("binding", entry.binding);
  add("risk", entry.risk);
  return out;
}

int PrintInventory(const Flags& flags) {
  const auto entries = ReadInventory(LedgerFolder(flags.folder), NowMs(), {});
  if (!entries.ok()) return Fail(entries.error());
  for (const InventoryEntry& entry : entries.value()) {
    std::cout << (flags.is_json ? EntryJson(entry) : EntryLine(entry)) << "\n";
  }
  if (!flags.is_json) std::cout << entries.value().size() << " grants have not expired\n";
  return kSuccess;
}

// What all of them take.
void DeclareCommon(Command* command, Flags* flags) {
  command
      ->Text("folder", &flags->folder,
             "The folder that `assay init` made, or that of a ledger alone")
      .Required();
  AddFormat(command, &flags->is_json);
}

void DeclareVerify(Command* command, Flags* flags) {
  DeclareCommon(command, flags);
  command->Text("--key", &flags->key,
                "The public key that signs heads, as JWK; keys/ledger.jwk if not given");
  command->Text("--witness", &flags->witness,
                "A file of heads that were kept elsewhere, one a line");
}

void DeclareFollow(Command* command, Flags* flags) {
  command->Flag("-f,--follow", &flags->follows, "Wait for more when the end is reached");
}

void DeclareTail(Command* command, Flags* flags) {
  DeclareCommon(command, flags);
  command->Number("-n,--lines", &flags->lines, "How many");
  DeclareFollow(command, flags);
}

void DeclareExport(Command* command, Flags* flags) {
  DeclareCommon(command, flags);
  command->Number("--from", &flags->from, "The sequence of the first record");
  DeclareFollow(command, flags);
}

}  // namespace

void AddLedger(Command* app) {
  Command ledger = app->AddGroup("ledger", "Read and check the ledger");
  ledger.Add<Flags>("verify", "Check every record, the chain, and the signed heads", DeclareVerify,
                    Verify);
  ledger.Add<Flags>("tail", "Print the last records", DeclareTail, Tail);
  ledger.Add<Flags>("inventory", "Print the grants that have not expired", DeclareCommon,
                    PrintInventory);
  ledger.Add<Flags>("export", "Print all records as CloudEvents, one JSON object a line",
                    DeclareExport, Export);
  AddExplain(&ledger);
}

}  // namespace assay::mint::cli
