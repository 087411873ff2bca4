// What a publication costs, and what those who decide notice of it.
//
// A table of publications of one change each among 10^3, 10^5 and 10^6 policies and as many
// entities; then the latency of decisions (the newest snapshot, bind, decide) in one thread, alone
// and while another publishes 1,000 times a second.
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iterator>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "assay/evaluator.h"
#include "assay/store.h"
#include "tests/support/families.h"

namespace assay::bench {
namespace {

using Clock = std::chrono::steady_clock;
using testing::FamilyKind;

constexpr std::size_t kSizes[] = {1'000, 100'000, 1'000'000};
constexpr std::size_t kPublications = 1'000;
constexpr std::size_t kDecisions = 2'000'000;
constexpr auto kPeriod = std::chrono::milliseconds(1);

std::int64_t Nanoseconds(Clock::duration time) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time).count();
}

// The value that `part` of a thousand values do not exceed.
std::int64_t Quantile(std::vector<std::int64_t>& values, std::size_t part) {
  const auto at = static_cast<std::ptrdiff_t>(values.size() * part / 1'000);
  const auto place = values.begin() + std::min<std::ptrdiff_t>(at, std::ssize(values) - 1);
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

std::string Id(const char* prefix, std::size_t i) { return prefix + std::to_string(i); }

Entity MakeEntity(std::size_t i, bool flag) {
  return {{"Member", Id("m", i)},
          {{"flag", flag}, {"name", Id("name", i)}},
          {{"Group", Id("g", i % 1'000)}},
          {}};
}

// Links, and as many entities.
Store MakeStore(std::size_t size, const testing::FamilyData& data) {
  std::vector<Entity> entities = data.entities;
  for (std::size_t i = 0; i < size; ++i) entities.push_back(MakeEntity(i, false));
  return Store::Create(testing::MakeFamilyProgram(FamilyKind::kLinks, size),
                       Entities::Create(std::move(entities)).value())
      .value();
}

// One static policy that no store has yet.
Program OnePolicy(std::size_t i) {
  return testing::MakeFamilyProgram(FamilyKind::kAttributes, 10'000'000 + i + 1, 10'000'000 + i);
}

Edit LinkOf(std::size_t i) {
  return std::move(Edit().Link("template", Id("new", i), EntityUid{"User", "u7"},
                               EntityUid{"Doc", Id("new", i)}));
}

void ReportPublications(std::size_t size, const char* what, Store store,
                        const std::function<Edit(std::size_t)>& make) {
  std::vector<Edit> edits;
  for (std::size_t i = 0; i < kPublications; ++i) edits.push_back(make(i));
  std::vector<std::int64_t> times;
  for (const Edit& edit : edits) {
    const auto began = Clock::now();
    const bool done = store.Apply(edit).ok();
    times.push_back(Nanoseconds(Clock::now() - began));
    if (!done) std::abort();
  }
  std::printf("%9zu  %-14s %9.1f %9.1f %9.1f\n", size, what,
              static_cast<double>(Quantile(times, 500)) / 1e3,
              static_cast<double>(Quantile(times, 990)) / 1e3,
              static_cast<double>(Quantile(times, 1'000)) / 1e3);
}

void ReportAllPublications(std::size_t size, const Store& store) {
  ReportPublications(size, "add policy", store,
                     [](std::size_t i) { return std::move(Edit().Add(OnePolicy(i))); });
  ReportPublications(size, "remove policy", store, [](std::size_t i) {
    return std::move(Edit().Remove("policy" + std::to_string(10'000'000 + i)));
  });
  ReportPublications(size, "link", store, LinkOf);
  ReportPublications(size, "unlink", store,
                     [](std::size_t i) { return std::move(Edit().Unlink(Id("new", i))); });
  ReportPublications(size, "change entity", store, [size](std::size_t i) {
    return std::move(Edit().Upsert(MakeEntity(i * 7'919 % size, i / size % 2 == 0)));
  });
  ReportPublications(size, "new entity", store, [size](std::size_t i) {
    return std::move(Edit().Upsert(MakeEntity(size + i, true)));
  });
}

std::vector<std::int64_t> TimeDecisions(const Store& store, const testing::FamilyData& data) {
  Reader reader = Reader::Create(store).value();
  Scratch scratch;
  std::vector<std::int64_t> times;
  times.reserve(kDecisions);
  std::size_t next = 0;
  for (std::size_t i = 0; i < kDecisions; ++i) {
    const auto began = Clock::now();
    const Decision decision = Decide(reader.snapshot(), data.requests[next].request, scratch);
    times.push_back(Nanoseconds(Clock::now() - began));
    if (decision.status() != DecisionStatus::kDecided) std::abort();
    next = next + 1 == data.requests.size() ? 0 : next + 1;
  }
  return times;
}

// Publishes a link and takes it away again, in turns, each at its time. Returns how many.
std::size_t PublishUntil(const std::atomic<bool>& stop, Store store) {
  std::size_t count = 0;
  // Relaxed: nothing else is told by the flag.
  for (auto at = Clock::now(); !stop.load(std::memory_order_relaxed); at += kPeriod, ++count) {
    std::this_thread::sleep_until(at);
    const std::size_t i = 1'000'000 + count / 2;
    const Edit edit = count % 2 == 0 ? LinkOf(i) : std::move(Edit().Unlink(Id("new", i)));
    if (!store.Apply(edit).ok()) std::abort();
  }
  return count;
}

void ReportDecisions(std::size_t size, const char* what, std::vector<std::int64_t> times,
                     double publications) {
  std::printf("%9zu  %-14s %9.2f %9.2f %9.2f %9.2f %12.0f\n", size, what,
              static_cast<double>(Quantile(times, 500)) / 1e3,
              static_cast<double>(Quantile(times, 990)) / 1e3,
              static_cast<double>(Quantile(times, 999)) / 1e3,
              static_cast<double>(Quantile(times, 1'000)) / 1e3, publications);
}

void ReportReaders(std::size_t size, const Store& store, const testing::FamilyData& data) {
  ReportDecisions(size, "alone", TimeDecisions(store, data), 0);
  std::atomic<bool> stop{false};
  std::size_t published = 0;
  const auto began = Clock::now();
  std::thread publisher([&] { published = PublishUntil(stop, store); });
  std::vector<std::int64_t> times = TimeDecisions(store, data);
  const double seconds = static_cast<double>(Nanoseconds(Clock::now() - began)) / 1e9;
  stop.store(true, std::memory_order_relaxed);
  publisher.join();
  ReportDecisions(size, "while published", std::move(times),
                  static_cast<double>(published) / seconds);
}

void ReportMemory(std::size_t size, Store store) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const Store::Memory memory = store.Collect();
  std::printf(
      "%9zu  live %.1f MB, of that retired %.1f MB in %zu versions; the process had at most %.0f "
      "MB\n",
      size, static_cast<double>(memory.live_bytes) / 1e6,
      static_cast<double>(memory.retired_bytes) / 1e6, memory.versions,
      static_cast<double>(usage.ru_maxrss) / 1e3);
}

void Run(const std::vector<std::size_t>& sizes) {
  for (const std::size_t size : sizes) {
    const testing::FamilyData data = MakeFamilyData(FamilyKind::kLinks, size, 256);
    const Store store = MakeStore(size, data);
    std::printf("\n%9s  %-14s %9s %9s %9s   (us)\n", "policies", "publication", "p50", "p99",
                "max");
    ReportAllPublications(size, store);
    std::printf("%9s  %-14s %9s %9s %9s %9s %12s   (us)\n", "policies", "decisions", "p50", "p99",
                "p99.9", "max", "published/s");
    ReportReaders(size, store, data);
    ReportMemory(size, store);
    std::fflush(stdout);
  }
}

}  // namespace
}  // namespace assay::bench

// Numbers choose the sizes; options of Google Benchmark, which `./dev bench` gives to all, do not
// matter here.
int main(int argc, char** argv) {
  std::vector<std::size_t> sizes;
  for (int i = 1; i < argc; ++i) {
    if (const std::size_t size = std::strtoull(argv[i], nullptr, 10); size > 0) {
      sizes.push_back(size);
    }
  }
  if (sizes.empty()) sizes.assign(std::begin(assay::bench::kSizes), std::end(assay::bench::kSizes));
  assay::bench::Run(sizes);
  return 0;
}
