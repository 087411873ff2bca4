// The intermediate representation: what policies mean, freed of how they were written.
//
// Expressions are nodes in one pool, operands before the nodes that use them. Evaluation of a node
// evaluates its operands in order, each at most once; the first error is the node's error. Kinds of
// node that control evaluation (if, and, or, has, is.in) are ordinary nodes. A second front end
// adds rows to nodes.def; it does not change the meaning of these.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "assay/source.h"
#include "assay/value.h"
#include "engine/bytecode/program_parts.h"

namespace assay::ir {

enum class NodeId : std::uint32_t {};

enum class NodeKind : std::uint8_t {
#define NODE(Name, mnemonic, Data) Name,
#include "compiler/ir/nodes.def"
};

enum class Data : std::uint8_t {
  kNothing,
  kConstant,
  kVariable,
  kName,
  kNames,
  kType,
  kPattern,
  kFunction,
};

struct NodeInfo {
  std::string_view mnemonic;
  Data data;
};

inline constexpr NodeInfo kNodes[] = {
#define NODE(Name, mnemonic, Data_) {mnemonic, Data::Data_},
#include "compiler/ir/nodes.def"
};

constexpr const NodeInfo& Info(NodeKind kind) { return kNodes[static_cast<std::size_t>(kind)]; }

struct Node {
  NodeKind kind = NodeKind::kConstant;
  std::uint32_t data = 0;  // an index into the table that Info(kind).data names
  std::uint32_t operands_begin = 0, operands_end = 0;  // into Module::operand_pool
  std::uint32_t names_begin = 0, names_end = 0;        // into Module::name_pool, for kNames
  Span span = {};
};

enum class Slot : std::uint8_t { kNone, kPrincipal, kResource };

// One test of a scope on one variable. Tests cannot fail with an error.
struct ScopeTest {
  enum class Kind : std::uint8_t { kEqual, kIn, kInAny, kIs };
  Kind kind = Kind::kEqual;
  std::uint8_t variable = 0;  // 0 principal, 1 action, 2 resource
  Slot slot = Slot::kNone;    // kEqual, kIn: the entity is the slot's; `operand` is unused
  std::uint32_t operand = 0;  // kIs: a type; otherwise a constant: an entity or a set of entities
  Span span = {};
};

// `when` (or, negated, `unless`). Scope tests and conditions are a conjunction, in order.
struct Condition {
  bool is_negated = false;
  NodeId body{};
};

// What a static policy or a template means, without its name.
struct Rule {
  bool is_forbid = false;
  std::vector<ScopeTest> scope;
  std::vector<Condition> conditions;
  std::vector<bc::Annotation> annotations;
  bc::Digest digest = {};
  Span span = {};
};

// One policy that decides: a rule under an id, with values for its slots.
struct Policy {
  std::string id;
  std::uint32_t rule = 0;
  std::optional<EntityUid> principal_slot, resource_slot;
};

struct Module {
  std::vector<Node> nodes;
  std::vector<NodeId> operand_pool;
  std::vector<std::uint32_t> name_pool;
  std::vector<Value> constants;
  std::vector<std::string> names, types, patterns;
  std::vector<Rule> rules;
  std::vector<Policy> policies;
  std::vector<bc::TemplateEntry> templates;

  const Node& operator[](NodeId id) const { return nodes[static_cast<std::uint32_t>(id)]; }
  std::span<const NodeId> operands(const Node& node) const {
    return {operand_pool.data() + node.operands_begin, operand_pool.data() + node.operands_end};
  }
  NodeId operand(const Node& node, std::uint32_t i) const {
    return operand_pool[node.operands_begin + i];
  }
  std::span<const std::uint32_t> node_names(const Node& node) const {
    return {name_pool.data() + node.names_begin, name_pool.data() + node.names_end};
  }
};

// Appends to a module; equal texts and constants are stored once.
class Builder {
 public:
  explicit Builder(Module* module);

  NodeId Add(Node node, std::span<const NodeId> operands,
             std::span<const std::uint32_t> names = {});
  NodeId AddConstant(Value value, Span span);
  std::uint32_t Constant(Value value);
  std::uint32_t Name(std::string_view text) { return Intern(text, &names_, &module_->names); }
  std::uint32_t Type(std::string_view text) { return Intern(text, &types_, &module_->types); }
  std::uint32_t Pattern(std::string_view text) {
    return Intern(text, &patterns_, &module_->patterns);
  }
  Module& module() { return *module_; }

 private:
  using Index = std::unordered_map<std::string, std::uint32_t>;
  static std::uint32_t Intern(std::string_view text, Index* index, std::vector<std::string>* all);

  Module* module_;
  Index names_, types_, patterns_;
  Index constants_;  // by kind and Cedar text
};

// The module as stable text.
std::string Dump(const Module& module);

}  // namespace assay::ir
