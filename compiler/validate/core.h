// A policy's condition as the type checker sees it, scope included: the surface forms that Cedar
// defines by others are replaced by those, and equal expressions have equal shapes.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/cedar/ast.h"
#include "compiler/schema/model.h"
#include "stdlib/functions.h"

namespace assay::validate {

using schema::NameId;

enum class NodeId : std::uint32_t {};

enum class NodeKind : std::uint8_t {
  kBool,          // number
  kLong,          // number
  kString,        // text
  kUid,           // name = its type, text = its id
  kVar,           // var
  kSlot,          // slot
  kIf,            // children: condition, then, else
  kAnd,           // two or more, from left to right: (a && b) && c
  kAndFromRight,  // a && (b && c): the scope and the conditions of a policy
  kOr,            // two or more, from left to right
  kNot,
  kNegate,
  kIsEmpty,
  kEqual,
  kLess,
  kLessEqual,
  kAdd,
  kSubtract,
  kMultiply,
  kIn,
  kContains,
  kContainsAll,
  kContainsAny,
  kHasTag,
  kGetTag,
  kHas,       // names: one or more
  kGetAttr,   // name
  kLike,      // text
  kIs,        // name
  kIsIn,      // name: (subject is name) && (subject in other); children: subject, other
  kFunction,  // function
  kSet,
  kRecord,  // names, in order; children in the same order
};

struct Node {
  NodeKind kind = NodeKind::kBool;
  cedar::Var var{};
  cedar::Slot slot{};
  stdlib::FunctionId function{};
  NameId name{};
  Span span = {};  // of scopes nothing
  std::int64_t number = 0;
  std::string_view text = {};
  cedar::ExprId origin{};   // what it was made of; of scopes nothing
  std::uint32_t shape = 0;  // equal if the expressions are, wherever they stand
  std::uint32_t children_begin = 0, children_end = 0;
  std::uint32_t names_begin = 0, names_end = 0;
};

// Shapes and names of all policies of one validation, so that numbers agree between them.
class Shapes {
 public:
  std::uint32_t Intern(std::vector<std::uint64_t> key);

 private:
  std::map<std::vector<std::uint64_t>, std::uint32_t> shapes_;
};

struct Core {
  NodeId root{};

  const Node& operator[](NodeId id) const { return nodes[static_cast<std::size_t>(id)]; }
  std::span<const NodeId> children(const Node& node) const {
    return {child_pool.data() + node.children_begin, child_pool.data() + node.children_end};
  }
  NodeId child(const Node& node, std::size_t i) const {
    return child_pool[node.children_begin + i];
  }
  std::span<const NameId> names(const Node& node) const {
    return {name_pool.data() + node.names_begin, name_pool.data() + node.names_end};
  }

  std::vector<Node> nodes;
  std::vector<NodeId> child_pool;
  std::vector<NameId> name_pool;
};

// Texts in the result point into `ast`.
Core MakeCore(const cedar::Ast& ast, const cedar::Policy& policy, schema::Names* names,
              Shapes* shapes);

// The numbers of `.attr` applied to an expression of shape `subject`.
std::uint32_t ShapeOfGetAttr(std::uint32_t subject, NameId attribute, Shapes* shapes);

}  // namespace assay::validate
