// Types of the schema and of expressions, each kept once: two types are the same exactly if their
// numbers are. A table is a value; a copy may grow on its own while the original is shared.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace assay::schema {

enum class NameId : std::uint32_t {};
enum class TypeId : std::uint32_t {};

// Names of entity types and attributes, by number.
class Names {
 public:
  NameId Intern(std::string_view name);
  std::optional<NameId> Find(std::string_view name) const;
  std::string_view operator[](NameId id) const { return texts_[static_cast<std::size_t>(id)]; }
  std::size_t size() const { return texts_.size(); }

 private:
  std::vector<std::string> texts_;
  std::unordered_map<std::string, NameId> ids_;
};

// By name, which is the reference's order.
enum class Extension : std::uint8_t { kDatetime, kDecimal, kDuration, kIpaddr };

inline constexpr std::array<std::string_view, 4> kExtensionNames = {"datetime", "decimal",
                                                                    "duration", "ipaddr"};

// In the order in which the reference lists types.
enum class TypeKind : std::uint8_t {
  kNever,  // of no value
  kBool,   // any boolean
  kTrue,   // the boolean `true` alone
  kFalse,
  kLong,
  kString,
  kAnyEntity,  // of any type
  kEntity,     // of one of `entities`
  kAnySet,     // of anything
  kSet,        // of `element`
  kRecord,     // of `attributes`
  kExtension,  // `extension`
};

struct Attribute {
  NameId name{};
  TypeId type{};
  bool required = true;
  friend bool operator==(const Attribute&, const Attribute&) = default;
};

struct Type {
  TypeKind kind = TypeKind::kNever;
  Extension extension{};
  bool is_open = false;  // a record that may have further attributes
  TypeId element{};
  std::vector<NameId> entities = {};       // in the order of names, each once
  std::vector<Attribute> attributes = {};  // by name, each once
  std::uint32_t depth = 1;                 // of nesting; follows from the rest
};

// Strict: entities and records must fit exactly. Permissive: unions and wider records do.
enum class Strictness : std::uint8_t { kStrict, kPermissive };

// Why two types have no least upper bound.
enum class LubFailure : std::uint8_t {
  kAttributeQualifier,
  kRecordWidth,
  kEntityType,
  kEntityRecord,
  kOther,
};

using Lub = std::variant<TypeId, LubFailure>;

class Types {
 public:
  Types();

  static constexpr TypeId kNever{0}, kBool{1}, kTrue{2}, kFalse{3}, kLong{4}, kString{5},
      kAnyEntity{6}, kAnySet{7}, kAnyRecord{8};
  static constexpr TypeId ExtensionType(Extension extension) {
    return static_cast<TypeId>(9 + static_cast<std::uint32_t>(extension));
  }
  static TypeId Singleton(bool value) { return value ? kTrue : kFalse; }

  TypeId Entity(NameId type) { return EntityOf({type}); }
  TypeId EntityOf(std::vector<NameId> types);
  TypeId Set(TypeId element);
  TypeId Record(std::vector<Attribute> attributes, bool is_open = false);

  const Type& operator[](TypeId id) const { return types_[static_cast<std::size_t>(id)]; }
  // nullptr if the record has no such attribute.
  const Attribute* Find(TypeId record, NameId name) const;

  Names& names() { return names_; }
  const Names& names() const { return names_; }

  bool IsSubtype(TypeId a, TypeId b, Strictness mode);
  Lub LeastUpperBound(TypeId a, TypeId b, Strictness mode);
  // The attributes that both have, with the least upper bounds of their types.
  std::vector<Attribute> CommonAttributes(const std::vector<Attribute>& a,
                                          const std::vector<Attribute>& b);
  // The reference's order.
  std::strong_ordering Compare(TypeId a, TypeId b) const;
  // As the reference prints it; cut where it is very long.
  std::string Text(TypeId id) const;

 private:
  TypeId Keep(Type type);
  void SortNames(std::vector<NameId>* names) const;
  bool IsRecordSubtype(TypeId a, TypeId b, Strictness mode);
  Lub SetLub(TypeId a, TypeId b, Strictness mode);
  Lub RecordLub(TypeId a, TypeId b, Strictness mode);
  Lub EntityLub(TypeId a, TypeId b, Strictness mode);
  std::strong_ordering CompareRecords(const Type& a, const Type& b) const;
  void Append(TypeId id, std::string* out) const;

  using Pair = std::pair<TypeId, TypeId>;
  std::vector<Type> types_;
  std::unordered_multimap<std::uint64_t, TypeId> by_hash_;
  Names names_;
  // Answers are kept: types share parts, and without this the work would be that of the trees.
  std::array<std::map<Pair, bool>, 2> subtypes_;
  std::array<std::map<Pair, Lub>, 2> lubs_;
};

}  // namespace assay::schema
