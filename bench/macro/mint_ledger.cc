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
#include "engine/mint/ledger/codec.h"
#include "engine/mint/ledger/files.h"

namespace {

using namespace assay::mint;
using Clock = std::chrono::steady_clock;
using Micros = std::chrono::duration<double, std::micro>;

constexpr int kCallers = 64;
constexpr std::int64_t kFarFuture = 4'000'000'000'000;

// A benchmark of something that failed would be worthless.
template <typename T>
T Need(Ledgered<T> result) {
  if (result.ok()) return std::move(result).value();
  std::fprintf(stderr, "%s\n", result.error().message.c_str());
  std::exit(1);
}

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

struct Percentiles {
  double p50, p99;
};
Percentiles Of(std::vector<double>* micros) {
  std::sort(micros->begin(), micros->end());
  return {(*micros)[micros->size() / 2], (*micros)[micros->size() * 99 / 100]};
}

double SecondsSince(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

// Calls `one` at 5,000/s from 64 threads, for some seconds; times count from when a call was due.
Percentiles OpenLoop(double seconds, const std::function<void(int)>& one) {
  constexpr double kRate = 5000;
  const int count = static_cast<int>(seconds * kRate);
  std::vector<double> micros(static_cast<std::size_t>(count));
  std::atomic<int> next = 0;
  const auto begin = Clock::now();
  std::vector<std::thread> threads;
  for (int t = 0; t < kCallers; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; (i = next++) < count;) {
        const auto due = begin + std::chrono::duration_cast<Clock::duration>(
                                     std::chrono::duration<double>(i / kRate));
        std::this_thread::sleep_until(due);
        one(i);
        micros[static_cast<std::size_t>(i)] = Micros(Clock::now() - due).count();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return Of(&micros);
}

// One thread that appends and syncs 400 bytes, again and again.
Percentiles BareSync(const std::string& path, double seconds, double* per_second) {
  Files& files = SystemFiles();
  int file = -1;
  if (files.Open(path, Files::Mode::kReplace, &file) != 0) std::exit(1);
  const FileHandle handle(&files, file);
  const std::string bytes(400, 'x');
  std::vector<double> micros;
  const auto begin = Clock::now();
  while (SecondsSince(begin) < seconds) {
    const auto start = Clock::now();
    if (files.Write(file, micros.size() * bytes.size(), bytes.data(), bytes.size()) != 0 ||
        files.Sync(file) != 0) {
      std::exit(1);
    }
    micros.push_back(Micros(Clock::now() - start).count());
  }
  *per_second = static_cast<double>(micros.size()) / SecondsSince(begin);
  return Of(&micros);
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

void Row(const char* name, const std::string& value) {
  std::printf("%-46s %s\n", name, value.c_str());
}
std::string Text(const char* format, double a, double b = 0) {
  char text[100];
  std::snprintf(text, sizeof text, format, a, b);
  return text;
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
  Row("record", Text("%.0f bytes", static_cast<double>(encoded.size())));

  double syncs = 0;
  Percentiles bare = BareSync(folder + "/bare", 3, &syncs);
  Row("bare append of 400 bytes and fdatasync",
      Text("p50 %.0f us, p99 %.0f us", bare.p50, bare.p99));
  Row("  one after the other", Text("%.0f/s", syncs));

  LedgerOptions options;
  Need(Ledger::Create(folder + "/ledger", options));
  auto ledger = Need(Ledger::Open(folder + "/ledger", options));
  const Percentiles open =
      OpenLoop(4, [&](int i) { Need(ledger->Append(Mint("o" + std::to_string(i)))); });
  Row("open loop at 5,000/s", Text("p50 %.0f us, p99 %.0f us", open.p50, open.p99));
  Row("  of the bare append",
      Text("p50 %.2f x, p99 %.2f x", open.p50 / bare.p50, open.p99 / bare.p99));
  Row("closed loop, 64 callers", Text("%.0f durable appends/s", ClosedLoop(ledger.get(), 4)));
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
  const VerifyReport report = Need(VerifyLedger(folder + "/many", {}));
  const double seconds = SecondsSince(begin);
  Row("verify", Text("%.0f records/s, %.0f MB/s", static_cast<double>(report.count) / seconds,
                     static_cast<double>(report.bytes) / seconds / 1e6));
  begin = Clock::now();
  ledger = Need(Ledger::Open(folder + "/many", options));
  Row("start-up", Text("%.2f s with %.0f living grants", SecondsSince(begin),
                       static_cast<double>(ledger->grants().size())));
  ledger.reset();
  std::filesystem::remove_all(folder);
  return 0;
}
