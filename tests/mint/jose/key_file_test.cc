#include "assay/mint/key_file.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/mint/tokens.h"
#include "tests/support/paths.h"

namespace assay::mint {
namespace {

namespace fs = std::filesystem;
using testing::KeyOf;
using testing::Outcome;

class KeyFile : public ::testing::Test {
 protected:
  fs::path folder = assay::testing::BuildDir() / ("key-test." + std::to_string(getpid()));
  std::string path = (folder / "key.pem").string();
  const SigningKey& key = KeyOf(Algorithm::kEs256);

  void SetUp() override { fs::create_directories(folder); }
  void TearDown() override { fs::remove_all(folder); }
};

TEST_F(KeyFile, IsReadAsItWasWritten) {
  ASSERT_EQ(Outcome(SaveKey(key, path)), "ok");
  const auto read = LoadKey(path, Algorithm::kEs256);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read.value().public_key().kid(), key.public_key().kid());
  EXPECT_EQ(LoadKey(path, Algorithm::kEs256, "k").value().public_key().kid(), "k");
  EXPECT_EQ(Outcome(LoadKey(path, Algorithm::kEdDsa)), "algorithm_not_of_key");
}

TEST_F(KeyFile, IsItsOwnersOnly) {
  const mode_t before = umask(0);
  ASSERT_EQ(Outcome(SaveKey(key, path)), "ok");
  umask(before);
  struct stat info {};
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(KeyFile, T39OthersCanReadIsRefused) {
  ASSERT_EQ(Outcome(SaveKey(key, path)), "ok");
  for (const mode_t mode : {0640, 0604, 0620, 0602, 0644}) {
    ASSERT_EQ(chmod(path.c_str(), mode), 0);
    EXPECT_EQ(Outcome(LoadKey(path, Algorithm::kEs256)), "key_file") << mode;
  }
  ASSERT_EQ(chmod(path.c_str(), 0400), 0);
  EXPECT_EQ(Outcome(LoadKey(path, Algorithm::kEs256)), "ok");
}

TEST_F(KeyFile, IsNeverOverwritten) {
  ASSERT_EQ(Outcome(SaveKey(key, path)), "ok");
  EXPECT_EQ(Outcome(SaveKey(testing::OtherKeyOf(Algorithm::kEs256), path)), "key_file");
  EXPECT_EQ(LoadKey(path, Algorithm::kEs256).value().public_key().kid(), key.public_key().kid());
}

TEST_F(KeyFile, OtherThingsAreRefused) {
  EXPECT_EQ(Outcome(LoadKey(path, Algorithm::kEs256)), "key_file");
  EXPECT_EQ(Outcome(LoadKey(folder.string(), Algorithm::kEs256)), "key_file");
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  EXPECT_EQ(Outcome(LoadKey(path, Algorithm::kEs256)), "key_file");
  const std::string big = (folder / "big").string();
  std::ofstream(big) << std::string(70'000, 'x');
  ASSERT_EQ(chmod(big.c_str(), 0600), 0);
  EXPECT_EQ(Outcome(LoadKey(big, Algorithm::kEs256)), "key_file");
  EXPECT_EQ(Outcome(SaveKey(key, (folder / "none" / "key").string())), "key_file");
}

}  // namespace
}  // namespace assay::mint
