// What the oracle knows of the world: entities with all their ancestors, and a request.
#pragma once

#include <map>
#include <set>
#include <string_view>

#include "tests/oracle/value.h"

namespace assay::oracle {

struct Entity {
  Record attributes;
  Record tags;
  std::set<Uid> ancestors;  // parents as read, then closed
};

class Store {
 public:
  Store() = default;
  // Reads the JSON array of entities and closes the hierarchy; throws a Failure if it is not one.
  explicit Store(std::string_view json);

  // nullptr when there is no such entity.
  const Entity* Find(const Uid& uid) const;
  // Reflexive. An entity that is not in the store is a descendant of itself alone.
  bool IsIn(const Uid& descendant, const Uid& ancestor) const;

 private:
  std::map<Uid, Entity> entities_;
};

struct Request {
  Uid principal;
  Uid action;
  Uid resource;
  Value context;
};

// Reads {"principal", "action", "resource", "context"?} or throws a Failure. Uids are objects.
Request ReadRequest(std::string_view json);

}  // namespace assay::oracle
