// What a schema says, as it is written: names are not resolved, and the text and the JSON form are
// the same here. Members in maps and vectors are sorted as the reference prints them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assay/source.h"

namespace assay::schema {

// Key to value; without a value, as in `@key`, there is none.
using Annotations = std::map<std::string, std::optional<std::string>>;

// A name as written: `A` or `A::B`.
struct Name {
  std::string text;
  Span span = {};
};

enum class TypeForm : std::uint8_t {
  kBoolean,
  kLong,
  kString,
  kSet,             // element
  kRecord,          // attributes
  kEntity,          // name: an entity type
  kEntityOrCommon,  // name: a common type, or else an entity type
  kExtension,       // name
  kCommon,          // name: a common type
};

struct AttributeDecl;

// A type as written.
struct TypeExpr {
  TypeForm form = TypeForm::kRecord;
  std::string name = {};
  std::vector<TypeExpr> element = {};     // exactly one of a set
  std::vector<AttributeDecl> attributes;  // of a record, sorted by name, each once
  Span span = {};

  bool is_empty_record() const;
};

struct AttributeDecl {
  std::string name;
  TypeExpr type;
  bool required = true;
  Annotations annotations = {};
};

struct CommonTypeDecl {
  TypeExpr type;
  Annotations annotations = {};
  Span span = {};
};

struct EntityDecl {
  std::vector<std::string> choices = {};  // not empty: an enumeration, and nothing else is set
  std::vector<Name> member_of = {};
  TypeExpr shape = {};
  std::optional<TypeExpr> tags = {};
  Annotations annotations = {};
  Span span = {};
};

// Names an action: without a type the one of the namespace is meant.
struct ActionRef {
  std::optional<std::string> type = {};
  std::string id;
  Span span = {};
};

struct AppliesTo {
  std::vector<Name> principals = {};
  std::vector<Name> resources = {};
  TypeExpr context = {};
};

struct ActionDecl {
  std::optional<AppliesTo> applies_to = {};
  std::optional<std::vector<ActionRef>> member_of = {};
  bool has_attributes = false;  // in JSON only, and never supported
  Annotations annotations = {};
  Span span = {};
};

struct Namespace {
  std::map<std::string, CommonTypeDecl> common_types = {};
  std::map<std::string, EntityDecl> entity_types = {};
  std::map<std::string, ActionDecl> actions = {};
  Annotations annotations = {};
  Span span = {};
};

// Orders names by their last part, then by the parts before it; the empty namespace comes first.
struct NameOrder {
  bool operator()(std::string_view a, std::string_view b) const;
};

// One schema file. The empty namespace is called "".
struct Fragment {
  std::map<std::string, Namespace, NameOrder> namespaces;
};

// The last part of a name, and what is before it without the separator.
std::string_view BaseName(std::string_view name);
std::string_view NamespaceOf(std::string_view name);
// `name` in `space`, which may be "".
std::string Qualified(std::string_view space, std::string_view name);
// A part of the name is `__cedar`.
bool IsReservedName(std::string_view name);

// `Bool`, `Boolean`, `Entity`, `Extension`, `Long`, `Record`, `Set`, `String`: no common type may
// be called so.
bool IsReservedCommonType(std::string_view name);

}  // namespace assay::schema
