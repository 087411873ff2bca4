#include "compiler/validate/conform.h"

#include <algorithm>

#include "compiler/schema/fragment.h"
#include "engine/base/escape.h"
#include "engine/base/names.h"

namespace assay::validate {

namespace {

using schema::Attribute;
using schema::TypeId;
using schema::TypeKind;
using schema::Types;

constexpr std::size_t kShownElements = 5;  // of a context that is wrong
constexpr std::size_t kLongestTypeText = 1 << 16;

// A type as messages about data call it.
void AppendType(const Types& types, TypeId id, std::string* out) {
  if (out->size() > kLongestTypeText) return;
  const schema::Type& type = types[id];
  switch (type.kind) {
    case TypeKind::kBool: *out += "bool"; return;
    case TypeKind::kLong: *out += "long"; return;
    case TypeKind::kString: *out += "string"; return;
    case TypeKind::kSet:
      *out += "[";
      AppendType(types, type.element, out);
      *out += "]";
      return;
    case TypeKind::kEntity:
      *out += "`" + std::string(types.names()[type.entities.front()]) + "`";
      return;
    case TypeKind::kRecord: {
      *out += "{ ";
      for (const Attribute& attribute : type.attributes) {
        if (&attribute != &type.attributes.front()) *out += ", ";
        *out += "\"" + EscapeText(types.names()[attribute.name]) + "\" => ";
        *out += attribute.required ? "(required) " : "(optional) ";
        AppendType(types, attribute.type, out);
      }
      *out += " }";
      return;
    }
    default: *out += types.Text(id);
  }
}

std::string TypeOfValue(const Value& value) {
  switch (value.kind()) {
    case Kind::kBool: return "bool";
    case Kind::kLong: return "long";
    case Kind::kString: return "string";
    case Kind::kEntity: return "(entity of type `" + value.As<EntityUid>()->type + "`)";
    case Kind::kSet: return "set";
    case Kind::kRecord: return "record";
    case Kind::kDatetime: return "datetime";
    case Kind::kDecimal: return "decimal";
    case Kind::kDuration: return "duration";
    case Kind::kIpAddr: return "ipaddr";
    case Kind::kUndefined: break;
  }
  return "undefined";
}

std::optional<schema::Extension> ExtensionOf(const Value& value) {
  switch (value.kind()) {
    case Kind::kDatetime: return schema::Extension::kDatetime;
    case Kind::kDecimal: return schema::Extension::kDecimal;
    case Kind::kDuration: return schema::Extension::kDuration;
    case Kind::kIpAddr: return schema::Extension::kIpaddr;
    default: return std::nullopt;
  }
}

std::string Mismatched(const Types& types, TypeId type, const Value& value,
                       const std::string& reason) {
  std::string text = "type mismatch: value was expected to have type ";
  AppendType(types, type, &text);
  return text + ", but it " + reason + ": `" + value.ToCedar() + "`";
}

std::optional<std::string> RecordMismatch(const Types& types, TypeId type, const Value& value) {
  const Record& record = *value.As<Record>();
  for (const Attribute& attribute : types[type].attributes) {
    const std::string_view name = types.names()[attribute.name];
    const auto found = record.find(name);
    if (found == record.end()) {
      if (!attribute.required) continue;
      return Mismatched(types, type, value,
                        "is missing the required attribute `" + std::string(name) + "`");
    }
    if (auto problem = Mismatch(types, attribute.type, found->second)) return problem;
  }
  for (const auto& [name, member] : record) {
    const auto id = types.names().Find(name);
    if (id && types.Find(type, *id) != nullptr) continue;
    return Mismatched(types, type, value, "contains an unexpected attribute `" + name + "`");
  }
  return std::nullopt;
}

// Enumerations and actions must be what the schema declares, wherever a value names them.
struct UidProblem {
  bool is_action = false;
  EntityUid uid;
};

std::optional<UidProblem> ProblemOf(const schema::Model& model, const EntityUid& uid) {
  if (IsActionType(uid.type)) {
    if (model.FindAction(uid) == nullptr) return UidProblem{true, uid};
    return std::nullopt;
  }
  const schema::EntityType* type = model.FindEntityType(uid.type);
  if (type == nullptr || !type->is_enum()) return std::nullopt;
  if (std::find(type->choices.begin(), type->choices.end(), uid.id) != type->choices.end()) {
    return std::nullopt;
  }
  return UidProblem{false, uid};
}

std::optional<UidProblem> ProblemIn(const schema::Model& model, const Value& value) {
  if (const auto* uid = value.As<EntityUid>()) return ProblemOf(model, *uid);
  if (const auto* set = value.As<Value::Set>()) {
    for (const Value& element : *set) {
      if (auto problem = ProblemIn(model, element)) return problem;
    }
  }
  if (const auto* record = value.As<Record>()) {
    for (const auto& [name, member] : *record) {
      if (auto problem = ProblemIn(model, member)) return problem;
    }
  }
  return std::nullopt;
}

std::string InvalidEnum(const EntityUid& uid) {
  return "entity `" + uid.ToCedar() + "` is of an enumerated entity type, but `\"" +
         EscapeText(uid.id) + "\"` is not declared as a valid eid";
}

std::string InEntity(const UidProblem& problem) {
  if (!problem.is_action) return InvalidEnum(problem.uid);
  return "found action entity `" + problem.uid.ToCedar() +
         "`, but it was not declared as an action in the schema";
}

class EntityChecker {
 public:
  EntityChecker(const schema::Model& model, const Entities& entities, std::size_t index)
      : model_(model),
        entity_(entities[index]),
        ancestors_(entities.ancestors(index)),
        shown_(entity_.uid.ToCedar()) {}

  std::optional<std::string> Check() const {
    if (IsActionType(entity_.uid.type)) return CheckAction();
    const schema::EntityType* type = model_.FindEntityType(entity_.uid.type);
    if (type == nullptr) {
      return "entity `" + shown_ + "` has type `" + entity_.uid.type +
             "` which is not declared in the schema";
    }
    if (auto problem = ProblemOf(model_, entity_.uid)) return InEntity(*problem);
    if (auto problem = CheckAttributes(*type)) return problem;
    if (auto problem = CheckAncestors()) return problem;
    return CheckTags(*type);
  }

 private:
  // An action has the ancestors that the schema gives it, and nothing else.
  std::optional<std::string> CheckAction() const {
    const auto found = model_.action_index.find(entity_.uid);
    if (found == model_.action_index.end()) return InEntity({true, entity_.uid});
    const std::vector<bool> above =
        schema::Reach(model_.actions, {found->second}, &schema::Action::parents);
    const auto count = static_cast<std::size_t>(std::count(above.begin(), above.end(), true));
    const bool same = entity_.attributes.empty() && entity_.tags.empty() &&
                      ancestors_.size() == count &&
                      std::all_of(ancestors_.begin(), ancestors_.end(), [&](const auto& uid) {
                        const auto ancestor = model_.action_index.find(uid);
                        return ancestor != model_.action_index.end() && above[ancestor->second];
                      });
    if (same) return std::nullopt;
    return "definition of action `" + shown_ + "` does not match its schema declaration";
  }

  std::optional<std::string> CheckAttributes(const schema::EntityType& type) const {
    const Types& types = model_.types;
    for (const Attribute& attribute : types[type.shape].attributes) {
      const std::string_view name = types.names()[attribute.name];
      if (!attribute.required || entity_.attributes.contains(name)) continue;
      return "expected entity `" + shown_ + "` to have attribute `" + std::string(name) +
             "`, but it does not";
    }
    for (const auto& [name, value] : entity_.attributes) {
      const auto id = types.names().Find(name);
      const Attribute* declared = id ? types.Find(type.shape, *id) : nullptr;
      if (declared == nullptr) {
        return "attribute `" + name + "` on `" + shown_ +
               "` should not exist according to the schema";
      }
      if (auto problem = CheckValue("attribute", name, declared->type, value)) return problem;
    }
    return std::nullopt;
  }

  std::optional<std::string> CheckTags(const schema::EntityType& type) const {
    for (const auto& [name, value] : entity_.tags) {
      if (!type.tags) {
        return "found a tag `" + name + "` on `" + shown_ + "`, but no tags should exist on `" +
               shown_ + "` according to the schema";
      }
      if (auto problem = CheckValue("tag", name, *type.tags, value)) return problem;
    }
    return std::nullopt;
  }

  std::optional<std::string> CheckValue(const std::string& what, const std::string& name,
                                        TypeId type, const Value& value) const {
    if (auto why = Mismatch(model_.types, type, value)) {
      return "in " + what + " `" + name + "` on `" + shown_ + "`, " + *why;
    }
    if (auto problem = ProblemIn(model_, value)) return InEntity(*problem);
    return std::nullopt;
  }

  std::optional<std::string> CheckAncestors() const {
    if (ancestors_.empty()) return std::nullopt;
    const auto name = model_.types.names().Find(entity_.uid.type);
    const std::uint32_t index = model_.entity_index.find(*name)->second;
    const std::vector<bool> above =
        schema::Reach(model_.entity_types, {index}, &schema::EntityType::parents);
    for (const EntityUid& uid : ancestors_) {
      if (auto problem = ProblemOf(model_, uid)) return InEntity(*problem);
      const auto type = model_.types.names().Find(uid.type);
      const auto found = type ? model_.entity_index.find(*type) : model_.entity_index.end();
      if (found != model_.entity_index.end() && above[found->second]) continue;
      return "`" + shown_ + "` is not allowed to have an ancestor of type `" + uid.type +
             "` according to the schema";
    }
    return std::nullopt;
  }

  const schema::Model& model_;
  const Entity& entity_;
  const std::vector<EntityUid>& ancestors_;
  std::string shown_;
};

// Text of a value of which collections show a few elements only.
std::string Shown(const Value& value) {
  const auto* set = value.As<Value::Set>();
  const auto* record = value.As<Record>();
  if (set == nullptr && record == nullptr) return value.ToCedar();
  std::string out = set != nullptr ? "[" : "{";
  std::size_t left = kShownElements;
  const auto next = [&] {
    if (left < kShownElements) out += ", ";
    return left-- > 0;
  };
  const std::size_t size = set != nullptr ? set->size() : record->size();
  if (set != nullptr) {
    for (const Value& element : *set) {
      if (left == 0) break;
      next();
      out += Shown(element);
    }
  } else {
    for (const auto& [name, member] : *record) {
      if (left == 0) break;
      next();
      // As the reference has it, the name is not escaped.
      out += (IsFieldName(name) ? name : "\"" + name + "\"") + ": " + Shown(member);
    }
  }
  if (size > kShownElements) out += ", .. ";
  return out + (set != nullptr ? "]" : "}");
}

}  // namespace

std::optional<std::string> Mismatch(const Types& types, TypeId type, const Value& value) {
  const auto mismatch = [&] {
    return Mismatched(types, type, value, "actually has type " + TypeOfValue(value));
  };
  const schema::Type& t = types[type];
  bool fits = false;
  switch (t.kind) {
    case TypeKind::kBool: fits = value.kind() == Kind::kBool; break;
    case TypeKind::kLong: fits = value.kind() == Kind::kLong; break;
    case TypeKind::kString: fits = value.kind() == Kind::kString; break;
    case TypeKind::kExtension: fits = ExtensionOf(value) == t.extension; break;
    case TypeKind::kEntity: {
      const auto* uid = value.As<EntityUid>();
      fits = uid != nullptr && types.names()[t.entities.front()] == uid->type;
      break;
    }
    case TypeKind::kSet: {
      const auto* set = value.As<Value::Set>();
      if (set == nullptr) return mismatch();
      for (const Value& element : *set) {
        if (auto problem = Mismatch(types, t.element, element)) return problem;
      }
      return std::nullopt;
    }
    case TypeKind::kRecord:
      if (value.kind() != Kind::kRecord) return mismatch();
      return RecordMismatch(types, type, value);
    default: break;
  }
  if (fits) return std::nullopt;
  return mismatch();
}

std::optional<std::string> EntityProblem(const schema::Model& model, const Entities& entities,
                                         std::size_t index) {
  return EntityChecker(model, entities, index).Check();
}

std::optional<std::string> RequestProblem(const schema::Model& model, const Request& request) {
  const auto undeclared_action = [](const EntityUid& uid) {
    return "request's action `" + uid.ToCedar() + "` is not declared in the schema";
  };
  struct Side {
    const char* what;
    const EntityUid& uid;
  };
  const Side sides[] = {{"principal", request.principal}, {"resource", request.resource}};
  for (const Side& side : sides) {
    if (model.FindEntityType(side.uid.type) == nullptr) {
      return std::string(side.what) + " type `" + side.uid.type + "` is not declared in the schema";
    }
    if (ProblemOf(model, side.uid)) return InvalidEnum(side.uid);
  }
  const schema::Action* action = model.FindAction(request.action);
  if (action == nullptr) return undeclared_action(request.action);
  for (const Side& side : sides) {
    const auto& allowed = &side == sides ? action->principals : action->resources;
    const auto type = model.types.names().Find(side.uid.type);
    if (std::find(allowed.begin(), allowed.end(), *type) != allowed.end()) continue;
    return std::string(side.what) + " type `" + side.uid.type + "` is not valid for `" +
           request.action.ToCedar() + "`";
  }
  const Value context(request.context);
  if (auto problem = ProblemIn(model, context)) {
    return problem->is_action ? undeclared_action(problem->uid) : InvalidEnum(problem->uid);
  }
  if (!Mismatch(model.types, action->context, context)) return std::nullopt;
  return "context `" + Shown(context) + "` is not valid for `" + request.action.ToCedar() + "`";
}

}  // namespace assay::validate
