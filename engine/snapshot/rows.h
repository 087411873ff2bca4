// What a snapshot knows of one policy, rule, body, entity: rows of its arrays, by number.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/bytecode/program_parts.h"
#include "engine/tree/keys.h"
#include "engine/value/cell.h"
#include "engine/value/symbols.h"

namespace assay::rt {

// The code of conditions, or of an expression, with names and types replaced by the snapshot's
// numbers. Code, constants and patterns lie in one block, which `code` points to.
struct BodyRow {
  const bc::Inst* code = nullptr;
  const Cell* constants = nullptr;
  const std::string_view* patterns = nullptr;
  std::uint32_t length = 0, constant_count = 0, pattern_count = 0;
  std::uint32_t registers = 0;
  std::uint64_t hash = 0;  // of all that; equal bodies are one
  std::uint32_t uses = 0;  // by rules
  bool is_expression = false;
  tree::Test test;  // what its first condition asks, if the tree can tell
};

struct AnnotationRow {
  std::string_view key, value;
};

// What a static policy or a template says.
struct RuleRow {
  std::uint32_t body = 0;
  std::uint32_t uses = 0;  // by static policies, the template, and its links
  bool is_forbid = false;
  bc::Constraint::Kind principal_kind{}, resource_kind{};
  bool principal_slot = false, resource_slot = false;  // the key's entity is the link's
  tree::ScopeKey principal, resource;                  // of a slot: the type alone
  std::uint32_t action = 0;                            // number of an ActionRow
  std::uint32_t annotation_count = 0;
  const AnnotationRow* annotations = nullptr;  // in a block with their texts
  bc::Digest digest{};
};

enum class PolicyKind : std::uint8_t { kFree, kStatic, kLink, kTemplate };

// A policy that decides, or a template, which never does: they share the numbers and the ids.
struct PolicyRow {
  tree::ScopeKey principal, resource;
  const char* id = nullptr;
  std::uint32_t id_length = 0;
  std::uint32_t action = 0;
  std::uint32_t body = 0;
  std::uint32_t rule = 0;  // of a free row: the next free one
  PolicyKind kind = PolicyKind::kFree;
  bool is_forbid = false;
};
static_assert(sizeof(PolicyRow) == 48);

// What scopes demand of the action.
struct ActionRow {
  bc::Constraint::Kind kind = bc::Constraint::Kind::kAny;
  std::uint32_t count = 0;
  const std::uint32_t* uids = nullptr;  // sorted
  std::uint32_t uses = 0;               // by rules; of a free row: the next free one
};

// What first conditions ask for: an attribute, an attribute of an attribute, or a variable itself.
struct SubjectRow {
  const std::uint32_t* path = nullptr;  // numbers of names
  std::uint32_t length = 0;
  std::uint32_t uses = 0;  // by bodies; of a free row: the next free one
  std::uint8_t variable = 0;
  bool is_guarded = false;  // `e has a && e.a …`: without the last attribute the test is false
  bool is_range = false;
  Kind required = Kind::kUndefined;  // a value of another kind is an error; kUndefined: any will do
};

// One for each uid, whether or not there is such an entity.
struct EntityRow {
  const RecordRep* attributes = nullptr;  // nullptr: no such entity. Begins its block of cells
  const RecordRep* tags = nullptr;
  const std::uint32_t* parents = nullptr;    // sorted
  const std::uint32_t* ancestors = nullptr;  // sorted
  std::uint32_t parent_count = 0, ancestor_count = 0;
};

// How scopes mention an entity, or a type or anything without an entity: a hint, which may say more
// than is true but never less.
enum Mention : std::uint8_t {
  kPrincipalEqual = 1,
  kPrincipalIn = 2,
  kPrincipalIsIn = 4,
  kResourceEqual = 8,
  kResourceIn = 16,
  kResourceIsIn = 32,
  kPrincipalWide = 64,  // any, or `is` alone
  kResourceWide = 128,
};

}  // namespace assay::rt
