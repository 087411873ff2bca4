// What a scope demands of a principal or resource, as one number.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/store/hash_map.h"

namespace assay::tree {

inline constexpr std::uint32_t kNone = 0xFFFFFFFF;

// INVARIANT: the bits are 0–31 the entity's number or kNone, 32–62 the type's number + 1 or 0, and
// 63 for `==`. So `any` is {kNone}, `== u` {eq, u}, `in u` {u}, `is T` {T, kNone}, `is T in u` {T,
// u}.
class ScopeKey {
 public:
  constexpr ScopeKey() = default;  // any
  static constexpr ScopeKey Equal(std::uint32_t uid) { return ScopeKey(kEqualBit | uid); }
  static constexpr ScopeKey In(std::uint32_t uid) { return ScopeKey(uid); }
  static constexpr ScopeKey Is(std::uint32_t type) { return IsIn(type, kNone); }
  static constexpr ScopeKey IsIn(std::uint32_t type, std::uint32_t uid) {
    return ScopeKey((std::uint64_t{type} + 1) << 32 | uid);
  }

  bool is_any() const { return bits_ == kNone; }
  bool is_equal() const { return (bits_ & kEqualBit) != 0; }
  std::uint32_t uid() const { return static_cast<std::uint32_t>(bits_); }  // or kNone
  bool has_type() const { return !is_equal() && bits_ >> 32 != 0; }
  std::uint32_t type() const { return static_cast<std::uint32_t>(bits_ >> 32) - 1; }
  // Keys without an entity are numbered: 0 is any, and then come the types.
  bool is_wide() const { return uid() == kNone; }
  std::uint32_t wide_number() const { return static_cast<std::uint32_t>(bits_ >> 32); }

  // Different for different keys.
  std::uint64_t hash() const noexcept { return store::Mix(bits_); }
  friend bool operator==(ScopeKey, ScopeKey) = default;

 private:
  static constexpr std::uint64_t kEqualBit = std::uint64_t{1} << 63;
  explicit constexpr ScopeKey(std::uint64_t bits) : bits_(bits) {}
  std::uint64_t bits_ = kNone;
};

// Keys of one request, each once, by their hashes, to be asked for one. Made anew for each request,
// in the same memory.
class KeySet {
 public:
  void Clear() noexcept {
    hashes_.clear();
    filter_ = {};
  }
  void Add(ScopeKey key) {
    const std::uint64_t hash = key.hash();
    hashes_.push_back(hash);
    filter_[WordOf(hash)] |= BitOf(hash);
  }
  std::span<const std::uint64_t> hashes() const noexcept { return hashes_; }
  bool Has(std::uint64_t hash) const noexcept {
    return (filter_[WordOf(hash)] & BitOf(hash)) != 0 &&
           std::find(hashes_.begin(), hashes_.end(), hash) != hashes_.end();
  }

 private:
  // A kilobit: it turns most of what is not there away, also where there are a hundred keys.
  static constexpr unsigned kWordBits = 4;
  static std::size_t WordOf(std::uint64_t hash) noexcept { return hash >> (64 - kWordBits); }
  static std::uint64_t BitOf(std::uint64_t hash) noexcept {
    return std::uint64_t{1} << (hash & 63);
  }

  std::vector<std::uint64_t> hashes_;
  std::array<std::uint64_t, std::size_t{1} << kWordBits> filter_{};
};

// Where a policy stands in the tree.
struct Place {
  ScopeKey principal, resource;
  std::uint32_t action = 0;  // number of the action constraint
};

// What the first condition of a policy demands, if the tree can decide it for many policies at
// once: it asks for the value of a subject, which all of them have in common.
struct Test {
  std::uint32_t subject = kNone;  // kNone: no such test
  bool is_range = false;
  std::uint64_t value = 0;         // hash of the cell that the subject must equal
  std::int64_t low = 0, high = 0;  // is_range: both included
};

// What a subject is in one request.
struct Finding {
  enum class Kind : std::uint8_t {
    kFails,   // evaluating it, or testing its value, is an error of each policy that asks
    kAbsent,  // the test is false: a guard says that there is no such attribute
    kValue,
  };
  Kind kind = Kind::kFails;
  std::uint64_t value = 0;  // hash of the cell
  std::int64_t number = 0;  // for ranges
};

}  // namespace assay::tree
