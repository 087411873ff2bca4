#include "engine/snapshot/cell_block.h"

#include "engine/base/hash.h"
#include "engine/store/hash_map.h"

namespace assay::rt {

namespace {

std::size_t BytesOfMembers(const Record& record, std::uint32_t depth_limit) {
  std::size_t bytes = 0;
  if (depth_limit == 0) return bytes;
  for (const auto& [name, member] : record) bytes += BytesOf(member, depth_limit - 1);
  return bytes;
}

std::size_t BytesOfElements(const Value::Set& set, std::uint32_t depth_limit) {
  std::size_t bytes = 0;
  if (depth_limit == 0) return bytes;
  for (const Value& element : set) bytes += BytesOf(element, depth_limit - 1);
  return bytes;
}

std::uint64_t Combine(std::uint64_t hash, std::uint64_t more) noexcept {
  return store::Mix(hash * 3 + more);
}

}  // namespace

std::size_t BytesOf(const Record& record, std::uint32_t depth_limit) {
  return Bump::Rounded(sizeof(RecordRep)) +
         Bump::Rounded((record.size() + 1) * sizeof(std::uint32_t)) +
         Bump::Rounded((record.size() + 1) * sizeof(Cell)) + BytesOfMembers(record, depth_limit);
}

std::size_t BytesOf(const Value& value, std::uint32_t depth_limit) {
  switch (value.kind()) {
    case Kind::kString: return Bump::Rounded(value.As<std::string>()->size() + 1);
    case Kind::kIpAddr: return Bump::Rounded(sizeof(IpAddr));
    case Kind::kRecord: return BytesOf(*value.As<Record>(), depth_limit);
    case Kind::kSet: break;
    default: return 0;
  }
  const auto& set = *value.As<Value::Set>();
  return Bump::Rounded(sizeof(SetRep)) + Bump::Rounded((set.size() + 1) * sizeof(Cell)) +
         BytesOfElements(set, depth_limit);
}

std::uint64_t HashOf(const Cell& cell) noexcept {
  const auto kind = static_cast<std::uint64_t>(cell.kind);
  switch (cell.kind) {
    case Kind::kUndefined: return kind;
    case Kind::kBool: return Combine(kind, cell.boolean ? 1 : 0);
    case Kind::kEntity: return Combine(kind, cell.aux);
    case Kind::kString: return SeededHash(kind, cell.string());
    case Kind::kIpAddr:
      return Combine(SeededHash(kind, {reinterpret_cast<const char*>(cell.ip->bytes.data()), 16}),
                     cell.ip->prefix * std::uint64_t{2} + (cell.ip->is_v6 ? 1 : 0));
    case Kind::kLong:
    case Kind::kDatetime:
    case Kind::kDecimal:
    case Kind::kDuration: return Combine(kind, static_cast<std::uint64_t>(cell.number));
    case Kind::kSet: {
      std::uint64_t hash = kind;
      for (const Cell& element : *cell.set) hash = Combine(hash, HashOf(element));
      return hash;
    }
    case Kind::kRecord: break;
  }
  std::uint64_t hash = kind;
  for (std::uint32_t i = 0; i < cell.record->count; ++i) {
    hash = Combine(Combine(hash, cell.record->names[i]), HashOf(cell.record->values[i]));
  }
  return hash;
}

}  // namespace assay::rt
