#include "compiler/cli/links.h"

#include "compiler/cedar/json_form.h"
#include "engine/base/json.h"
#include "engine/base/json_text.h"
#include "engine/data/value_json.h"

namespace assay::cli {

namespace {

using json::Node;
using json::Type;

bool ReadValues(const Node& node, Diagnostics* diagnostics, cedar::TemplateLink* link) {
  if (!cedar::HasMembers(node, "the values of slots", {}, {"?principal", "?resource"},
                         diagnostics)) {
    return false;
  }
  bool ok = true;
  for (std::size_t i = 0; i < node.members.size(); ++i) {
    auto uid = data::ReadUid(node.elements[i], /*allow_text=*/true, diagnostics);
    ok = ok && uid.has_value();
    (node.members[i].key == "?principal" ? link->principal : link->resource) = std::move(uid);
  }
  return ok;
}

bool ReadLink(const Node& node, Diagnostics* diagnostics, PolicySet* set) {
  if (!cedar::HasMembers(node, "a link", {"template_id", "link_id", "args"}, {}, diagnostics)) {
    return false;
  }
  const Node& template_id = *node.Find("template_id");
  const Node& link_id = *node.Find("link_id");
  cedar::TemplateLink link;
  if (!cedar::HasType(template_id, Type::kString, "`template_id`", diagnostics) ||
      !cedar::HasType(link_id, Type::kString, "`link_id`", diagnostics) ||
      !ReadValues(*node.Find("args"), diagnostics, &link)) {
    return false;
  }
  Diagnostics problems;
  if (set->Link(template_id.string, link_id.string, link.principal, link.resource, &problems)) {
    return true;
  }
  for (const Diagnostic& problem : problems.list()) {
    diagnostics->Add(problem.id, node.span, problem.message, problem.hint);
  }
  if (problems.out_of_memory()) diagnostics->OutOfMemory();
  return false;
}

void WriteSlot(std::string_view slot, const std::optional<EntityUid>& value, std::string* out) {
  if (!value) return;
  if (out->back() != '{') *out += ',';
  json::AppendString(slot, out);
  *out += ':';
  json::AppendString(value->ToCedar(), out);
}

}  // namespace

bool ReadLinks(Input* input, const std::string& path, PolicySet* set) {
  const auto source = input->Add(path);
  if (!source) return false;
  if (input->sources().text(*source).empty()) return true;
  Diagnostics* diagnostics = &input->diagnostics();
  const auto root = json::Parse(input->sources(), *source, input->limits(), diagnostics);
  if (!root || !cedar::HasType(*root, Type::kArray, "a template-linked file", diagnostics)) {
    return true;
  }
  for (const Node& link : root->elements) ReadLink(link, diagnostics, set);
  return true;
}

bool ReadSlotValues(Input* input, const std::string& name, const std::string& text,
                    cedar::TemplateLink* link) {
  Diagnostics* diagnostics = &input->diagnostics();
  const std::uint32_t source = input->AddText(name, text);
  const auto root = json::Parse(input->sources(), source, input->limits(), diagnostics);
  return root && ReadValues(*root, diagnostics, link);
}

std::string WriteLinks(const std::vector<cedar::TemplateLink>& links) {
  std::string out = "[";
  for (const cedar::TemplateLink& link : links) {
    if (out.size() > 1) out += ',';
    out += R"({"template_id":)";
    json::AppendString(link.template_id, &out);
    out += R"(,"link_id":)";
    json::AppendString(link.new_id, &out);
    out += R"(,"args":{)";
    WriteSlot("?principal", link.principal, &out);
    WriteSlot("?resource", link.resource, &out);
    out += "}}";
  }
  return out + "]";
}

}  // namespace assay::cli
