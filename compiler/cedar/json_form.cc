#include "compiler/cedar/json_form.h"

#include <algorithm>
#include <string>

namespace assay::cedar {

namespace {

bool Contains(Names names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// "`a`, `b` and `c`".
std::string Listed(Names required, Names optional) {
  std::string out;
  const std::size_t count = required.size() + optional.size();
  std::size_t i = 0;
  for (const Names& names : {required, optional}) {
    for (const std::string_view name : names) {
      if (i > 0) out += i + 1 == count ? " and " : ", ";
      out += "`" + std::string(name) + "`";
      ++i;
    }
  }
  return out;
}

}  // namespace

bool HasType(const json::Node& node, json::Type type, std::string_view what,
             Diagnostics* diagnostics) {
  if (node.type == type) return true;
  diagnostics->Add(DiagId::kUnexpectedJsonType, node.span,
                   std::string(what) + " is " + std::string(json::TypeText(type)) +
                       ", and this is " + std::string(json::TypeText(node.type)));
  return false;
}

bool HasMembers(const json::Node& node, std::string_view what, Names required, Names optional,
                Diagnostics* diagnostics) {
  if (!HasType(node, json::Type::kObject, what, diagnostics)) return false;
  const std::string hint = "it has " + Listed(required, optional);
  bool ok = true;
  for (const json::Member& member : node.members) {
    if (Contains(required, member.key) || Contains(optional, member.key)) continue;
    diagnostics->Add(DiagId::kUnknownMember, member.key_span,
                     std::string(what) + " has no member `" + member.key + "`", hint);
    ok = false;
  }
  for (const std::string_view name : required) {
    if (node.Find(name) != nullptr) continue;
    diagnostics->Add(DiagId::kMissingMember, node.span, "`" + std::string(name) + "` is missing",
                     std::string(what) + " has " + Listed(required, optional));
    ok = false;
  }
  return ok;
}

}  // namespace assay::cedar
