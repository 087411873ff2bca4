// The numbers of names in all versions of a snapshot: a name keeps its number as long as anything
// uses it, and its number is given out again afterwards.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/base/hash.h"
#include "engine/store/hash_map.h"
#include "engine/store/heap.h"
#include "engine/store/paged_array.h"
#include "engine/value/symbols.h"

namespace assay::rt {

// Maps (qualifier, text) to numbers. Like the containers it is made of, a copy of the handle keeps
// the older version. Reading is safe from many threads.
class SymbolSpace {
 public:
  // kNoSymbol if the name has no number.
  std::uint32_t Find(std::uint32_t qualifier, std::string_view text) const noexcept {
    const std::uint32_t* number =
        by_hash_.Find(SeededHash(qualifier, text), [&](std::uint32_t candidate) {
          const Row& row = rows_[candidate];
          return row.qualifier == qualifier && std::string_view(row.text, row.length) == text;
        });
    return number == nullptr ? kNoSymbol : *number;
  }

  // All numbers are smaller; some may be free.
  std::uint32_t size() const noexcept { return rows_.size(); }
  // How many names there are.
  std::uint32_t count() const noexcept { return by_hash_.size(); }
  std::string_view text(std::uint32_t number) const noexcept {
    return {rows_[number].text, rows_[number].length};
  }
  std::uint32_t qualifier(std::uint32_t number) const noexcept { return rows_[number].qualifier; }

  // Editing. A number is used by whoever acquired it, once for each time, until he releases it.
  struct Acquired {
    std::uint32_t number;
    bool is_new;
  };
  Acquired Acquire(store::Heap& heap, std::uint32_t qualifier, std::string_view text);
  void Acquire(store::Heap& heap, std::uint32_t number) { ++rows_.Edit(heap, number).uses; }
  // True if that was the last use; the number is free then.
  bool Release(store::Heap& heap, std::uint32_t number);

 private:
  struct Row {
    const char* text = nullptr;
    std::uint32_t length = 0;
    std::uint32_t qualifier = 0;  // of a free number: the next free one
    std::uint32_t uses = 0;
  };

  store::HashMap<std::uint32_t> by_hash_;
  store::PagedArray<Row, 7> rows_;
  std::uint32_t first_free_ = kNoSymbol;
};

}  // namespace assay::rt
