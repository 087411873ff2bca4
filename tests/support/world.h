// A world: policies, templates, links, entities and requests, as texts. What the random tests are
// fed with, in the layout of the conformance worlds.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "assay/value.h"

namespace assay::testing {

struct World {
  struct Link {
    std::string template_id;
    std::string new_id;
    std::optional<EntityUid> principal;  // value of ?principal
    std::optional<EntityUid> resource;   // value of ?resource
  };
  using Texts = std::vector<std::pair<std::string, std::string>>;

  Texts policies;   // id and Cedar text
  Texts templates;  // id and Cedar text
  std::vector<Link> links;
  std::vector<std::string> entities;  // each a JSON object
  std::vector<std::string> requests;  // each a JSON object

  // The entities as one JSON array.
  std::string EntitiesJson() const;
  // {"policies", "templates", "templateLinks", "entities", "requests"}, one line.
  std::string ToJson() const;
  // The policies alone, as `{"staticPolicies", "templates", "templateLinks"}`.
  std::string PolicySetJson() const;
  // Other members are ignored. Nothing if the text is not of this form.
  static std::optional<World> FromJson(std::string_view text);
};

}  // namespace assay::testing
