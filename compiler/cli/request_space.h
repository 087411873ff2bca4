// Requests that policies tell apart, made from their own constants and from entities.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <vector>

#include "assay/entities.h"
#include "assay/request.h"
#include "assay/schema.h"
#include "compiler/cedar/policy_set.h"

namespace assay::cli {

// Principals and resources are the entities and all that policies and links name; actions are those
// that policies name or the store has. A context is empty, or has for each member that policies
// read the first value that they compare it with, or one member with another of its values.
class RequestSpace {
 public:
  explicit RequestSpace(const Entities& entities);
  void Add(const cedar::PolicySetSyntax& policies);

  // Calls `visit` with each request, always in the same order, until it returns false. With a
  // schema principals and resources are of types that it allows for the action.
  void ForEach(const Schema* schema, const std::function<bool(const Request&)>& visit) const;

 private:
  void AddUid(const EntityUid& uid);
  void AddScope(const cedar::ScopeConstraint& scope);
  void AddExpr(const cedar::Ast& ast, cedar::ExprId id, bool is_bool);
  std::vector<const EntityUid*> All() const;
  std::vector<const EntityUid*> OfTypes(const std::vector<std::string>& types) const;
  std::vector<Record> Contexts() const;

  std::set<EntityUid> uids_, actions_;
  std::map<std::string, std::vector<Value>> members_;  // of the context
};

}  // namespace assay::cli
