// What the benchmarks of the mint share: rates, percentiles, and the disk's own figures.
#pragma once

#include <openssl/crypto.h>
#include <sys/prctl.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "assay/mint/key.h"
#include "assay/mint/ledger.h"
#include "assay/mint/record.h"
#include "engine/mint/ledger/files.h"

namespace assay::bench {

using SteadyClock = std::chrono::steady_clock;
using Micros = std::chrono::duration<double, std::micro>;

inline constexpr int kCallers = 64;

// A benchmark of something that failed would be worthless.
template <typename T>
T Need(mint::Ledgered<T> result) {
  if (result.ok()) return std::move(result).value();
  std::fprintf(stderr, "%s\n", result.error().message.c_str());
  std::exit(1);
}

struct Percentiles {
  double p50, p99;
};
inline Percentiles Of(std::vector<double>* micros) {
  std::sort(micros->begin(), micros->end());
  return {(*micros)[micros->size() / 2], (*micros)[micros->size() * 99 / 100]};
}

inline double SecondsSince(SteadyClock::time_point begin) {
  return std::chrono::duration<double>(SteadyClock::now() - begin).count();
}

// Calls `one` at 5,000/s from 64 threads, for some seconds; times count from when a call was due.
inline Percentiles OpenLoop(double seconds, const std::function<void(int)>& one) {
  constexpr double kRate = 5000;
  const int count = static_cast<int>(seconds * kRate);
  std::vector<double> micros(static_cast<std::size_t>(count));
  std::atomic<int> next = 0;
  const auto begin = SteadyClock::now();
  std::vector<std::thread> threads;
  for (int t = 0; t < kCallers; ++t) {
    threads.emplace_back([&] {
      // Wakes when due, and not up to 50 us later to spare the processor a timer.
      prctl(PR_SET_TIMERSLACK, 1);
      for (int i = 0; (i = next++) < count;) {
        const auto due = begin + std::chrono::duration_cast<SteadyClock::duration>(
                                     std::chrono::duration<double>(i / kRate));
        std::this_thread::sleep_until(due);
        one(i);
        micros[static_cast<std::size_t>(i)] = Micros(SteadyClock::now() - due).count();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return Of(&micros);
}

// One thread that appends and syncs so many bytes, again and again.
inline Percentiles BareSync(const std::string& path, std::size_t size, double seconds,
                            double* per_second) {
  mint::Files& files = mint::SystemFiles();
  int file = -1;
  if (files.Open(path, mint::Files::Mode::kReplace, &file) != 0) std::exit(1);
  const mint::FileHandle handle(&files, file);
  const std::string bytes(size, 'x');
  std::vector<double> micros;
  const auto begin = SteadyClock::now();
  while (SecondsSince(begin) < seconds) {
    const auto start = SteadyClock::now();
    if (files.Write(file, micros.size() * bytes.size(), bytes.data(), bytes.size()) != 0 ||
        files.Sync(file) != 0) {
      std::exit(1);
    }
    micros.push_back(Micros(SteadyClock::now() - start).count());
  }
  *per_second = static_cast<double>(micros.size()) / SecondsSince(begin);
  return Of(&micros);
}

// Heads are signed as the program `assay` has it.
inline void SignHeads(mint::LedgerOptions* options) {
  const auto key = mint::SigningKey::Generate(mint::Algorithm::kEs256);
  if (!key.ok()) std::exit(1);
  options->sign = [key = key.value()](std::string_view message) -> std::optional<std::string> {
    auto signature = key.Sign(message);
    if (!signature.ok()) return std::nullopt;
    return std::move(signature).value();
  };
  options->verify = [key = key.value().public_key()](std::string_view message,
                                                     std::string_view signature) {
    return key.Verify(message, signature);
  };
}

// `bar` is what is asked of the figure, if anything is.
inline void Row(const char* name, const std::string& value, const char* bar = "") {
  std::printf("%-46s %-36s %s\n", name, value.c_str(), bar);
}
inline std::string Text(const char* format, double a, double b = 0) {
  char text[100];
  std::snprintf(text, sizeof text, format, a, b);
  return text;
}

// The machine and the crypto library that the figures are of.
inline void PrintMachine() {
  Row("processors", Text("%.0f", std::thread::hardware_concurrency()));
  Row("crypto library", OpenSSL_version(OPENSSL_VERSION));
}

// The disk's own figures, which it gives for appends of this size.
inline Percentiles PrintBareSync(const std::string& path, std::size_t size) {
  double per_second = 0;
  const Percentiles bare = BareSync(path, size, 3, &per_second);
  Row("bare append and fdatasync", Text("p50 %.0f us, p99 %.0f us", bare.p50, bare.p99));
  Row("  bytes of each; one after the other",
      Text("%.0f bytes, %.0f/s", static_cast<double>(size), per_second));
  return bare;
}

// What the disk was asked for.
class CountedFiles : public mint::Files {
 public:
  int Sync(int file) override {
    ++syncs;
    return Files::Sync(file);
  }
  std::atomic<std::uint64_t> syncs = 0;
};

}  // namespace assay::bench
