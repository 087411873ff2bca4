// Texts and values of a snapshot's and a request's numbers.
#include "engine/eval/binding_data.h"

namespace assay::rt {

std::string_view TypeText(const SnapshotData& snapshot, const BindingData& binding,
                          std::uint32_t type) {
  const std::uint32_t known = snapshot.types.size();
  return type < known ? snapshot.types.text(type) : binding.types.text(type - known);
}

std::string_view NameText(const SnapshotData& snapshot, const BindingData& binding,
                          std::uint32_t name) {
  const std::uint32_t known = snapshot.names.size();
  return name < known ? snapshot.names.text(name) : binding.names.text(name - known);
}

EntityUid UidOf(const SnapshotData& snapshot, const BindingData& binding, std::uint32_t uid) {
  const std::uint32_t known = snapshot.uids.size();
  const std::string_view id =
      uid < known ? snapshot.uids.text(uid) : binding.uids.text(uid - known);
  return {std::string(TypeText(snapshot, binding, TypeOf(snapshot, binding, uid))),
          std::string(id)};
}

Value ToValue(const SnapshotData& snapshot, const BindingData& binding, const Cell& cell) {
  switch (cell.kind) {
    case Kind::kUndefined: break;
    case Kind::kBool: return cell.boolean;
    case Kind::kLong: return cell.number;
    case Kind::kString: return std::string(cell.string());
    case Kind::kEntity: return UidOf(snapshot, binding, cell.aux);
    case Kind::kDatetime: return Datetime{cell.number};
    case Kind::kDecimal: return Decimal{cell.number};
    case Kind::kDuration: return Duration{cell.number};
    case Kind::kIpAddr: return *cell.ip;
    case Kind::kSet: {
      Value::Set elements;
      for (const Cell& element : *cell.set) elements.push_back(ToValue(snapshot, binding, element));
      return Value(std::move(elements));
    }
    case Kind::kRecord: {
      Record record;
      for (std::uint32_t i = 0; i < cell.record->count; ++i) {
        record.emplace(NameText(snapshot, binding, cell.record->names[i]),
                       ToValue(snapshot, binding, cell.record->values[i]));
      }
      return record;
    }
  }
  return false;  // the evaluator never makes an undefined value
}

}  // namespace assay::rt
