// A writer is killed under load, again and again: every record that somebody was told of is there.
// Only what the processes themselves can lose is tested by killing; losing what was not synced is
// simulated below.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "tests/mint/ledger/world.h"

namespace assay::mint {
namespace {

using testing::Mint;
using testing::ReadAll;
using testing::World;

constexpr int kThreads = 4;
// Of one acknowledgement in the pipe: small enough to be written whole or not at all.
constexpr std::size_t kLine = 24;

// The child: appends for ever, and tells of each record after its append has returned.
[[noreturn]] void Write(const World& world, int round, int pipe) {
  auto opened = Ledger::Open(world.folder, world.options);
  if (!opened.ok()) _exit(3);
  Ledger& ledger = *opened.value();
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0;; ++i) {
        std::string jti = std::to_string(round) + "-" + std::to_string(t) + "-" + std::to_string(i);
        if (!ledger.Append(Mint(jti, 2'000'000'000'000)).ok()) _exit(4);
        jti.resize(kLine, ' ');
        if (write(pipe, jti.data(), kLine) != static_cast<ssize_t>(kLine)) _exit(5);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  _exit(6);
}

TEST(LedgerCrash, NothingAcknowledgedIsLostInAHundredKills) {
  World world(100'000);
  world.options.now_ms = nullptr;
  world.options.head_every_records = 50;
  ASSERT_TRUE(world.Create().ok());
  std::mt19937 random(4);
  std::set<std::string> acknowledged;
  for (int round = 0; round < 100; ++round) {
    int ends[2];
    ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) Write(world, round, ends[1]);
    close(ends[1]);
    const std::size_t enough = acknowledged.size() + 1 + random() % 200;
    std::string line(kLine, '\0');
    while (read(ends[0], line.data(), kLine) == static_cast<ssize_t>(kLine)) {
      acknowledged.insert(line.substr(0, line.find(' ')));
      if (acknowledged.size() >= enough) kill(child, SIGKILL);
    }
    close(ends[0]);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "round " << round << ", exit " << WEXITSTATUS(status);
  }
  ASSERT_TRUE(Ledger::Open(world.folder, world.options).ok());
  const auto report = world.Verify();
  ASSERT_TRUE(report.ok()) << report.error().message;
  std::set<std::string> found;
  for (const Record& record : ReadAll(world.folder)) found.insert(record.jti);
  for (const std::string& jti : acknowledged) ASSERT_TRUE(found.count(jti)) << jti;
  std::printf("100 kills: %zu acknowledged, %llu recorded, %llu segments\n", acknowledged.size(),
              static_cast<unsigned long long>(report.value().count),
              static_cast<unsigned long long>(report.value().segments));
}

// The system's files, with a copy of each that has only what was synced: what a machine that stops
// would leave at the least.
class SyncedFiles : public Files {
 public:
  int Open(const std::string& path, Mode mode, int* file) override {
    const int error = Files::Open(path, mode, file);
    const std::lock_guard lock(mutex_);
    if (error == 0) paths_[*file] = path;
    if (error == 0 && mode == Mode::kReplace) synced_[path].clear();
    return error;
  }
  int Sync(int file) override {
    const std::lock_guard lock(mutex_);
    synced_[paths_[file]] = testing::ReadBytes(paths_[file]);
    return 0;
  }
  int Rename(const std::string& from, const std::string& to) override {
    const std::lock_guard lock(mutex_);
    synced_[to] = synced_[from];
    synced_.erase(from);
    for (auto& [file, path] : paths_) {
      if (path == from) path = to;
    }
    return Files::Rename(from, to);
  }

  // Puts into `to`, for each file of `from`, what was synced and a random part of what was written
  // behind it.
  void LosePower(std::mt19937* random, const std::string& from, const std::string& to) {
    const std::lock_guard lock(mutex_);
    std::filesystem::create_directory(to);
    for (const auto& [path, bytes] : synced_) {
      const std::string now = testing::ReadBytes(path);
      const std::size_t more = now.size() > bytes.size() ? now.size() - bytes.size() : 0;
      testing::WriteBytes(to + path.substr(from.size()),
                          bytes + now.substr(bytes.size(), (*random)() % (more + 1)));
    }
  }

 private:
  std::mutex mutex_;
  std::map<int, std::string> paths_;
  std::map<std::string, std::string> synced_;
};

// T30 (b): killing does not test fdatasync; this does. The power goes while the writer is at work.
TEST(LedgerCrash, NothingAcknowledgedIsLostWithThePower) {
  std::mt19937 random(5);
  for (int round = 0; round < 30; ++round) {
    World world(4000);
    SyncedFiles files;
    world.options.files = &files;
    world.options.head_every_records = 7;
    auto ledger = world.CreateAndOpen();
    ASSERT_TRUE(ledger) << world.failure.message;
    std::set<std::string> acknowledged;
    std::vector<Ledger::Ticket> tickets;
    for (int i = 0; i < 60; ++i) {
      const auto ticket = ledger->Enqueue(Mint(std::to_string(i), 2'000'000));
      ASSERT_TRUE(ticket.ok());
      tickets.push_back(ticket.value());
      if (random() % 4 != 0) continue;
      for (const auto& waiting : tickets) ASSERT_TRUE(ledger->Wait(waiting).ok());
      tickets.clear();
      for (int done = 0; done <= i; ++done) acknowledged.insert(std::to_string(done));
      if (random() % 10 == 0) break;
    }
    const std::string left = world.temp / "left";
    files.LosePower(&random, world.folder, left);
    ledger.reset();
    world.options.files = nullptr;
    world.folder = left;
    ASSERT_TRUE(world.Open()) << world.failure.message;
    std::set<std::string> found;
    for (const Record& record : ReadAll(world.folder)) found.insert(record.jti);
    for (const std::string& jti : acknowledged) ASSERT_TRUE(found.count(jti)) << jti;
  }
}

}  // namespace
}  // namespace assay::mint
