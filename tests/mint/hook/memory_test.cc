// T33: when a grant has been dropped no part of it is left in this process.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "engine/mint/jose/base64url.h"
#include "tests/mint/hook/mint_world.h"

namespace assay::mint {
namespace {

using testing::MintWorld;

// What is looked for is kept in another form, or the search would find itself.
std::string Masked(std::string_view text) {
  std::string masked(text);
  for (char& c : masked) c = static_cast<char>(c ^ 0x55);
  return masked;
}

bool Contains(std::string_view bytes, const std::string& masked) {
  const char first = static_cast<char>(masked[0] ^ 0x55);
  for (std::size_t at = bytes.find(first); at != std::string_view::npos;
       at = bytes.find(first, at + 1)) {
    if (bytes.size() - at < masked.size()) return false;
    std::size_t i = 1;
    while (i < masked.size() && (bytes[at + i] ^ 0x55) == masked[i]) ++i;
    if (i == masked.size()) return true;
  }
  return false;
}

// Whether any memory that can be written has it. Regions of more than 256 MiB are a sanitizer's
// own.
bool IsInMemory(const std::string& masked) {
  const int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  std::ifstream maps("/proc/self/maps");
  static char buffer[1 << 16];
  bool found = false;
  for (std::string line; !found && std::getline(maps, line);) {
    unsigned long long begin = 0;
    unsigned long long end = 0;
    char mode[5] = {};
    if (std::sscanf(line.c_str(), "%llx-%llx %4s", &begin, &end, mode) != 3) continue;
    if (std::string_view(mode).substr(0, 2) != "rw" || end - begin > (256ULL << 20)) continue;
    const auto own = reinterpret_cast<unsigned long long>(&buffer[0]);
    for (unsigned long long at = begin; !found && at < end; at += sizeof buffer / 2) {
      if (at + sizeof buffer > own && at < own + sizeof buffer) continue;
      const ssize_t got = pread(memory, buffer, std::min<std::size_t>(sizeof buffer, end - at),
                                static_cast<off_t>(at));
      found = got > 0 && Contains({buffer, static_cast<std::size_t>(got)}, masked);
    }
  }
  close(memory);
  return found;
}

TEST(MintMemory, T33_ADroppedGrantLeavesNothing) {
  MintWorld world;
  world.Published();
  std::string needle;
  {
    const auto grant = world.mint->Issue(testing::Workload(), testing::Ask("read"));
    ASSERT_TRUE(grant.ok());
    const std::string_view token = grant.value().token.view();
    needle = Masked(token.substr(token.size() - 40));
    EXPECT_TRUE(IsInMemory(needle));  // the search works
  }
  EXPECT_FALSE(IsInMemory(needle));
}

// A grant that was signed and then not given out, because the disk failed.
TEST(MintMemory, T33_AGrantThatCouldNotBeRecordedLeavesNothing) {
  testing::FaultyFiles files;
  MintWorld world;
  world.mint.reset();
  world.ledger.reset();
  world.world.options.files = &files;
  world.ledger = world.world.Open();
  Mint mint(world.options, testing::KeyOf(Algorithm::kEs256), world.ledger.get(), world.clock);
  ASSERT_TRUE(mint.Publish(testing::Policies()).ok());
  // Three bytes again and again: in base64 they are four letters again and again, which depend on
  // where the row begins.
  MintRequest request = testing::Ask("read");
  for (int i = 0; i < 20; ++i) request.step += "Qz7";
  std::vector<std::string> needles;
  for (const char* three : {"Qz7", "z7Q", "7Qz"}) {
    std::string row;
    for (int i = 0; i < 15; ++i) row += three;
    needles.push_back(Masked(jose::EncodeBase64url(row)));
  }
  const auto is_in_memory = [&] { return std::any_of(needles.begin(), needles.end(), IsInMemory); };
  {
    const auto grant = mint.Issue(testing::Workload(), request);
    ASSERT_TRUE(grant.ok());
    EXPECT_TRUE(is_in_memory());  // the search works
  }
  EXPECT_FALSE(is_in_memory());
  files.FailAt(testing::FaultyFiles::Call::kSync, 0, EIO);
  EXPECT_EQ(testing::Outcome(mint.Issue(testing::Workload(), request)), "ledger_unavailable");
  EXPECT_FALSE(is_in_memory());
}

TEST(MintMemory, T33_AKeyThatIsReadLeavesNothing) {
  std::string needle;
  {
    auto key = SigningKey::Generate(Algorithm::kEs256);
    const Secret pem = key.value().ToPem();
    needle = Masked(pem.view().substr(100, 40));
    EXPECT_TRUE(IsInMemory(needle));
  }
  EXPECT_FALSE(IsInMemory(needle));
}

}  // namespace
}  // namespace assay::mint
