// Counting uses: exactly as many as are allowed, whoever asks and whatever is restarted.
#include "assay/mint/uses.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "tests/mint/tokens.h"
#include "tests/support/paths.h"

namespace assay::mint {
namespace {

namespace fs = std::filesystem;
using testing::Outcome;

class Uses : public ::testing::Test {
 protected:
  std::int64_t now = 1'000'000;
  Clock clock{[this] { return now; }, [this] { return now; }};
  fs::path folder = assay::testing::BuildDir() / ("uses-test." + std::to_string(getpid()));
  std::string path = (folder / "uses").string();

  void SetUp() override { fs::create_directories(folder); }
  void TearDown() override { fs::remove_all(folder); }

  std::string_view CountOnce(const std::string& jti, std::uint32_t most = 1) {
    auto store = UseStore::Open(path, clock);
    return store.ok() ? Outcome(store.value().Count(jti, most, 2'000)) : Outcome(store);
  }
  std::string Bytes() {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void SetBytes(const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }
};

TEST_F(Uses, AreCountedUpToTheMost) {
  auto store = UseStore::Open(path, clock);
  ASSERT_TRUE(store.ok());
  EXPECT_EQ(Outcome(store.value().Count("a", 2, 2'000)), "ok");
  EXPECT_EQ(Outcome(store.value().Count("a", 2, 2'000)), "ok");
  EXPECT_EQ(Outcome(store.value().Count("a", 2, 2'000)), "uses_exhausted");
  EXPECT_EQ(Outcome(store.value().Count("b", 1, 2'000)), "ok");
  EXPECT_EQ(Outcome(store.value().AsFunction()("b", 1, 2'000)), "uses_exhausted");
}

TEST_F(Uses, T22OneAcceptWith64Threads) {
  auto store = UseStore::Open(path, clock);
  ASSERT_TRUE(store.ok());
  for (int round = 0; round < 5; ++round) {
    std::atomic<int> accepted = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 64; ++i) {
      threads.emplace_back([&] {
        if (store.value().Count("grant " + std::to_string(round), 1, 2'000).ok()) ++accepted;
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(accepted, 1);
  }
}

TEST_F(Uses, T22OneAcceptAcrossRestarts) {
  EXPECT_EQ(CountOnce("a"), "ok");
  EXPECT_EQ(CountOnce("a"), "uses_exhausted");
  EXPECT_EQ(CountOnce("a", 2), "ok");
  EXPECT_EQ(CountOnce("a", 2), "uses_exhausted");
}

TEST_F(Uses, AFileIsOneProcessesOnly) {
  auto first = UseStore::Open(path, clock);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(Outcome(UseStore::Open(path, clock)), "use_store_file");
}

TEST_F(Uses, TheFileIsItsOwnersOnly) {
  ASSERT_EQ(CountOnce("a"), "ok");
  struct stat info {};
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(Uses, ExpiredOnesAreLeftOut) {
  ASSERT_EQ(CountOnce("a"), "ok");
  ASSERT_EQ(CountOnce("b"), "ok");
  EXPECT_EQ(Bytes().size(), 96u);
  now = 2'000'000;
  ASSERT_EQ(Outcome(UseStore::Open(path, clock)), "ok");
  EXPECT_EQ(Bytes().size(), 0u);
}

TEST_F(Uses, ARecordThatACrashCutShortIsNoUse) {
  ASSERT_EQ(CountOnce("a"), "ok");
  const std::string whole = Bytes();
  for (std::size_t size = 1; size < whole.size(); ++size) {
    SetBytes(whole + whole.substr(0, size));
    EXPECT_EQ(Outcome(UseStore::Open(path, clock)), "ok") << size;
    EXPECT_EQ(Bytes(), whole);
  }
  // Space that was given to the file and never written.
  SetBytes(whole + std::string(48, '\0'));
  EXPECT_EQ(CountOnce("a"), "uses_exhausted");
}

TEST_F(Uses, DamageElsewhereIsAnError) {
  ASSERT_EQ(CountOnce("a"), "ok");
  ASSERT_EQ(CountOnce("b"), "ok");
  std::string bytes = Bytes();
  bytes[10] = static_cast<char>(bytes[10] ^ 1);
  SetBytes(bytes);
  EXPECT_EQ(Outcome(UseStore::Open(path, clock)), "use_store_file");
}

TEST_F(Uses, AFolderThatIsNotThereIsAnError) {
  EXPECT_EQ(Outcome(UseStore::Open((folder / "none" / "uses").string(), clock)), "use_store_file");
}

}  // namespace
}  // namespace assay::mint
