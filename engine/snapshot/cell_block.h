// Values as cells that lie, with all they point to, in one block of a snapshot's heap.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "assay/value.h"
#include "engine/value/cell.h"

namespace assay::rt {

// Hands out one block upwards. The block must be as large as BytesOf said.
class Bump {
 public:
  explicit Bump(void* block) : at_(static_cast<std::byte*>(block)) {}

  template <typename T>
  T* New(std::size_t count) noexcept {
    auto* here = reinterpret_cast<T*>(at_);
    at_ += Rounded(count * sizeof(T));
    return here;
  }

  // A copy of the text, with a byte to spare so that it has an address of its own.
  std::string_view Keep(std::string_view text) noexcept {
    auto* copy = New<char>(text.size() + 1);
    if (!text.empty()) std::memcpy(copy, text.data(), text.size());
    return {copy, text.size()};
  }

  static constexpr std::size_t Rounded(std::size_t bytes) { return (bytes + 7) & ~std::size_t{7}; }

 private:
  std::byte* at_;
};

// What a CellMaker with the same limit takes from a Bump for the value, not counting its own cell.
// What is nested deeper counts as nothing: CellMaker refuses it.
std::size_t BytesOf(const Value& value, std::uint32_t depth_limit);
std::size_t BytesOf(const Record& record, std::uint32_t depth_limit);

// A hash that is equal for equal cells of one snapshot lineage.
std::uint64_t HashOf(const Cell& cell) noexcept;

// Calls name(number) and uid(number) for every name and uid that the cell mentions.
template <typename OnName, typename OnUid>
void ForEachSymbol(const Cell& cell, OnName&& name, OnUid&& uid) {
  if (cell.kind == Kind::kEntity) {
    uid(cell.aux);
  } else if (cell.kind == Kind::kSet) {
    for (const Cell& element : *cell.set) ForEachSymbol(element, name, uid);
  } else if (cell.kind == Kind::kRecord) {
    for (std::uint32_t i = 0; i < cell.record->count; ++i) {
      name(cell.record->names[i]);
      ForEachSymbol(cell.record->values[i], name, uid);
    }
  }
}

}  // namespace assay::rt
