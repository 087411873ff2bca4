#include "compiler/cedar/policy_set_json.h"

#include <utility>

#include "compiler/cedar/json_form.h"
#include "engine/data/value_json.h"

namespace assay::cedar {

namespace {

using json::Node;
using json::Type;

class PolicySetReader {
 public:
  PolicySetReader(Sources* sources, std::string file, PolicySetBuilder* set,
                  Diagnostics* diagnostics)
      : sources_(*sources), file_(std::move(file)), set_(*set), diagnostics_(diagnostics) {}

  bool Read(const Node& root) {
    if (!HasType(root, Type::kObject, "a policy set", diagnostics_)) return false;
    if (root.Find("effect") != nullptr) return set_.AddPolicy("JSON policy", root, diagnostics_);
    bool ok = HasMembers(root, "a policy set", {}, {"staticPolicies", "templates", "templateLinks"},
                         diagnostics_);
    // Templates before their links, whatever the order in the file.
    if (const Node* policies = root.Find("staticPolicies")) ok = ReadStatic(*policies) && ok;
    if (const Node* templates = root.Find("templates")) ok = ReadById(*templates, true) && ok;
    if (const Node* links = root.Find("templateLinks")) ok = ReadLinks(*links) && ok;
    return ok;
  }

 private:
  bool ReadStatic(const Node& node) {
    if (node.type == Type::kString) return AddText("staticPolicies", node);
    if (node.type != Type::kArray) return ReadById(node, false);
    bool ok = true;
    for (const Node& policy : node.elements) {
      if (policy.type == Type::kString) {
        ok = AddText(set_.PeekId(), policy) && ok;
      } else {
        ok = AddOne(set_.NextId(), policy, false) && ok;
      }
    }
    return ok;
  }

  // Any number of policies, called as those of a Cedar file are.
  bool AddText(const std::string& name, const Node& text) {
    const std::uint32_t source = sources_.Add(file_ + "(" + name + ")", text.string);
    const std::size_t first = set_.syntax().ast.policies.size();
    if (!set_.AddCedar(sources_, source, diagnostics_)) return false;
    bool ok = true;
    for (std::size_t i = first; i < set_.syntax().ast.policies.size(); ++i) {
      ok = CheckKind(i, false) && ok;
    }
    return ok;
  }

  bool ReadById(const Node& node, bool templates) {
    const std::string_view what = templates ? "`templates`" : "`staticPolicies`";
    if (!HasType(node, Type::kObject, what, diagnostics_)) return false;
    bool ok = true;
    for (std::size_t i = 0; i < node.members.size(); ++i) {
      ok = AddOne(node.members[i].key, node.elements[i], templates) && ok;
    }
    return ok;
  }

  bool AddOne(const std::string& id, const Node& policy, bool is_template) {
    if (policy.type == Type::kString) {
      const std::uint32_t source = sources_.Add(file_ + "(" + id + ")", policy.string);
      if (!set_.AddPolicy(id, sources_, source, diagnostics_)) return false;
    } else if (policy.type == Type::kObject) {
      if (!set_.AddPolicy(id, policy, diagnostics_)) return false;
    } else {
      diagnostics_->Add(DiagId::kUnexpectedJsonType, policy.span,
                        "a policy is a string of Cedar text or an object, and this is " +
                            std::string(json::TypeText(policy.type)));
      return false;
    }
    return CheckKind(set_.syntax().ast.policies.size() - 1, is_template);
  }

  // A template decides nothing until it is linked: who lists one as a policy is mistaken.
  bool CheckKind(std::size_t index, bool is_template) {
    const Policy& policy = set_.syntax().ast.policies[index];
    if (policy.is_template() == is_template) return true;
    if (is_template) {
      diagnostics_->Add(DiagId::kInvalidSlot, policy.span, "a template has a slot in its scope",
                        "move this policy to `staticPolicies`");
      return false;
    }
    const bool first = policy.principal.slot != Slot::kNone;
    diagnostics_->Add(DiagId::kInvalidSlot, (first ? policy.principal : policy.resource).span,
                      "a static policy has no slots", "move this template to `templates`");
    return false;
  }

  bool ReadLinks(const Node& node) {
    if (!HasType(node, Type::kArray, "`templateLinks`", diagnostics_)) return false;
    bool ok = true;
    for (const Node& link : node.elements) ok = ReadLink(link) && ok;
    return ok;
  }

  bool ReadLink(const Node& node) {
    if (!HasMembers(node, "a link", {"templateId", "newId", "values"}, {}, diagnostics_)) {
      return false;
    }
    const Node& template_id = *node.Find("templateId");
    const Node& new_id = *node.Find("newId");
    const Node& values = *node.Find("values");
    if (!HasType(template_id, Type::kString, "`templateId`", diagnostics_) ||
        !HasType(new_id, Type::kString, "`newId`", diagnostics_) ||
        !HasType(values, Type::kObject, "`values`", diagnostics_)) {
      return false;
    }
    std::optional<EntityUid> principal, resource;
    for (std::size_t i = 0; i < values.members.size(); ++i) {
      const json::Member& slot = values.members[i];
      if (slot.key != "?principal" && slot.key != "?resource") {
        diagnostics_->Add(DiagId::kInvalidSlot, slot.key_span, "`" + slot.key + "` is no slot",
                          "there are two: `?principal` and `?resource`");
        return false;
      }
      auto uid = data::ReadUid(values.elements[i], true, diagnostics_);
      if (!uid) return false;
      (slot.key == "?principal" ? principal : resource) = std::move(uid);
    }
    Diagnostics problems;
    if (set_.Link(template_id.string, new_id.string, principal, resource, &problems)) return true;
    for (const Diagnostic& problem : problems.list()) {
      diagnostics_->Add(problem.id, node.span, problem.message, problem.hint);
    }
    return false;
  }

  Sources& sources_;
  std::string file_;
  PolicySetBuilder& set_;
  Diagnostics* diagnostics_;
};

}  // namespace

bool ReadPolicySetJson(Sources* sources, std::uint32_t source, PolicySetBuilder* set,
                       Diagnostics* diagnostics) {
  const auto root = json::Parse(*sources, source, set->limits(), diagnostics);
  if (!root) return false;
  return PolicySetReader(sources, std::string(sources->name(source)), set, diagnostics).Read(*root);
}

}  // namespace assay::cedar
