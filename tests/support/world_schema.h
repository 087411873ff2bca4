// What a random world is about: the types of its entities, which attributes they are meant to have,
// the uids. Data and policies are drawn from one schema, so that they meet; both stray from it now
// and then, so that errors happen.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "assay/value.h"
#include "tests/support/world_draw.h"

namespace assay::testing {

enum class TypeKind {
  kBool,
  kLong,
  kString,
  kEntity,
  kSet,
  kRecord,
  kIp,
  kDecimal,
  kDatetime,
  kDuration,
};

struct Field;

struct WorldType {
  TypeKind kind = TypeKind::kBool;
  std::vector<WorldType> element;  // one for a set
  std::vector<Field> fields;       // of a record
  std::string entity;              // of an entity; "" is any
};

struct Field {
  std::string name;
  WorldType type;
};

// Whether an expression of type `b` can stand where `a` is wanted.
bool Fits(const WorldType& a, const WorldType& b);

struct EntityType {
  std::string name;
  std::vector<Field> fields;
  std::vector<std::string> ids;    // a tenth of them will not be in the store
  std::vector<std::string> above;  // types whose entities may be parents
  WorldType tag;
};

struct WorldSchema {
  std::vector<EntityType> types;  // principals and resources
  EntityType actions;
  std::vector<Field> context;

  const EntityType* Find(const std::string& name) const;
};

WorldSchema DrawSchema(Draw& draw);

// A type; the deeper, the simpler.
WorldType DrawType(Draw& draw, const WorldSchema& schema, int depth);

EntityUid DrawUid(Draw& draw, const WorldSchema& schema, const std::string& type);

// Values that many places draw from, so that they are sometimes equal.
std::int64_t DrawLong(Draw& draw);
std::string DrawString(Draw& draw);
std::string DrawTagName(Draw& draw);
// A text that the constructor of this kind takes.
std::string DrawSureText(Draw& draw, TypeKind kind);
// The same, but at times a text that the constructor refuses.
std::string DrawExtensionText(Draw& draw, TypeKind kind);
// The name of the constructor: `ip`, `decimal`, …
const char* ConstructorOf(TypeKind kind);

// The entities, a context and one request, as JSON objects.
std::vector<std::string> DrawEntities(Draw& draw, const WorldSchema& schema);
std::string DrawContext(Draw& draw, const WorldSchema& schema);
std::string DrawRequest(Draw& draw, const WorldSchema& schema);

}  // namespace assay::testing
