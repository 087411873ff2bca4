#include "engine/value/symbols.h"

#include <algorithm>
#include <bit>

#include "engine/base/hash.h"

namespace assay::rt {

namespace {

constexpr std::size_t kFirstSlots = 16;

}  // namespace

std::uint32_t SymbolTable::Intern(std::uint32_t qualifier, std::string_view text) {
  if ((entries_.size() + 1) * 2 > slots_.size()) {
    Rehash(std::max(kFirstSlots, slots_.size() * 2));
  }
  const std::uint64_t hash = SeededHash(qualifier, text);
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash & mask;
  for (; slots_[slot] != kNoSymbol; slot = (slot + 1) & mask) {
    const Entry& entry = entries_[slots_[slot]];
    if (entry.hash == hash && entry.qualifier == qualifier && entry.text == text) {
      return slots_[slot];
    }
  }
  entries_.push_back({text, hash, qualifier});
  return slots_[slot] = static_cast<std::uint32_t>(entries_.size() - 1);
}

std::uint32_t SymbolTable::Find(std::uint32_t qualifier, std::string_view text) const noexcept {
  if (entries_.empty()) return kNoSymbol;
  const std::uint64_t hash = SeededHash(qualifier, text);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t slot = hash & mask; slots_[slot] != kNoSymbol; slot = (slot + 1) & mask) {
    const Entry& entry = entries_[slots_[slot]];
    if (entry.hash == hash && entry.qualifier == qualifier && entry.text == text) {
      return slots_[slot];
    }
  }
  return kNoSymbol;
}

void SymbolTable::Clear() noexcept {
  if (entries_.empty()) return;
  entries_.clear();
  std::fill(slots_.begin(), slots_.end(), kNoSymbol);
}

void SymbolTable::Reserve(std::size_t count) {
  entries_.reserve(count);
  const std::size_t slots = std::bit_ceil(std::max(kFirstSlots, count * 2));
  if (slots > slots_.size()) Rehash(slots);
}

void SymbolTable::Rehash(std::size_t size) {
  std::vector<std::uint32_t> grown(size, kNoSymbol);
  for (std::uint32_t i = 0; i < entries_.size(); ++i) {
    std::size_t slot = entries_[i].hash & (size - 1);
    while (grown[slot] != kNoSymbol) slot = (slot + 1) & (size - 1);
    grown[slot] = i;
  }
  slots_ = std::move(grown);
}

}  // namespace assay::rt
