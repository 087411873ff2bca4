// T30 (a): a broker is killed under load, again and again: every grant that a client has is in the
// ledger.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <set>
#include <thread>

#include "tests/mint/hook/mint_world.h"

namespace assay::mint {
namespace {

using testing::ReadAll;
using testing::World;

constexpr int kThreads = 4;
constexpr std::size_t kIdBytes = 22;  // of a jti
constexpr std::int64_t kFarFuture = 4'000'000'000;

// The child: mints for ever, and tells of each grant that it got.
[[noreturn]] void Serve(const World& world, const MintPolicies& policies, const SigningKey& key,
                        int pipe) {
  auto opened = Ledger::Open(world.folder, world.options);
  if (!opened.ok()) _exit(3);
  const Clock clock;
  mint::Mint mint(
      {.issuer = "https://mint.example", .principals = {{"a.example", "", "Agent", ""}}}, key,
      opened.value().get(), clock);
  if (!mint.Publish(policies).ok()) _exit(4);
  const VerifiedIdentity identity =
      testing::Workload(testing::kWorkload, testing::kThumbprint, kFarFuture);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (;;) {
        const auto grant = mint.Issue(identity, testing::Ask("read"));
        if (!grant.ok()) _exit(5);
        const std::string& jti = grant.value().claims.jti;
        if (write(pipe, jti.data(), kIdBytes) != static_cast<ssize_t>(kIdBytes)) _exit(6);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  _exit(7);
}

TEST(MintCrash, T30_EveryGrantSomebodyHasIsRecordedAfterAHundredKills) {
  World world(200'000);
  world.options.now_ms = nullptr;
  world.options.head_every_records = 50;
  ASSERT_TRUE(world.Create().ok());
  // Made before the fork: nothing may be half made in the child.
  const MintPolicies policies = testing::Policies();
  const SigningKey& key = testing::KeyOf(Algorithm::kEs256);
  std::mt19937 random(5);
  std::set<std::string> held;
  for (int round = 0; round < 100; ++round) {
    int ends[2];
    ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) Serve(world, policies, key, ends[1]);
    close(ends[1]);
    const std::size_t enough = held.size() + 1 + random() % 100;
    std::string jti(kIdBytes, '\0');
    while (read(ends[0], jti.data(), kIdBytes) == static_cast<ssize_t>(kIdBytes)) {
      held.insert(jti);
      if (held.size() >= enough) kill(child, SIGKILL);
    }
    close(ends[0]);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "round " << round << ", exit " << WEXITSTATUS(status);
  }
  ASSERT_TRUE(Ledger::Open(world.folder, world.options).ok());
  const auto report = world.Verify();
  ASSERT_TRUE(report.ok()) << report.error().message;
  std::set<std::string> recorded;
  for (const Record& record : ReadAll(world.folder)) recorded.insert(record.jti);
  for (const std::string& jti : held) ASSERT_TRUE(recorded.count(jti)) << jti;
  std::printf("100 kills: %zu grants held, %llu records\n", held.size(),
              static_cast<unsigned long long>(report.value().count));
}

}  // namespace
}  // namespace assay::mint
