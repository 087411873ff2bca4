// What fragments declare, and what a name means where it stands.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "assay/diagnostics.h"
#include "assay/value.h"
#include "compiler/schema/fragment.h"
#include "engine/data/hierarchy.h"

namespace assay::schema {

// A declaration and the namespace around it.
template <typename Decl>
struct Declared {
  const Decl* decl = nullptr;
  std::string_view space;
};

enum class Meaning : std::uint8_t { kCommon, kEntity };

struct Resolved {
  Meaning meaning{};
  std::string name;  // with its namespace
};

// What a name may mean.
enum class Expected : std::uint8_t { kCommon, kEntity, kCommonOrEntity };

// Views the fragments it was made from.
class Scope {
 public:
  // Reports what is declared twice, or under a name that must not be.
  Scope(std::span<const Fragment> fragments, Diagnostics* diagnostics);

  // Unqualified names mean what their namespace declares, or else what the empty one does; a common
  // type goes before an entity type. Reports a name that means nothing.
  std::optional<Resolved> Resolve(std::string_view name, std::string_view space, Expected expected,
                                  Span span, Diagnostics* diagnostics) const;
  std::optional<EntityUid> ResolveAction(const ActionRef& ref, std::string_view space,
                                         Diagnostics* diagnostics) const;

  // By name, without the types that are built in.
  const std::map<std::string, Declared<CommonTypeDecl>, NameOrder>& common_types() const {
    return common_types_;
  }
  const std::map<std::string, Declared<EntityDecl>, NameOrder>& entity_types() const {
    return entity_types_;
  }
  const std::map<EntityUid, Declared<ActionDecl>>& actions() const { return actions_; }

 private:
  void Declare(const std::string& name, const Namespace& space, Diagnostics* diagnostics);
  void CheckShadowing(Diagnostics* diagnostics) const;
  bool IsCommon(const std::string& name) const;
  bool IsEntity(const std::string& name) const;

  std::map<std::string, Declared<CommonTypeDecl>, NameOrder> common_types_;
  std::map<std::string, Declared<EntityDecl>, NameOrder> entity_types_;
  std::map<EntityUid, Declared<ActionDecl>> actions_;
  std::unordered_set<std::string> action_types_;
};

// `Bool`, `Long`, `String` or an extension type, without `__cedar::`.
bool IsBuiltinType(std::string_view name);

}  // namespace assay::schema
