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

// The system's files, and beside them what a machine that stops would leave: of each file what was
// synced, and in the folder the names that were there when it was synced.
class SyncedFiles : public Files {
 public:
  // The power goes before the call with that number, counted from now: then `to` has what is left
  // of `from`. The process does not know, and goes on.
  void LosePowerAt(int number, unsigned seed, std::string from, std::string to) {
    const std::lock_guard lock(mutex_);
    calls_left_ = number;
    random_.seed(seed);
    from_ = std::move(from);
    to_ = std::move(to);
  }
  bool has_lost_power() const { return has_lost_power_; }

  int Write(int file, std::uint64_t offset, const char* bytes, std::size_t size) override {
    const std::lock_guard lock(mutex_);
    Count();
    return Files::Write(file, offset, bytes, size);
  }
  int Open(const std::string& path, Mode mode, int* file) override {
    const int error = Files::Open(path, mode, file);
    if (error != 0 || mode == Mode::kRead) return error;
    const std::lock_guard lock(mutex_);
    Count();
    auto& named = names_[path];
    if (named == nullptr) {
      named = std::make_shared<Content>();
      changes_.push_back({path, named});
    }
    if (mode == Mode::kReplace) named->synced.clear();
    open_[*file] = named;
    paths_[named] = path;
    return error;
  }
  int Sync(int file) override {
    const std::lock_guard lock(mutex_);
    Count();
    open_[file]->synced = testing::ReadBytes(paths_[open_[file]]);
    return 0;
  }
  int SyncFolder(const std::string& path) override {
    const std::lock_guard lock(mutex_);
    Count();
    for (const auto& [name, content] : changes_) {
      if (name.substr(0, name.rfind('/')) == path) durable_[name] = content;
    }
    std::erase_if(changes_, [&](const auto& change) {
      return change.first.substr(0, change.first.rfind('/')) == path;
    });
    return 0;
  }
  int Rename(const std::string& from, const std::string& to) override {
    const std::lock_guard lock(mutex_);
    Count();
    names_[to] = names_[from];
    paths_[names_[to]] = to;
    names_.erase(from);
    changes_.push_back({from, nullptr});
    changes_.push_back({to, names_[to]});
    return Files::Rename(from, to);
  }

 private:
  struct Content {
    std::string synced;
  };
  void Count() {
    if (--calls_left_ == 0) LosePower();
  }

  // What is left: a random part of the names that were made or changed since the folder was synced,
  // and of each file what was synced and a random part of what was written behind it.
  void LosePower() {
    std::filesystem::create_directory(to_);
    for (const auto& [name, content] : changes_) {
      if (random_() % 2 == 0) durable_[name] = content;
    }
    for (const auto& [name, content] : durable_) {
      if (content == nullptr) continue;
      const std::string now = testing::ReadBytes(paths_[content]);
      const std::string& bytes = content->synced;
      const std::size_t more = now.size() > bytes.size() ? now.size() - bytes.size() : 0;
      testing::WriteBytes(to_ + name.substr(from_.size()),
                          bytes + now.substr(bytes.size(), random_() % (more + 1)));
    }
    has_lost_power_ = true;
  }

  using Name = std::pair<std::string, std::shared_ptr<Content>>;  // none: the name is gone

  std::mutex mutex_;
  std::map<int, std::shared_ptr<Content>> open_;
  std::map<std::shared_ptr<Content>, std::string> paths_;
  std::map<std::string, std::shared_ptr<Content>> names_, durable_;
  std::vector<Name> changes_;  // of the folder, since it was synced
  int calls_left_ = 0;
  std::mt19937 random_;
  std::string from_, to_;
  std::atomic<bool> has_lost_power_ = false;
};

// T30 (b): killing does not test fdatasync; this does. The power goes while the writer is at work.
TEST(LedgerCrash, NothingAcknowledgedIsLostWithThePower) {
  std::mt19937 random(5);
  int rounds = 0;
  // Each call eight times: what is left is another part each time.
  for (int round = 0;; ++round) {
    const int call = 1 + round / 8;
    World world(1500);
    SyncedFiles files;
    world.options.files = &files;
    world.options.head_every_records = 7;
    ASSERT_TRUE(world.Create().ok());
    const std::string left = world.temp / "left";
    files.LosePowerAt(call, static_cast<unsigned>(random()), world.folder, left);
    auto ledger = world.Open();
    ASSERT_TRUE(ledger) << world.failure.message;
    std::set<std::string> acknowledged;
    std::vector<Ledger::Ticket> tickets;
    for (int i = 0; i < 30; ++i) {
      const auto ticket = ledger->Enqueue(Mint(std::to_string(i), 2'000'000));
      ASSERT_TRUE(ticket.ok());
      tickets.push_back(ticket.value());
      if (random() % 4 != 0) continue;
      for (const auto& waiting : tickets) ASSERT_TRUE(ledger->Wait(waiting).ok());
      tickets.clear();
      if (files.has_lost_power()) break;
      for (int done = 0; done <= i; ++done) acknowledged.insert(std::to_string(done));
    }
    ledger.reset();
    if (!files.has_lost_power()) break;
    ++rounds;
    world.options.files = nullptr;
    world.folder = left;
    ASSERT_TRUE(world.Open()) << "call " << call << ": " << world.failure.message;
    std::set<std::string> found;
    for (const Record& record : ReadAll(world.folder)) found.insert(record.jti);
    for (const std::string& jti : acknowledged) ASSERT_TRUE(found.count(jti)) << jti;
  }
  std::printf("the power went %d times\n", rounds);
  EXPECT_GT(rounds, 200);
}

}  // namespace
}  // namespace assay::mint
