// Snapshot::Create: interns every name of a program and of entities, and builds the tables.
#include "assay/snapshot.h"

#include <algorithm>
#include <atomic>
#include <new>
#include <utility>

#include "engine/eval/snapshot_data.h"
#include "engine/value/to_cell.h"

namespace assay {

namespace rt {

namespace {

// Serials start at 1; 0 is "nothing bound".
std::uint64_t NextSerial() {
  // Only uniqueness matters, so no order with other memory is needed.
  static std::atomic<std::uint64_t> last{0};
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

// Gives out new numbers; texts stay where they are, since the snapshot owns them.
class Interner {
 public:
  explicit Interner(SnapshotData* data) : data_(data) {}

  std::uint32_t Name(std::string_view name) { return data_->names.Intern(0, name); }
  std::uint32_t Type(std::string_view type) { return data_->types.Intern(0, type); }
  std::uint32_t Uid(const EntityUid& uid) {
    const std::uint32_t type = Type(uid.type);
    const std::uint32_t number = data_->uids.Intern(type, uid.id);
    if (number == data_->rows.size()) data_->rows.push_back({.type = type});
    return number;
  }
  Arena& arena() { return data_->arena; }
  std::string_view KeepText(std::string_view text) { return text; }
  const IpAddr* KeepIp(const IpAddr& ip) { return &ip; }

 private:
  SnapshotData* data_;
};

class SnapshotBuilder {
 public:
  SnapshotBuilder(SnapshotData* data, const Limits& limits)
      : data_(data), interner_(data), cells_(interner_, limits.json_depth + 1) {}

  ToCellStatus Build() {
    const ToCellStatus status = AddProgram();
    return status == ToCellStatus::kOk ? AddEntities() : status;
  }

 private:
  ToCellStatus AddProgram() {
    const bc::ProgramParts& parts = data_->program.parts();
    for (const Value& constant : parts.constants) {
      const ToCellStatus status = cells_.Make(constant, &data_->constants.emplace_back());
      if (status != ToCellStatus::kOk) return status;
    }
    for (const std::string& name : parts.names) data_->name_of.push_back(interner_.Name(name));
    for (const std::string& type : parts.types) data_->type_of.push_back(interner_.Type(type));
    for (const bc::Body& body : parts.bodies) {
      data_->max_registers = std::max(data_->max_registers, body.registers);
    }
    for (const bc::PolicyEntry& policy : parts.policies) {
      const bc::Rule& rule = parts.rules[policy.rule];
      data_->policies.push_back({parts.bodies[rule.body].begin,
                                 rule.is_forbid,
                                 {MakeDemand(rule.principal, policy.principal_slot),
                                  MakeDemand(rule.action, std::nullopt),
                                  MakeDemand(rule.resource, policy.resource_slot)}});
    }
    return ToCellStatus::kOk;
  }

  Demand MakeDemand(const bc::Constraint& constraint, const std::optional<EntityUid>& slot) {
    using ConstraintKind = bc::Constraint::Kind;
    Demand demand{.kind = constraint.kind};
    if (constraint.kind == ConstraintKind::kAny) return demand;
    if (constraint.kind == ConstraintKind::kIs || constraint.kind == ConstraintKind::kIsIn) {
      demand.type = data_->type_of[constraint.type];
    }
    if (constraint.kind == ConstraintKind::kIs) return demand;
    const Cell& constant = data_->constants[constraint.constant];
    if (constraint.kind == ConstraintKind::kInAnyOf) {
      demand.any_of = constant.set;
    } else {
      demand.uid = slot ? interner_.Uid(*slot) : constant.aux;
    }
    return demand;
  }

  ToCellStatus AddEntities() {
    for (std::size_t i = 0; i < data_->entities.size(); ++i) {
      const Entity& entity = data_->entities[i];
      const std::uint32_t uid = interner_.Uid(entity.uid);
      Cell attributes, tags;
      ToCellStatus status = cells_.MakeRecord(entity.attributes, &attributes);
      if (status == ToCellStatus::kOk) status = cells_.MakeRecord(entity.tags, &tags);
      if (status != ToCellStatus::kOk) return status;
      const auto begin = static_cast<std::uint32_t>(data_->ancestors.size());
      for (const EntityUid& ancestor : data_->entities.ancestors(i)) {
        data_->ancestors.push_back(interner_.Uid(ancestor));
      }
      std::sort(data_->ancestors.begin() + begin, data_->ancestors.end());
      EntityRow& row = data_->rows[uid];  // after all interning, which moves rows
      row.attributes = attributes.record;
      row.tags = tags.record;
      row.ancestors_begin = begin;
      row.ancestors_end = static_cast<std::uint32_t>(data_->ancestors.size());
    }
    return ToCellStatus::kOk;
  }

  SnapshotData* data_;
  Interner interner_;
  CellMaker<Interner> cells_;
};

}  // namespace

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

}  // namespace rt

Result<Snapshot> Snapshot::Create(Program program, Entities entities) {
  try {
    auto data = std::make_shared<rt::SnapshotData>();
    data->serial = rt::NextSerial();
    data->program = std::move(program);
    data->entities = std::move(entities);
    switch (rt::SnapshotBuilder(data.get(), Limits{}).Build()) {
      case rt::ToCellStatus::kOk: return rt::Access::Make(std::move(data));
      case rt::ToCellStatus::kTooDeep:
        return Error{ErrorCode::kLimitExceeded, "a value is nested too deep (json_depth)"};
      case rt::ToCellStatus::kOutOfMemory: break;
    }
  } catch (const std::bad_alloc&) {
    // Reported below: there is no memory for anything longer here.
  }
  return Error{ErrorCode::kOutOfMemory, "out of memory"};
}

const Program& Snapshot::program() const { return data_->program; }
const Entities& Snapshot::entities() const { return data_->entities; }

}  // namespace assay
