// What the ledger costs: durable appends with 64 callers and at a fixed rate, verification,
// start-up with many living grants. The disk's own figures stand beside, from the same run.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "assay/mint/ledger.h"
#include "assay/mint/ledger_reader.h"
#include "bench/macro/timing.h"
#include "engine/mint/ledger/codec.h"
#include "engine/mint/ledger/frame.h"

namespace {

using namespace assay::mint;
using namespace assay::bench;
using Clock = std::chrono::steady_clock;

constexpr std::int64_t kFarFuture = 4'000'000'000'000;

Record Mint(const std::string& jti) {
  Record record;
  record.type = RecordType::kMint;
  record.decision_id = "01HF8Z6W3N" + jti;
  record.jti = jti;
  record.policies = {"agents-may-deploy-to-staging"};
  record.policy_digest = Digest{1, 2, 3};
  record.principal = "Agent::\"spiffe://example.org/agents/build\"";
  record.subject = "spiffe://example.org/agents/build";
  record.issuer = "example.org";
  record.owner = "team-build@example.org";
  record.task = "task-4711";
  record.step = "step-3";
  record.audience = "https://deploy.example.org";
  record.binding = "mtls";
  record.thumbprint = "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2";
  record.expires = kFarFuture;
  record.max_uses = 1;
  record.requests = R"([{"action":"Action::\"deploy\"","resource":"Service::\"web\""}])";
  return record;
}

double ClosedLoop(Ledger* ledger, double seconds) {
  std::atomic<std::uint64_t> count = 0;
  const auto begin = Clock::now();
  std::vector<std::thread> threads;
  for (int t = 0; t < kCallers; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; SecondsSince(begin) < seconds; ++i) {
        Need(ledger->Append(Mint("c" + std::to_string(t) + "-" + std::to_string(i))));
        ++count;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return static_cast<double>(count) / SecondsSince(begin);
}

void Fill(Ledger* ledger, int count) {
  std::vector<Ledger::Ticket> tickets;
  for (int i = 0; i < count; ++i) {
    tickets.push_back(Need(ledger->Enqueue(Mint("f" + std::to_string(i)))));
    if (tickets.size() < 10'000 && i + 1 < count) continue;
    for (const auto& ticket : tickets) Need(ledger->Wait(ticket));
    tickets.clear();
  }
}

}  // namespace

// The argument, if there is one, is the number of living grants for start-up.
int main(int argc, char** argv) {
  const int given = argc > 1 ? std::atoi(argv[1]) : 0;
  const int living = given > 0 ? given : 1'000'000;
  const std::string folder = "build/bench-ledger";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  std::string encoded;
  if (Encode(Mint("f123456"), 1 << 20, &encoded)) return 1;
  PrintMachine();
  const Percentiles bare = PrintBareSync(folder + "/bare", kFrameHeaderSize + encoded.size());

  CountedFiles files;
  LedgerOptions options;
  options.files = &files;
  SignHeads(&options);
  Need(Ledger::Create(folder + "/ledger", options));
  auto ledger = Need(Ledger::Open(folder + "/ledger", options));
  const Percentiles open =
      OpenLoop(4, [&](int i) { Need(ledger->Append(Mint("o" + std::to_string(i)))); });
  Row("open loop at 5,000/s", Text("p50 %.0f us, p99 %.0f us", open.p50, open.p99));
  Row("  of the bare append",
      Text("p50 %.2f x, p99 %.2f x", open.p50 / bare.p50, open.p99 / bare.p99),
      "bar: p50 <= 2.5 x, p99 <= 3 x");
  const std::uint64_t syncs = files.syncs;
  const double closed = ClosedLoop(ledger.get(), 4);
  Row("closed loop, 64 callers", Text("%.0f durable appends/s, %.0f syncs/s", closed,
                                      static_cast<double>(files.syncs - syncs) / 4));
  ledger.reset();
  std::filesystem::remove_all(folder + "/ledger");

  Need(Ledger::Create(folder + "/many", options));
  ledger = Need(Ledger::Open(folder + "/many", options));
  auto begin = Clock::now();
  Fill(ledger.get(), living);
  Row("one caller that does not wait",
      Text("%.0f durable appends/s", living / SecondsSince(begin)));
  ledger.reset();
  begin = Clock::now();
  const VerifyReport report = Need(VerifyLedger(folder + "/many", {.verify = options.verify}));
  const double seconds = SecondsSince(begin);
  Row("verify",
      Text("%.0f records/s, %.0f MB/s", static_cast<double>(report.count) / seconds,
           static_cast<double>(report.bytes) / seconds / 1e6),
      "bar: >= 500,000 records/s");
  begin = Clock::now();
  ledger = Need(Ledger::Open(folder + "/many", options));
  Row("start-up",
      Text("%.2f s with %.0f living grants", SecondsSince(begin),
           static_cast<double>(ledger->grants().size())),
      "bar: <= 5 s with 1,000,000");
  ledger.reset();
  std::filesystem::remove_all(folder);
  return 0;
}
