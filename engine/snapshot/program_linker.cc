#include "engine/snapshot/program_linker.h"

#include <cstring>
#include <unordered_map>

#include "engine/snapshot/cell_names.h"
#include "engine/value/to_cell.h"

namespace assay::rt {

namespace {

// What a body uses of its program's constants or patterns, each once, in the order of use.
class Used {
 public:
  std::uint32_t IndexOf(std::uint32_t item) {
    const auto [found, is_new] =
        index_.try_emplace(item, static_cast<std::uint32_t>(items_.size()));
    if (is_new) items_.push_back(item);
    return found->second;
  }
  const std::vector<std::uint32_t>& items() const { return items_; }

 private:
  std::vector<std::uint32_t> items_;
  std::unordered_map<std::uint32_t, std::uint32_t> index_;
};

std::uint64_t HashOf(const BodyRow& body) {
  std::uint64_t hash =
      SeededHash(0, {reinterpret_cast<const char*>(body.code), body.length * sizeof(bc::Inst)});
  for (std::uint32_t i = 0; i < body.constant_count; ++i) {
    hash = store::Mix(hash + HashOf(body.constants[i]));
  }
  for (std::uint32_t i = 0; i < body.pattern_count; ++i) {
    hash = store::Mix(hash + SeededHash(1, body.patterns[i]));
  }
  return hash;
}

}  // namespace

ProgramLinker::ProgramLinker(Editor* editor, const bc::ProgramParts& parts)
    : editor_(*editor),
      parts_(parts),
      names_(parts.names.size(), kNoSymbol),
      types_(parts.types.size(), kNoSymbol),
      uids_(parts.constants.size(), kNoSymbol),
      bodies_(parts.bodies.size(), kNoSymbol),
      rules_(parts.rules.size(), kNoSymbol) {}

Problem ProgramLinker::Rule(std::uint32_t rule, std::uint32_t* out) {
  if (rules_[rule] != kNoSymbol) {
    *out = rules_[rule];
    return std::nullopt;
  }
  const bc::Rule& from = parts_.rules[rule];
  RuleRow row;
  if (auto problem = Body(from.body, &row.body)) return problem;
  row.is_forbid = from.is_forbid;
  row.principal_kind = from.principal.kind;
  row.resource_kind = from.resource.kind;
  row.principal_slot = from.principal.has_slot;
  row.resource_slot = from.resource.has_slot;
  row.principal = Key(from.principal);
  row.resource = Key(from.resource);
  row.action = Action(from.action);
  row.annotation_count = static_cast<std::uint32_t>(from.annotations.size());
  row.annotations = Annotations(from.annotations);
  row.digest = from.digest;
  SnapshotData& data = editor_.data_;
  std::uint32_t number = data.free_rule;
  if (number == kNoSymbol) {
    number = data.rules.size();
    data.rules.Resize(editor_.heap_, number + 1);
  } else {
    data.free_rule = data.rules[number].body;
  }
  data.rules.Edit(editor_.heap_, number) = row;
  *out = rules_[rule] = number;
  return std::nullopt;
}

Problem ProgramLinker::Body(std::uint32_t body, std::uint32_t* out) {
  if (bodies_[body] != kNoSymbol) {
    *out = bodies_[body];
    ++editor_.data_.bodies.Edit(editor_.heap_, *out).uses;
    return std::nullopt;
  }
  BodyRow row;
  if (auto problem = Link(parts_.bodies[body], &row)) return problem;
  *out = bodies_[body] = editor_.InternBody(row);
  return std::nullopt;
}

std::uint32_t ProgramLinker::Name(std::uint32_t name) {
  if (names_[name] == kNoSymbol) return names_[name] = editor_.AcquireName(parts_.names[name]);
  editor_.data_.names.Acquire(editor_.heap_, names_[name]);
  return names_[name];
}

std::uint32_t ProgramLinker::Type(std::uint32_t type) {
  if (types_[type] == kNoSymbol) return types_[type] = editor_.AcquireType(parts_.types[type]);
  editor_.data_.types.Acquire(editor_.heap_, types_[type]);
  return types_[type];
}

std::uint32_t ProgramLinker::UidOfConstant(std::uint32_t constant) {
  if (uids_[constant] != kNoSymbol) {
    editor_.AcquireUid(uids_[constant]);
    return uids_[constant];
  }
  return uids_[constant] = editor_.AcquireUid(*parts_.constants[constant].As<EntityUid>());
}

tree::ScopeKey ProgramLinker::Key(const bc::Constraint& constraint) {
  using Kind = bc::Constraint::Kind;
  switch (constraint.kind) {
    case Kind::kAny:
    case Kind::kInAnyOf: break;
    case Kind::kIs: return tree::ScopeKey::Is(Type(constraint.type));
    case Kind::kEqual:
      if (constraint.has_slot) break;
      return tree::ScopeKey::Equal(UidOfConstant(constraint.constant));
    case Kind::kIn:
      if (constraint.has_slot) break;
      return tree::ScopeKey::In(UidOfConstant(constraint.constant));
    case Kind::kIsIn: {
      const std::uint32_t type = Type(constraint.type);
      if (constraint.has_slot) return tree::ScopeKey::Is(type);
      return tree::ScopeKey::IsIn(type, UidOfConstant(constraint.constant));
    }
  }
  return {};
}

std::uint32_t ProgramLinker::Action(const bc::Constraint& constraint) {
  using Kind = bc::Constraint::Kind;
  if (constraint.kind == Kind::kAny) return 0;
  std::vector<std::uint32_t> uids;
  if (constraint.kind == Kind::kInAnyOf) {
    for (const Value& uid : *parts_.constants[constraint.constant].As<Value::Set>()) {
      uids.push_back(editor_.AcquireUid(*uid.As<EntityUid>()));
    }
  } else {
    uids.push_back(UidOfConstant(constraint.constant));
  }
  return editor_.InternAction(constraint.kind, std::move(uids));
}

const AnnotationRow* ProgramLinker::Annotations(const std::vector<bc::Annotation>& annotations) {
  if (annotations.empty()) return nullptr;
  std::size_t bytes = Bump::Rounded(annotations.size() * sizeof(AnnotationRow));
  for (const bc::Annotation& each : annotations) {
    bytes += Bump::Rounded(each.key.size() + 1) + Bump::Rounded(each.value.size() + 1);
  }
  Bump bump(editor_.heap_.Allocate(bytes));
  auto* rows = bump.New<AnnotationRow>(annotations.size());
  for (std::size_t i = 0; i < annotations.size(); ++i) {
    rows[i].key = bump.Keep(annotations[i].key);
    rows[i].value = bump.Keep(annotations[i].value);
  }
  return rows;
}

Problem ProgramLinker::Link(const bc::Body& body, BodyRow* out) {
  std::vector<bc::Inst> code(parts_.code.begin() + body.begin, parts_.code.begin() + body.end);
  Used used_constants, used_patterns;
  for (bc::Inst& inst : code) {
    switch (bc::Info(inst.op).format) {
      case bc::Format::kRegConstant: inst.c = used_constants.IndexOf(inst.c); break;
      case bc::Format::kRegPattern: inst.c = used_patterns.IndexOf(inst.c); break;
      case bc::Format::kRegName: inst.c = Name(inst.c); break;
      case bc::Format::kRegType: inst.c = Type(inst.c); break;
      default: break;
    }
  }
  const std::vector<std::uint32_t>& used = used_constants.items();
  const std::vector<std::uint32_t>& matched = used_patterns.items();
  const std::uint32_t depth = editor_.cell_depth();
  std::size_t bytes = code.size() * sizeof(bc::Inst) + used.size() * sizeof(Cell) +
                      matched.size() * sizeof(std::string_view);
  for (const std::uint32_t c : used) bytes += BytesOf(parts_.constants[c], depth);
  for (const std::uint32_t p : matched) bytes += Bump::Rounded(parts_.patterns[p].size() + 1);

  Bump bump(editor_.heap_.Allocate(bytes));
  auto* kept_code = bump.New<bc::Inst>(code.size());
  std::memcpy(kept_code, code.data(), code.size() * sizeof(bc::Inst));
  auto* constants = bump.New<Cell>(used.size());
  auto* patterns = bump.New<std::string_view>(matched.size());
  CellNames names(&editor_, &bump);
  CellMaker<CellNames> cells(names, depth);
  for (std::size_t i = 0; i < used.size(); ++i) {
    constants[i] = Cell();
    if (cells.Make(parts_.constants[used[i]], &constants[i]) != ToCellStatus::kOk) {
      return Error{ErrorCode::kLimitExceeded, "a value is nested too deep (json_depth)"};
    }
  }
  for (std::size_t i = 0; i < matched.size(); ++i) {
    patterns[i] = bump.Keep(parts_.patterns[matched[i]]);
  }
  *out = {.code = kept_code,
          .constants = constants,
          .patterns = patterns,
          .length = static_cast<std::uint32_t>(code.size()),
          .constant_count = static_cast<std::uint32_t>(used.size()),
          .pattern_count = static_cast<std::uint32_t>(matched.size()),
          .registers = body.registers,
          .is_expression = body.is_expression,
          .test = {}};
  out->hash = HashOf(*out);
  return std::nullopt;
}

}  // namespace assay::rt
