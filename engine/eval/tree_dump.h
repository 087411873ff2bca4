// The decision tree for people: as text, and as a graph for Graphviz.
#pragma once

#include <string>
#include <vector>

#include "assay/entities.h"
#include "assay/snapshot.h"

namespace assay::rt {

// A level of the tree: what is asked there, and what follows. Branches are sorted by label, so that
// the outline depends on nothing but the policies.
struct Branch {
  std::string label;
  std::vector<Branch> below;
};

// The tree as it is walked: principal, resource, action, then policies without a test, and subjects
// with their values.
Branch Outline(const Snapshot& snapshot);
// What the outline calls the policy with that number.
std::string PolicyLabel(const Snapshot& snapshot, std::uint32_t policy);
// One label a line, indented by level.
std::string OutlineText(const Branch& root);
// In Graphviz's language. At most `limit` nodes are drawn; a last one says how many there are more.
std::string OutlineGraph(const Branch& root, std::size_t limit);

// Entities with an arrow from each to its parents; drawn dotted if the store does not have it.
std::string HierarchyGraph(const Entities& entities, std::size_t limit);

}  // namespace assay::rt
