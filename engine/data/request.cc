// RequestBuilder, and requests, contexts and uids from JSON.
#include "assay/request.h"

#include "engine/base/guarded.h"
#include "engine/base/json.h"
#include "engine/base/names.h"
#include "engine/data/request_json.h"
#include "engine/data/uid_text.h"
#include "engine/data/value_json.h"

namespace assay {

namespace {

std::optional<Record> ReadContext(const json::Node& node, Diagnostics* diagnostics) {
  if (node.type != json::Type::kObject) {
    diagnostics->Add(
        DiagId::kUnexpectedJsonType, node.span,
        "a context is an object, and this is " + std::string(json::TypeText(node.type)));
    return std::nullopt;
  }
  std::optional<Value> value = data::ReadValue(node, diagnostics);
  if (!value) return std::nullopt;
  if (const Record* record = value->As<Record>()) return *record;
  diagnostics->Add(DiagId::kUnexpectedJsonType, node.span,
                   "a context is a record, and this stands for another value");
  return std::nullopt;
}

}  // namespace

std::optional<Request> data::ReadRequest(const json::Node& node, const ReadContextOf& read_context,
                                         Diagnostics* diagnostics) {
  if (node.type != json::Type::kObject) {
    diagnostics->Add(
        DiagId::kUnexpectedJsonType, node.span,
        "a request is an object, and this is " + std::string(json::TypeText(node.type)));
    return std::nullopt;
  }
  const auto read = [&](std::string_view name) -> std::optional<EntityUid> {
    if (const json::Node* uid = node.Find(name)) return data::ReadUid(*uid, true, diagnostics);
    diagnostics->Add(DiagId::kMissingMember, node.span,
                     "this request has no `" + std::string(name) + "`",
                     "a request has `principal`, `action`, `resource` and maybe `context`");
    return std::nullopt;
  };
  const auto principal = read("principal"), action = read("action"), resource = read("resource");
  std::optional<Record> context = Record();
  if (const json::Node* given = node.Find("context")) {
    context = read_context(action ? &*action : nullptr, *given);
  }
  for (const json::Member& member : node.members) {
    if (member.key == "principal" || member.key == "action" || member.key == "resource" ||
        member.key == "context") {
      continue;
    }
    diagnostics->Add(DiagId::kUnknownMember, member.key_span,
                     "a request has no member `" + member.key + "`",
                     "it has `principal`, `action`, `resource` and maybe `context`");
    return std::nullopt;
  }
  if (!principal || !action || !resource || !context) return std::nullopt;
  return Request{*principal, *action, *resource, std::move(*context)};
}

RequestBuilder& RequestBuilder::Principal(std::string type, std::string id) {
  principal_ = EntityUid{std::move(type), std::move(id)};
  return *this;
}

RequestBuilder& RequestBuilder::Action(std::string type, std::string id) {
  action_ = EntityUid{std::move(type), std::move(id)};
  return *this;
}

RequestBuilder& RequestBuilder::Resource(std::string type, std::string id) {
  resource_ = EntityUid{std::move(type), std::move(id)};
  return *this;
}

RequestBuilder& RequestBuilder::Context(std::string key, Value value) {
  context_.insert_or_assign(std::move(key), std::move(value));
  return *this;
}

Result<Request> RequestBuilder::Build() const {
  const auto check = [](const std::optional<EntityUid>& uid, const char* name) -> std::string {
    if (!uid) return std::string("the request has no ") + name;
    if (IsTypeName(uid->type)) return {};
    return "the type of the " + std::string(name) + ", `" + uid->type + "`, is not a Cedar path";
  };
  for (const std::string& problem :
       {check(principal_, "principal"), check(action_, "action"), check(resource_, "resource")}) {
    if (!problem.empty()) return Error{ErrorCode::kInvalidArgument, problem};
  }
  return Request{*principal_, *action_, *resource_, context_};
}

std::optional<Request> ParseRequestJson(const Sources& sources, std::uint32_t source,
                                        const Limits& limits, Diagnostics* diagnostics) {
  return Guarded(diagnostics, [&]() -> std::optional<Request> {
    const auto node = json::Parse(sources, source, limits, diagnostics);
    if (!node) return std::nullopt;
    return data::ReadRequest(
        *node,
        [&](const EntityUid*, const json::Node& context) {
          return ReadContext(context, diagnostics);
        },
        diagnostics);
  });
}

std::optional<Record> ParseContextJson(const Sources& sources, std::uint32_t source,
                                       const Limits& limits, Diagnostics* diagnostics) {
  return Guarded(diagnostics, [&]() -> std::optional<Record> {
    const auto node = json::Parse(sources, source, limits, diagnostics);
    return node ? ReadContext(*node, diagnostics) : std::nullopt;
  });
}

std::optional<EntityUid> ParseEntityUid(const Sources& sources, std::uint32_t source,
                                        Diagnostics* diagnostics) {
  return Guarded(diagnostics, [&]() -> std::optional<EntityUid> {
    const std::string_view text = sources.text(source);
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first != std::string_view::npos && text[first] == '{') {
      const auto node = json::Parse(sources, source, Limits{}, diagnostics);
      return node ? data::ReadUid(*node, false, diagnostics) : std::nullopt;
    }
    const Span whole{source, 0, static_cast<std::uint32_t>(text.size())};
    return data::ParseUidText(text, whole, diagnostics);
  });
}

}  // namespace assay
