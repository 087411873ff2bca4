// The arena: alignment, limits, reuse.
#include "engine/base/arena.h"

#include <gtest/gtest.h>

#include <cstring>

namespace assay {
namespace {

TEST(Arena, GivesOutAlignedMemoryThatDoesNotOverlap) {
  Arena arena;
  std::vector<std::pair<char*, std::size_t>> given;
  for (std::size_t i = 1; i < 200; ++i) {
    auto* memory = static_cast<char*>(arena.Allocate(i * 7, 16));
    ASSERT_NE(memory, nullptr);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(memory) % 16, 0U);
    std::memset(memory, static_cast<int>(i), i * 7);
    given.emplace_back(memory, i * 7);
  }
  for (std::size_t i = 0; i < given.size(); ++i) {
    EXPECT_EQ(given[i].first[0], static_cast<char>(i + 1));
    EXPECT_EQ(given[i].first[given[i].second - 1], static_cast<char>(i + 1));
  }
}

TEST(Arena, GivesTheSameMemoryAgainAfterReset) {
  Arena arena;
  void* const small = arena.Allocate(8, 8);
  void* const large = arena.Allocate(100'000, 8);  // a chunk of its own
  arena.Reset();
  EXPECT_EQ(arena.Allocate(8, 8), small);
  EXPECT_EQ(arena.Allocate(100'000, 8), large);
  arena.Reset();
  // The first chunk is too small and is passed over.
  EXPECT_EQ(arena.Allocate(100'000, 8), large);
}

TEST(Arena, StopsAtItsLimit) {
  Arena arena(100);
  EXPECT_NE(arena.Allocate(60, 1), nullptr);
  EXPECT_EQ(arena.Allocate(60, 1), nullptr);
  EXPECT_NE(arena.Allocate(40, 1), nullptr);
  EXPECT_EQ(arena.Allocate(1, 1), nullptr);
  arena.Reset();
  EXPECT_NE(arena.Allocate(60, 1), nullptr);
}

// Chunks that are too small are passed over, and cost nothing of the limit.
TEST(Arena, TheLimitIsTheSameWhateverWasDoneBefore) {
  constexpr std::size_t kLimit = 65'536;
  Arena arena(kLimit);
  for (int i = 0; i < 40; ++i) ASSERT_NE(arena.Allocate(1'000, 8), nullptr);
  arena.Reset();
  EXPECT_NE(arena.Allocate(64, 8), nullptr);
  EXPECT_NE(arena.Allocate(33'600, 8), nullptr);
  EXPECT_NE(arena.Allocate(kLimit - 33'664, 8), nullptr);
  EXPECT_EQ(arena.Allocate(1, 1), nullptr);
}

TEST(Arena, SizesThatWrapAroundAreRefused) {
  Arena arena(1 << 20);
  ASSERT_NE(arena.New<std::uint64_t>(1), nullptr);
  EXPECT_EQ(arena.New<std::uint64_t>(SIZE_MAX / 4), nullptr);
  EXPECT_EQ(arena.New<std::uint64_t>(SIZE_MAX / 8), nullptr);
  EXPECT_NE(arena.New<std::uint64_t>(1), nullptr);
}

}  // namespace
}  // namespace assay
