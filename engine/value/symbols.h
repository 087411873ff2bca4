// Numbers for names: equal names have equal numbers, so the evaluator compares integers.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace assay::rt {

inline constexpr std::uint32_t kNoSymbol = 0xFFFFFFFF;

// Maps (qualifier, text) to dense numbers from 0. The text is not copied: it must outlive the
// table. The hash is seeded at random for each process, so that nobody can prepare collisions.
// Reading is safe from many threads.
class SymbolTable {
 public:
  // The number of the name, given out now if it is new.
  std::uint32_t Intern(std::uint32_t qualifier, std::string_view text);
  // Makes room for `count` names.
  void Reserve(std::size_t count);
  // kNoSymbol if the name has no number.
  std::uint32_t Find(std::uint32_t qualifier, std::string_view text) const noexcept;

  std::uint32_t size() const { return static_cast<std::uint32_t>(entries_.size()); }
  std::string_view text(std::uint32_t symbol) const { return entries_[symbol].text; }
  std::uint32_t qualifier(std::uint32_t symbol) const { return entries_[symbol].qualifier; }

  // Forgets all names but keeps the memory.
  void Clear() noexcept;

 private:
  struct Entry {
    std::string_view text;
    std::uint64_t hash = 0;
    std::uint32_t qualifier = 0;
  };
  void Rehash(std::size_t slots);

  std::vector<Entry> entries_;
  std::vector<std::uint32_t> slots_;  // open addressing; kNoSymbol is empty; size is a power of two
};

}  // namespace assay::rt
