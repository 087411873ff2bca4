#include "engine/eval/tree_dump.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "engine/base/escape.h"
#include "engine/eval/binding_data.h"
#include "engine/snapshot/leading_test.h"

namespace assay::rt {

namespace {

constexpr std::string_view kVariables[] = {"principal", "action", "resource", "context"};

std::string Quoted(std::string_view text) { return "\"" + EscapeText(text) + "\""; }

// Texts of what the rows of a snapshot say.
class Texts {
 public:
  explicit Texts(const SnapshotData& data) : data_(data) {}

  std::string Key(std::string_view variable, tree::ScopeKey key) const {
    std::string out(variable);
    if (key.is_any()) return out;
    if (key.is_equal()) return out + " == " + Uid(key.uid());
    if (key.has_type()) out += " is " + std::string(data_.types.text(key.type()));
    if (key.uid() != tree::kNone) out += " in " + Uid(key.uid());
    return out;
  }

  std::string Action(std::uint32_t action) const {
    const ActionRow& row = data_.actions[action];
    if (row.kind == bc::Constraint::Kind::kAny) return "action";
    if (row.kind == bc::Constraint::Kind::kEqual) return "action == " + Uid(row.uids[0]);
    std::vector<std::string> uids;
    for (std::uint32_t i = 0; i < row.count; ++i) uids.push_back(Uid(row.uids[i]));
    if (row.kind == bc::Constraint::Kind::kIn) return "action in " + uids[0];
    std::sort(uids.begin(), uids.end());
    std::string list;
    for (const std::string& uid : uids) list += (list.empty() ? "" : ", ") + uid;
    return "action in [" + list + "]";
  }

  std::string Subject(std::uint32_t subject) const {
    const SubjectRow& row = data_.subjects[subject];
    std::string out(kVariables[row.variable]);
    for (std::uint32_t i = 0; i < row.length; ++i) {
      const std::string name(data_.names.text(row.path[i]));
      out += EscapeText(name) == name && !name.empty() && name.find(' ') == std::string::npos
                 ? "." + name
                 : "[" + Quoted(name) + "]";
    }
    return out + (row.is_guarded ? ", if it is there" : "");
  }

  // What the policy's test wants of the subject.
  std::string Wanted(std::uint32_t policy) const {
    const BodyRow& body = data_.bodies[data_.policies[policy].body];
    const auto test = FindLeadingTest({body.code, body.length}, body.constants);
    if (!test->is_range) return "== " + ToValue(data_, binding_, test->value).ToCedar();
    const auto bound = [&](std::int64_t number) {
      return ToValue(data_, binding_, Cell::Number(test->required, number)).ToCedar();
    };
    if (test->low > test->high) return "never";
    if (test->low == std::numeric_limits<std::int64_t>::min()) return "<= " + bound(test->high);
    if (test->high == std::numeric_limits<std::int64_t>::max()) return ">= " + bound(test->low);
    return bound(test->low) + " to " + bound(test->high);
  }

  std::string Policy(std::uint32_t policy) const {
    return (data_.policies[policy].is_forbid ? "forbid " : "permit ") +
           Quoted(data_.policy_id(policy));
  }

 private:
  std::string Uid(std::uint32_t uid) const { return UidOf(data_, binding_, uid).ToCedar(); }

  const SnapshotData& data_;
  BindingData binding_;  // of no request: everything is the snapshot's
};

void Sort(Branch* branch) {
  std::sort(branch->below.begin(), branch->below.end(),
            [](const Branch& a, const Branch& b) { return a.label < b.label; });
  for (Branch& each : branch->below) Sort(&each);  // five levels
}

class Outliner {
 public:
  explicit Outliner(const SnapshotData& data) : data_(data), texts_(data) {}

  Branch Run() {
    std::map<std::string, Branch> principals;
    data_.tree.ForEachLeaf([&](tree::Child leaf) {
      const std::uint32_t policy =
          leaf.is_policy() ? leaf.policy() : FirstOf(leaf.pointer<const tree::Leaf>()->by_action);
      const PolicyRow& row = data_.policies[policy];
      Branch& principal = principals[texts_.Key("principal", row.principal)];
      Branch& resource = principal.below.emplace_back();
      resource.label = texts_.Key("resource", row.resource);
      AddLeaf(leaf, &resource);
    });
    Branch root{"policies", {}};
    for (auto& [label, branch] : principals) {
      branch.label = label;
      root.below.push_back(std::move(branch));
    }
    Sort(&root);
    return root;
  }

 private:
  // Any policy below.
  std::uint32_t FirstOf(const store::HashMap<tree::Child>& children) const {
    std::uint32_t policy = 0;
    children.ForEach([&](std::uint64_t, tree::Child child) { policy = FirstOf(child); });
    return policy;
  }
  std::uint32_t FirstOf(tree::Child child) const {
    if (child.is_policy()) return child.policy();
    std::uint32_t policy = 0;
    const auto* node = child.pointer<const tree::Node>();
    node->plain.ForEach([&](std::uint32_t each) { policy = each; });
    node->groups.ForEach([&](std::uint64_t, const tree::Group* group) {
      group->all.ForEach([&](std::uint32_t each) { policy = each; });
    });
    return policy;
  }

  void AddLeaf(tree::Child leaf, Branch* resource) const {
    if (leaf.is_policy()) {
      resource->below.push_back({texts_.Action(leaf.tag()), {{texts_.Policy(leaf.policy()), {}}}});
      return;
    }
    leaf.pointer<const tree::Leaf>()->by_action.ForEach([&](std::uint64_t, tree::Child child) {
      Branch& action = resource->below.emplace_back();
      action.label = texts_.Action(data_.policies[FirstOf(child)].action);
      if (child.is_policy()) {
        action.below.push_back({texts_.Policy(child.policy()), {}});
      } else {
        AddNode(*child.pointer<const tree::Node>(), &action);
      }
    });
  }

  void AddNode(const tree::Node& node, Branch* action) const {
    node.plain.ForEach([&](std::uint32_t policy) {
      action->below.push_back({texts_.Policy(policy), {}});
    });
    node.groups.ForEach([&](std::uint64_t, const tree::Group* group) {
      std::map<std::string, Branch> values;
      group->all.ForEach([&](std::uint32_t policy) {
        values[texts_.Wanted(policy)].below.push_back({texts_.Policy(policy), {}});
      });
      Branch subject{texts_.Subject(group->subject), {}};
      for (auto& [label, branch] : values) {
        branch.label = label;
        subject.below.push_back(std::move(branch));
      }
      action->below.push_back(std::move(subject));
    });
  }

  const SnapshotData& data_;
  Texts texts_;
};

void PrintText(const Branch& branch, std::size_t depth, std::string* out) {
  *out += std::string(2 * depth, ' ') + branch.label + "\n";
  for (const Branch& each : branch.below) PrintText(each, depth + 1, out);
}

// Writes nodes and edges of one graph, up to a limit.
class Graph {
 public:
  Graph(std::string_view name, std::string_view style, std::size_t limit) : limit_(limit) {
    text_ = "digraph " + std::string(name) + " {\n  rankdir=LR;\n  node [" + std::string(style) +
            "];\n";
  }

  // The number of the node, or nothing over the limit.
  std::optional<std::size_t> Node(std::string_view label, std::string_view style) {
    if (nodes_++ >= limit_) return std::nullopt;
    text_ += "  n" + std::to_string(nodes_ - 1) + " [label=" + Quoted(label) + std::string(style) +
             "];\n";
    return nodes_ - 1;
  }
  void Edge(std::size_t from, std::size_t to) {
    text_ += "  n" + std::to_string(from) + " -> n" + std::to_string(to) + ";\n";
  }
  std::string Finish() && {
    if (nodes_ > limit_) {
      text_ +=
          "  more [label=\"and " + std::to_string(nodes_ - limit_) + " more\", shape=plaintext];\n";
    }
    return std::move(text_) + "}\n";
  }

 private:
  std::string text_;
  std::size_t limit_, nodes_ = 0;
};

void PrintGraph(const Branch& branch, std::optional<std::size_t> parent, Graph* graph) {
  const bool is_forbid = branch.label.rfind("forbid ", 0) == 0;
  const std::string_view style = !branch.below.empty() ? ""
                                 : is_forbid           ? ", style=filled, fillcolor=\"#f6c1b5\""
                                                       : ", style=filled, fillcolor=\"#c8e6c9\"";
  const auto node = graph->Node(branch.label, style);
  if (node && parent) graph->Edge(*parent, *node);
  for (const Branch& each : branch.below) PrintGraph(each, node, graph);
}

}  // namespace

Branch Outline(const Snapshot& snapshot) { return Outliner(*Access::Data(snapshot)).Run(); }

std::string PolicyLabel(const Snapshot& snapshot, std::uint32_t policy) {
  return Texts(*Access::Data(snapshot)).Policy(policy);
}

std::string OutlineText(const Branch& root) {
  std::string out;
  for (const Branch& each : root.below) PrintText(each, 0, &out);
  return out;
}

std::string OutlineGraph(const Branch& root, std::size_t limit) {
  Graph graph("policies", "shape=box, fontname=\"sans-serif\", fontsize=10", limit);
  PrintGraph(root, std::nullopt, &graph);
  return std::move(graph).Finish();
}

std::string HierarchyGraph(const Entities& entities, std::size_t limit) {
  std::set<EntityUid> uids;
  for (std::size_t i = 0; i < entities.size(); ++i) {
    uids.insert(entities[i].uid);
    uids.insert(entities[i].parents.begin(), entities[i].parents.end());
  }
  Graph graph("entities", "shape=box, fontname=\"sans-serif\", fontsize=10", limit);
  std::map<EntityUid, std::optional<std::size_t>> nodes;
  for (const EntityUid& uid : uids) {
    nodes[uid] = graph.Node(uid.ToCedar(), entities.Find(uid) ? "" : ", style=dotted");
  }
  for (const EntityUid& uid : uids) {
    const auto index = entities.Find(uid);
    if (!index) continue;
    std::set<EntityUid> parents(entities[*index].parents.begin(), entities[*index].parents.end());
    for (const EntityUid& parent : parents) {
      if (nodes[uid] && nodes[parent]) graph.Edge(*nodes[uid], *nodes[parent]);
    }
  }
  return std::move(graph).Finish();
}

}  // namespace assay::rt
