#include "compiler/schema/types.h"

#include <algorithm>
#include <iterator>

#include "compiler/schema/fragment.h"

namespace assay::schema {

namespace {

// A text of a type is for people; a type that shares its parts may have a text of any size.
constexpr std::size_t kLongestText = 1 << 16;

std::uint64_t Mix(std::uint64_t hash, std::uint64_t value) {
  hash ^= value + 0x9E3779B97F4A7C15 + (hash << 6) + (hash >> 2);
  return hash;
}

std::uint64_t HashOf(const Type& type) {
  std::uint64_t hash = static_cast<std::uint64_t>(type.kind) + (type.is_open ? 64 : 0);
  hash = Mix(hash, static_cast<std::uint64_t>(type.extension));
  hash = Mix(hash, static_cast<std::uint64_t>(type.element));
  for (const NameId name : type.entities) hash = Mix(hash, static_cast<std::uint64_t>(name));
  for (const Attribute& a : type.attributes) {
    hash = Mix(hash, static_cast<std::uint64_t>(a.name));
    hash = Mix(hash, static_cast<std::uint64_t>(a.type) * 2 + (a.required ? 1 : 0));
  }
  return hash;
}

bool Same(const Type& a, const Type& b) {
  return a.kind == b.kind && a.extension == b.extension && a.is_open == b.is_open &&
         a.element == b.element && a.entities == b.entities && a.attributes == b.attributes;
}

std::size_t Index(Strictness mode) { return static_cast<std::size_t>(mode); }

}  // namespace

NameId Names::Intern(std::string_view name) {
  const auto [found, is_new] = ids_.try_emplace(std::string(name), NameId(texts_.size()));
  if (is_new) texts_.emplace_back(name);
  return found->second;
}

std::optional<NameId> Names::Find(std::string_view name) const {
  const auto found = ids_.find(std::string(name));
  if (found == ids_.end()) return std::nullopt;
  return found->second;
}

Types::Types() {
  for (const TypeKind kind :
       {TypeKind::kNever, TypeKind::kBool, TypeKind::kTrue, TypeKind::kFalse, TypeKind::kLong,
        TypeKind::kString, TypeKind::kAnyEntity, TypeKind::kAnySet}) {
    Keep({.kind = kind});
  }
  Keep({.kind = TypeKind::kRecord, .is_open = true});
  for (std::size_t i = 0; i < kExtensionNames.size(); ++i) {
    Keep({.kind = TypeKind::kExtension, .extension = static_cast<Extension>(i)});
  }
}

TypeId Types::Keep(Type type) {
  const std::uint64_t hash = HashOf(type);
  const auto [begin, end] = by_hash_.equal_range(hash);
  for (auto it = begin; it != end; ++it) {
    if (Same((*this)[it->second], type)) return it->second;
  }
  const auto id = static_cast<TypeId>(types_.size());
  types_.push_back(std::move(type));
  by_hash_.emplace(hash, id);
  return id;
}

void Types::SortNames(std::vector<NameId>* names) const {
  std::sort(names->begin(), names->end(),
            [&](NameId a, NameId b) { return NameOrder()(names_[a], names_[b]); });
  names->erase(std::unique(names->begin(), names->end()), names->end());
}

TypeId Types::EntityOf(std::vector<NameId> types) {
  SortNames(&types);
  return Keep({.kind = TypeKind::kEntity, .entities = std::move(types)});
}

TypeId Types::Set(TypeId element) {
  return Keep({.kind = TypeKind::kSet, .element = element, .depth = (*this)[element].depth + 1});
}

TypeId Types::Record(std::vector<Attribute> attributes, bool is_open) {
  std::sort(attributes.begin(), attributes.end(), [&](const Attribute& a, const Attribute& b) {
    return names_[a.name] < names_[b.name];
  });
  std::uint32_t depth = 0;
  for (const Attribute& a : attributes) depth = std::max(depth, (*this)[a.type].depth);
  return Keep({.kind = TypeKind::kRecord,
               .is_open = is_open,
               .attributes = std::move(attributes),
               .depth = depth + 1});
}

const Attribute* Types::Find(TypeId record, NameId name) const {
  for (const Attribute& attribute : (*this)[record].attributes) {
    if (attribute.name == name) return &attribute;
  }
  return nullptr;
}

// --- subtypes

bool Types::IsSubtype(TypeId a, TypeId b, Strictness mode) {
  if (a == b || a == kNever) return true;
  const TypeKind from = (*this)[a].kind, to = (*this)[b].kind;
  const bool permissive = mode == Strictness::kPermissive;
  switch (to) {
    case TypeKind::kBool: return from == TypeKind::kTrue || from == TypeKind::kFalse;
    case TypeKind::kAnyEntity: return from == TypeKind::kEntity && permissive;
    case TypeKind::kEntity: {
      if (from != TypeKind::kEntity || !permissive) return false;
      const auto& wide = (*this)[b].entities;
      const auto& narrow = (*this)[a].entities;
      return std::all_of(narrow.begin(), narrow.end(), [&](NameId name) {
        return std::find(wide.begin(), wide.end(), name) != wide.end();
      });
    }
    case TypeKind::kAnySet: return from == TypeKind::kSet;
    case TypeKind::kSet:
      return from == TypeKind::kSet && IsSubtype((*this)[a].element, (*this)[b].element, mode);
    case TypeKind::kRecord: return from == TypeKind::kRecord && IsRecordSubtype(a, b, mode);
    default: return false;
  }
}

bool Types::IsRecordSubtype(TypeId a, TypeId b, Strictness mode) {
  const auto [known, is_new] = subtypes_[Index(mode)].try_emplace({a, b}, false);
  if (!is_new) return known->second;
  const bool strict = mode == Strictness::kStrict;
  const Type& from = (*this)[a];
  const Type& to = (*this)[b];
  if (from.is_open && !to.is_open) return false;
  const bool may_be_wider = to.is_open && !strict;
  if (!may_be_wider && from.attributes.size() != to.attributes.size()) return false;
  for (const Attribute& wanted : to.attributes) {
    const Attribute* found = Find(a, wanted.name);
    if (found == nullptr) return false;
    const bool fits =
        strict ? found->required == wanted.required : found->required || !wanted.required;
    if (!fits || !IsSubtype(found->type, wanted.type, mode)) return false;
  }
  subtypes_[Index(mode)][{a, b}] = true;
  return true;
}

// --- least upper bounds

Lub Types::LeastUpperBound(TypeId a, TypeId b, Strictness mode) {
  if (IsSubtype(a, b, mode)) return b;
  if (IsSubtype(b, a, mode)) return a;
  const auto is_bool = [&](TypeId id) {
    const TypeKind kind = (*this)[id].kind;
    return kind >= TypeKind::kBool && kind <= TypeKind::kFalse;
  };
  const auto is_entity = [&](TypeId id) {
    return (*this)[id].kind == TypeKind::kEntity || (*this)[id].kind == TypeKind::kAnyEntity;
  };
  const auto is_record = [&](TypeId id) { return (*this)[id].kind == TypeKind::kRecord; };
  const auto is_set = [&](TypeId id) { return (*this)[id].kind == TypeKind::kSet; };
  if (is_bool(a) && is_bool(b)) return kBool;
  if (is_set(a) && is_set(b)) return SetLub(a, b, mode);
  if (is_record(a) && is_record(b)) return RecordLub(a, b, mode);
  if (is_entity(a) && is_entity(b)) return EntityLub(a, b, mode);
  if ((is_entity(a) && is_record(b)) || (is_record(a) && is_entity(b))) {
    return LubFailure::kEntityRecord;
  }
  return LubFailure::kOther;
}

Lub Types::SetLub(TypeId a, TypeId b, Strictness mode) {
  const Lub element = LeastUpperBound((*this)[a].element, (*this)[b].element, mode);
  if (const auto* failure = std::get_if<LubFailure>(&element)) return *failure;
  return Set(std::get<TypeId>(element));
}

Lub Types::EntityLub(TypeId a, TypeId b, Strictness mode) {
  if (mode == Strictness::kStrict) return LubFailure::kEntityType;
  if (a == kAnyEntity || b == kAnyEntity) return kAnyEntity;
  std::vector<NameId> both = (*this)[a].entities;
  const auto& further = (*this)[b].entities;
  both.insert(both.end(), further.begin(), further.end());
  return EntityOf(std::move(both));
}

Lub Types::RecordLub(TypeId a, TypeId b, Strictness mode) {
  const auto known = lubs_[Index(mode)].find({a, b});
  if (known != lubs_[Index(mode)].end()) return known->second;
  // Copies: the table may grow below.
  const std::vector<Attribute> left = (*this)[a].attributes, right = (*this)[b].attributes;
  const bool is_open = (*this)[a].is_open || (*this)[b].is_open;
  const auto compute = [&]() -> Lub {
    if (mode == Strictness::kPermissive) {
      std::vector<Attribute> common = CommonAttributes(left, right);
      const bool all = common.size() == left.size() && common.size() == right.size();
      return Record(std::move(common), is_open || !all);
    }
    if (!std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](const Attribute& x, const Attribute& y) { return x.name == y.name; })) {
      return LubFailure::kRecordWidth;
    }
    std::vector<Attribute> attributes;
    for (std::size_t i = 0; i < left.size(); ++i) {
      const Lub type = LeastUpperBound(left[i].type, right[i].type, mode);
      if (const auto* failure = std::get_if<LubFailure>(&type)) return *failure;
      if (left[i].required != right[i].required) return LubFailure::kAttributeQualifier;
      attributes.push_back({left[i].name, std::get<TypeId>(type), left[i].required});
    }
    return Record(std::move(attributes), is_open);
  };
  const Lub result = compute();
  lubs_[Index(mode)].emplace(Pair(a, b), result);
  return result;
}

std::vector<Attribute> Types::CommonAttributes(const std::vector<Attribute>& a,
                                               const std::vector<Attribute>& b) {
  std::vector<Attribute> common;
  for (const Attribute& left : a) {
    const auto right =
        std::find_if(b.begin(), b.end(), [&](const Attribute& x) { return x.name == left.name; });
    if (right == b.end()) continue;
    const Lub type = LeastUpperBound(left.type, right->type, Strictness::kPermissive);
    if (const auto* id = std::get_if<TypeId>(&type)) {
      common.push_back({left.name, *id, left.required && right->required});
    }
  }
  return common;
}

// --- order and text

std::strong_ordering Types::Compare(TypeId a, TypeId b) const {
  if (a == b) return std::strong_ordering::equal;
  const Type& left = (*this)[a];
  const Type& right = (*this)[b];
  if (left.kind != right.kind) return left.kind <=> right.kind;
  const auto by_name = [&](NameId x, NameId y) {
    if (x == y) return std::strong_ordering::equal;
    return NameOrder()(names_[x], names_[y]) ? std::strong_ordering::less
                                             : std::strong_ordering::greater;
  };
  switch (left.kind) {
    case TypeKind::kEntity:
      return std::lexicographical_compare_three_way(left.entities.begin(), left.entities.end(),
                                                    right.entities.begin(), right.entities.end(),
                                                    by_name);
    case TypeKind::kSet: return Compare(left.element, right.element);
    case TypeKind::kRecord: return CompareRecords(left, right);
    default: return left.extension <=> right.extension;
  }
}

std::strong_ordering Types::CompareRecords(const Type& a, const Type& b) const {
  const std::size_t both = std::min(a.attributes.size(), b.attributes.size());
  for (std::size_t i = 0; i < both; ++i) {
    const Attribute& left = a.attributes[i];
    const Attribute& right = b.attributes[i];
    const std::string_view left_name = names_[left.name], right_name = names_[right.name];
    if (left_name != right_name) return left_name <=> right_name;
    if (const auto order = Compare(left.type, right.type); order != 0) return order;
    if (left.required != right.required) return left.required <=> right.required;
  }
  if (a.attributes.size() != b.attributes.size()) {
    return a.attributes.size() <=> b.attributes.size();
  }
  return b.is_open <=> a.is_open;  // open ones come first
}

std::string Types::Text(TypeId id) const {
  std::string out;
  Append(id, &out);
  if (out.size() > kLongestText) {
    out.resize(kLongestText);
    while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0x80) != 0) out.pop_back();
    out += "…";
  }
  return out;
}

void Types::Append(TypeId id, std::string* out) const {
  if (out->size() > kLongestText) return;
  const Type& type = (*this)[id];
  switch (type.kind) {
    case TypeKind::kNever: *out += "__cedar::internal::Never"; return;
    case TypeKind::kTrue: *out += "__cedar::internal::True"; return;
    case TypeKind::kFalse: *out += "__cedar::internal::False"; return;
    case TypeKind::kBool: *out += "Bool"; return;
    case TypeKind::kLong: *out += "Long"; return;
    case TypeKind::kString: *out += "String"; return;
    case TypeKind::kAnyEntity: *out += "__cedar::internal::AnyEntity"; return;
    case TypeKind::kAnySet: *out += "Set<__cedar::internal::Any>"; return;
    case TypeKind::kExtension:
      *out += kExtensionNames[static_cast<std::size_t>(type.extension)];
      return;
    case TypeKind::kSet:
      *out += "Set<";
      Append(type.element, out);
      *out += ">";
      return;
    case TypeKind::kEntity: {
      const bool is_union = type.entities.size() > 1;
      if (is_union) *out += "__cedar::internal::Union<";
      for (std::size_t i = 0; i < type.entities.size(); ++i) {
        if (i > 0) *out += ", ";
        *out += names_[type.entities[i]];
      }
      if (is_union) *out += ">";
      return;
    }
    case TypeKind::kRecord: break;
  }
  *out += type.is_open ? "__cedar::internal::OpenRecord{" : "{";
  for (const Attribute& attribute : type.attributes) {
    *out += names_[attribute.name];
    *out += attribute.required ? ": " : "?: ";
    Append(attribute.type, out);
    *out += ",";
  }
  *out += "}";
}

}  // namespace assay::schema
