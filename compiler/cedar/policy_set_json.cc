#include "compiler/cedar/policy_set_json.h"

#include <utility>

#include "compiler/cedar/policy_set.h"
#include "engine/base/json.h"
#include "engine/data/value_json.h"

namespace assay::cedar {

namespace {

using json::Node;
using json::Type;

class PolicySetReader {
 public:
  PolicySetReader(Sources* sources, std::string file, PolicySet* set, Diagnostics* diagnostics)
      : sources_(*sources), file_(std::move(file)), set_(*set), diagnostics_(diagnostics) {}

  bool Read(const Node& root) {
    if (root.type != Type::kObject) return Fail(root, "a policy set is an object");
    bool ok = true;
    for (std::size_t i = 0; i < root.members.size(); ++i) {
      ok = CheckName(root.members[i]) && ok;
    }
    // Templates before their links, whatever the order in the file.
    for (const bool templates : {false, true}) {
      const Node* policies = root.Find(templates ? "templates" : "staticPolicies");
      if (policies != nullptr) ok = ReadPolicies(*policies, templates) && ok;
    }
    if (const Node* links = root.Find("templateLinks")) ok = ReadLinks(*links) && ok;
    return ok;
  }

 private:
  bool Fail(const Node& node, const std::string& expected) {
    diagnostics_->Add(DiagId::kUnexpectedJsonType, node.span,
                      expected + ", and this is " + std::string(json::TypeText(node.type)));
    return false;
  }

  bool CheckName(const json::Member& member) {
    if (member.key == "staticPolicies" || member.key == "templates" ||
        member.key == "templateLinks") {
      return true;
    }
    diagnostics_->Add(DiagId::kUnknownMember, member.key_span,
                      "a policy set has no member `" + member.key + "`",
                      "it has `staticPolicies`, `templates` and `templateLinks`");
    return false;
  }

  bool ReadPolicies(const Node& node, bool templates) {
    if (node.type != Type::kObject) return Fail(node, "policies are an object of texts by id");
    bool ok = true;
    for (std::size_t i = 0; i < node.members.size(); ++i) {
      const std::string& id = node.members[i].key;
      const Node& text = node.elements[i];
      if (text.type != Type::kString) {
        ok = Fail(text, "a policy is a string of Cedar text");
        continue;
      }
      const std::uint32_t source = sources_.Add(file_ + "(" + id + ")", text.string);
      ok = set_.AddPolicy(id, sources_, source, diagnostics_) && CheckSlots(templates) && ok;
    }
    return ok;
  }

  // A template decides nothing until it is linked: who lists one as a policy is mistaken.
  bool CheckSlots(bool is_template) {
    const Policy& policy = set_.syntax().ast.policies.back();
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
    if (node.type != Type::kArray) return Fail(node, "`templateLinks` is an array");
    bool ok = true;
    for (const Node& link : node.elements) ok = ReadLink(link) && ok;
    return ok;
  }

  bool ReadLink(const Node& node) {
    if (node.type != Type::kObject) return Fail(node, "a link is an object");
    const Node* template_id = Member(node, "templateId", Type::kString);
    const Node* new_id = Member(node, "newId", Type::kString);
    const Node* values = Member(node, "values", Type::kObject);
    if (template_id == nullptr || new_id == nullptr || values == nullptr) return false;
    std::optional<EntityUid> principal, resource;
    for (std::size_t i = 0; i < values->members.size(); ++i) {
      const json::Member& slot = values->members[i];
      if (slot.key != "?principal" && slot.key != "?resource") {
        diagnostics_->Add(DiagId::kInvalidSlot, slot.key_span, "`" + slot.key + "` is no slot",
                          "there are two: `?principal` and `?resource`");
        return false;
      }
      auto uid = data::ReadUid(values->elements[i], true, diagnostics_);
      if (!uid) return false;
      (slot.key == "?principal" ? principal : resource) = std::move(uid);
    }
    Diagnostics problems;
    if (set_.Link(template_id->string, new_id->string, principal, resource, &problems)) return true;
    for (const Diagnostic& problem : problems.list()) {
      diagnostics_->Add(problem.id, node.span, problem.message, problem.hint);
    }
    if (problems.out_of_memory()) diagnostics_->OutOfMemory();
    return false;
  }

  const Node* Member(const Node& node, std::string_view name, Type type) {
    const Node* member = node.Find(name);
    if (member == nullptr) {
      diagnostics_->Add(DiagId::kMissingMember, node.span,
                        "this link has no `" + std::string(name) + "`",
                        "a link has `templateId`, `newId` and `values`");
    } else if (member->type != type) {
      Fail(*member, "`" + std::string(name) + "` is " + std::string(json::TypeText(type)));
      return nullptr;
    }
    return member;
  }

  Sources& sources_;
  std::string file_;
  PolicySet& set_;
  Diagnostics* diagnostics_;
};

}  // namespace

bool ReadPolicySetJson(Sources* sources, std::uint32_t source, const Limits& limits, PolicySet* set,
                       Diagnostics* diagnostics) {
  const auto root = json::Parse(*sources, source, limits, diagnostics);
  if (!root) return false;
  return PolicySetReader(sources, std::string(sources->name(source)), set, diagnostics).Read(*root);
}

}  // namespace assay::cedar
