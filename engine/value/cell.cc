#include "engine/value/cell.h"

#include <algorithm>
#include <cstring>

namespace assay::rt {

namespace {

// Records up to this size are searched from the front: one cache line of names.
constexpr std::uint32_t kScanLimit = 16;

template <typename T>
int Order(const T& a, const T& b) {
  return a < b ? -1 : (b < a ? 1 : 0);
}

int CompareSets(const SetRep& a, const SetRep& b) {
  const std::uint32_t common = std::min(a.count, b.count);
  for (std::uint32_t i = 0; i < common; ++i) {
    if (const int order = Compare(a.elements[i], b.elements[i])) return order;
  }
  return Order(a.count, b.count);
}

int CompareRecords(const RecordRep& a, const RecordRep& b) {
  const std::uint32_t common = std::min(a.count, b.count);
  for (std::uint32_t i = 0; i < common; ++i) {
    if (const int order = Order(a.names[i], b.names[i])) return order;
    if (const int order = Compare(a.values[i], b.values[i])) return order;
  }
  return Order(a.count, b.count);
}

bool EqualSets(const SetRep& a, const SetRep& b) {
  return &a == &b || (a.count == b.count && std::equal(a.begin(), a.end(), b.begin(), Equal));
}

bool EqualRecords(const RecordRep& a, const RecordRep& b) {
  return &a == &b || (a.count == b.count && std::equal(a.names, a.names + a.count, b.names) &&
                      std::equal(a.values, a.values + a.count, b.values, Equal));
}

}  // namespace

int Compare(const Cell& a, const Cell& b) noexcept {
  if (a.kind != b.kind) return Order(a.kind, b.kind);
  switch (a.kind) {
    case Kind::kUndefined: return 0;
    case Kind::kBool: return Order(a.boolean, b.boolean);
    case Kind::kString: return a.string().compare(b.string());
    case Kind::kEntity: return Order(a.aux, b.aux);
    case Kind::kSet: return CompareSets(*a.set, *b.set);
    case Kind::kRecord: return CompareRecords(*a.record, *b.record);
    case Kind::kIpAddr: return Order(*a.ip, *b.ip);
    case Kind::kLong:
    case Kind::kDatetime:
    case Kind::kDecimal:
    case Kind::kDuration: return Order(a.number, b.number);
  }
  return 0;
}

bool Equal(const Cell& a, const Cell& b) noexcept {
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case Kind::kUndefined: return true;
    case Kind::kBool: return a.boolean == b.boolean;
    case Kind::kString:
      return a.aux == b.aux && (a.text == b.text || std::memcmp(a.text, b.text, a.aux) == 0);
    case Kind::kEntity: return a.aux == b.aux;
    case Kind::kSet: return EqualSets(*a.set, *b.set);
    case Kind::kRecord: return EqualRecords(*a.record, *b.record);
    case Kind::kIpAddr: return *a.ip == *b.ip;
    case Kind::kLong:
    case Kind::kDatetime:
    case Kind::kDecimal:
    case Kind::kDuration: return a.number == b.number;
  }
  return false;
}

void Finish(SetRep* set) noexcept {
  std::sort(set->elements, set->elements + set->count,
            [](const Cell& a, const Cell& b) { return Compare(a, b) < 0; });
  set->count = static_cast<std::uint32_t>(
      std::unique(set->elements, set->elements + set->count, Equal) - set->elements);
}

// Heap sort over two arrays at once: in place, and n log n on every input.
void Finish(RecordRep* record) noexcept {
  const auto swap = [&](std::uint32_t i, std::uint32_t j) {
    std::swap(record->names[i], record->names[j]);
    std::swap(record->values[i], record->values[j]);
  };
  const auto sift_down = [&](std::uint32_t root, std::uint32_t end) {
    for (std::uint32_t child = 2 * root + 1; child < end; child = 2 * root + 1) {
      if (child + 1 < end && record->names[child] < record->names[child + 1]) ++child;
      if (record->names[root] >= record->names[child]) return;
      swap(root, child);
      root = child;
    }
  };
  for (std::uint32_t i = record->count / 2; i > 0; --i) sift_down(i - 1, record->count);
  for (std::uint32_t end = record->count; end > 1; --end) {
    swap(0, end - 1);
    sift_down(0, end - 1);
  }
}

bool Contains(const SetRep& set, const Cell& element) noexcept {
  return std::binary_search(set.begin(), set.end(), element,
                            [](const Cell& a, const Cell& b) { return Compare(a, b) < 0; });
}

const Cell* Find(const RecordRep& record, std::uint32_t name) noexcept {
  if (record.count <= kScanLimit) {
    for (std::uint32_t i = 0; i < record.count; ++i) {
      if (record.names[i] == name) return &record.values[i];
    }
    return nullptr;
  }
  std::uint32_t* const end = record.names + record.count;
  std::uint32_t* const found = std::lower_bound(record.names, end, name);
  return found != end && *found == name ? &record.values[found - record.names] : nullptr;
}

}  // namespace assay::rt
