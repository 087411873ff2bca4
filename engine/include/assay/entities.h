// The entity hierarchy a decision looks at: uids, attributes, tags, parents.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "assay/diagnostics.h"
#include "assay/limits.h"
#include "assay/source.h"
#include "assay/status.h"
#include "assay/value.h"

namespace assay {

namespace data {
struct EntitiesAccess;
}

struct Entity {
  EntityUid uid;
  Record attributes;
  std::vector<EntityUid> parents;  // need not be in the store themselves
  Record tags;
  friend bool operator==(const Entity&, const Entity&) = default;
};

// An immutable set of entities with the closure of their parents. Copies share; safe to read from
// any number of threads.
class ASSAY_API Entities {
 public:
  Entities();

  // Fails if two different entities have one uid, if the hierarchy has a cycle, if a type name is
  // not a Cedar path, if an action has a parent that is no action, or if a limit is exceeded. Equal
  // duplicates are one.
  static Result<Entities> Create(std::vector<Entity> entities, const Limits& limits = {});

  // Reads Cedar's JSON form, an array of {uid, attrs, parents, tags?}, without a schema. Nothing if
  // there was an error, which is then in `diagnostics`. A member given twice is an error.
  static std::optional<Entities> FromJson(const Sources& sources, std::uint32_t source,
                                          const Limits& limits, Diagnostics* diagnostics);

  std::size_t size() const;
  const Entity& operator[](std::size_t index) const;
  // All ancestors of the entity at `index`, sorted, each once.
  const std::vector<EntityUid>& ancestors(std::size_t index) const;
  // The index of `uid`, or nothing if the store has no such entity.
  std::optional<std::size_t> Find(const EntityUid& uid) const;

 private:
  friend struct data::EntitiesAccess;
  struct Data;
  explicit Entities(std::shared_ptr<const Data> data) : data_(std::move(data)) {}
  std::shared_ptr<const Data> data_;
};

}  // namespace assay
