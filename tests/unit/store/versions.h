// Runs random edits on a container and on a model of it through many versions, of which some are
// kept, aborted and collected, and compares.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <random>
#include <vector>

#include "engine/store/heap.h"

namespace assay::store {

// Test has the types Handle and Model, and
//   void Edit(Heap&, Handle&, Model&, std::mt19937_64&)      one random edit of both
//   void Compare(const Handle&, const Model&)                with gtest's assertions
template <typename Test>
void RunVersions(Test& test, std::uint64_t seed, int versions, int edits) {
  using Handle = typename Test::Handle;
  using Model = typename Test::Model;
  static_assert(sizeof(Handle) <= 16 && std::is_trivially_copyable_v<Handle>);
  std::mt19937_64 random(seed);
  Heap heap;
  Handle handle;
  Model model;
  std::map<std::uint64_t, std::pair<Handle, Model>> kept;
  for (int version = 0; version < versions; ++version) {
    const Handle handle_before = handle;
    const Model model_before = model;
    // Most versions make few edits, some many.
    const auto count = random() % 4 == 0 ? edits : static_cast<int>(random() % 4);
    for (int i = 0; i < count; ++i) test.Edit(heap, handle, model, random);
    test.Compare(handle, model);
    if (::testing::Test::HasFatalFailure()) return;
    if (random() % 5 == 0) {
      heap.Abort();
      // The abort of the first version leaves nothing.
      handle = handle_before;
      model = model_before;
    } else {
      heap.Commit();
      if (random() % 3 == 0) kept.emplace(heap.building() - 1, std::pair{handle, model});
    }
    if (!kept.empty() && random() % 4 == 0) {
      kept.erase(std::next(kept.begin(), static_cast<long>(random() % kept.size())));
    }
    if (random() % 2 == 0) {
      std::vector<std::uint64_t> pinned;
      for (const auto& [pin, state] : kept) pinned.push_back(pin);
      heap.Collect(pinned);
    }
    if (random() % 8 != 0) continue;
    ASSERT_TRUE(heap.Protect(true));
    for (const auto& [pin, state] : kept) test.Compare(state.first, state.second);
    test.Compare(handle, model);
    ASSERT_TRUE(heap.Protect(false));
    if (::testing::Test::HasFatalFailure()) return;
  }
  for (const auto& [pin, state] : kept) test.Compare(state.first, state.second);
  test.Compare(handle, model);
  // Without readers nothing is retired, and without contents nothing is there.
  heap.Collect({});
  EXPECT_EQ(heap.retired_bytes(), 0U);
  handle.Clear(heap);
  heap.Commit();
  heap.Collect({});
  EXPECT_EQ(heap.bytes(), 0U);
}

// Makes the same edits again and again under a limit that cuts them off ever later: the version
// before must stay as it was, and at last the edits succeed.
template <typename Test>
void RunFailures(Test& test, int before, int edits) {
  Heap heap;
  std::mt19937_64 random(7);
  typename Test::Handle handle;
  typename Test::Model model;
  for (int i = 0; i < before; ++i) test.Edit(heap, handle, model, random);
  heap.Commit();
  const std::size_t bytes = heap.bytes();
  int failures = 0;
  for (std::size_t extra = 0;; extra += 16) {
    heap.SetLimit(bytes + extra);
    std::mt19937_64 same = random;
    typename Test::Handle edited = handle;
    typename Test::Model edited_model = model;
    bool failed = false;
    try {
      for (int i = 0; i < edits; ++i) test.Edit(heap, edited, edited_model, same);
      test.Compare(edited, edited_model);
    } catch (const std::bad_alloc&) {
      failed = true;
      ++failures;
    }
    heap.Abort();
    ASSERT_EQ(heap.bytes(), bytes);
    ASSERT_EQ(heap.retired_bytes(), 0U);
    test.Compare(handle, model);
    if (!failed || ::testing::Test::HasFatalFailure()) break;
  }
  EXPECT_GT(failures, 3);
}

}  // namespace assay::store
