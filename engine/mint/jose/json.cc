#include "engine/mint/jose/json.h"

#include <algorithm>
#include <utility>

#include "assay/mint/limits.h"

namespace assay::mint::jose {

namespace {

bool HasNul(const json::Node& node) {
  const auto nul = [](const std::string& text) { return text.find('\0') != std::string::npos; };
  return nul(node.string) ||
         std::any_of(node.members.begin(), node.members.end(),
                     [&](const json::Member& member) { return nul(member.key); }) ||
         std::any_of(node.elements.begin(), node.elements.end(), HasNul);
}

RefusalId Reason(const Diagnostics& diagnostics) {
  if (diagnostics.list().empty()) return RefusalId::kJsonMalformed;
  switch (diagnostics.list().front().id) {
    case DiagId::kDuplicateMember: return RefusalId::kJsonDuplicateMember;
    case DiagId::kTooDeep: return RefusalId::kJsonTooDeep;
    default: return RefusalId::kJsonMalformed;
  }
}

}  // namespace

Checked<json::Node> ParseObject(std::string_view text, std::string_view about) {
  Sources sources;
  Diagnostics diagnostics(1);
  Limits parsing;
  parsing.json_depth = limits::kJsonDepth;
  const std::uint32_t source = sources.Add({}, std::string(text));
  std::optional<json::Node> node = json::Parse(sources, source, parsing, &diagnostics);
  if (!node) return Refusal{Reason(diagnostics), about};
  if (node->type != json::Type::kObject) return Refusal{RefusalId::kJsonNotObject, about};
  if (HasNul(*node)) return Refusal{RefusalId::kJsonMalformed, about};
  return *std::move(node);
}

const std::string* FindString(const json::Node& object, std::string_view key) {
  const json::Node* member = object.Find(key);
  return member != nullptr && member->type == json::Type::kString ? &member->string : nullptr;
}

}  // namespace assay::mint::jose
