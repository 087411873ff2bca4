#include "engine/snapshot/symbol_space.h"

#include <cstring>

namespace assay::rt {

SymbolSpace::Acquired SymbolSpace::Acquire(store::Heap& heap, std::uint32_t qualifier,
                                           std::string_view text) {
  const std::uint32_t known = Find(qualifier, text);
  if (known != kNoSymbol) {
    Acquire(heap, known);
    return {known, false};
  }
  auto* copy = heap.New<char>(text.size());
  if (!text.empty()) std::memcpy(copy, text.data(), text.size());
  std::uint32_t number = first_free_;
  if (number == kNoSymbol) {
    number = rows_.size();
    rows_.Resize(heap, number + 1);
  } else {
    first_free_ = rows_[number].qualifier;
  }
  rows_.Edit(heap, number) = {copy, static_cast<std::uint32_t>(text.size()), qualifier, 1};
  by_hash_.Insert(heap, SeededHash(qualifier, text), number);
  return {number, true};
}

bool SymbolSpace::Release(store::Heap& heap, std::uint32_t number) {
  Row& row = rows_.Edit(heap, number);
  if (--row.uses > 0) return false;
  by_hash_.Erase(heap, SeededHash(row.qualifier, text(number)), number);
  heap.Retire(row.text);
  row = {nullptr, 0, first_free_, 0};
  first_free_ = number;
  return true;
}

}  // namespace assay::rt
