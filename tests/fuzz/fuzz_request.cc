// Any text as a request: errors, or a request that can be bound and decided, and that its parts
// make again; it is denied, since the program is empty. The same text as a context.
//
// Covers: engine/data/request.cc engine/data/uid_text.cc engine/eval/binding.cc
#include <cstdlib>
#include <utility>

#include "assay/evaluator.h"

namespace {

using namespace assay;

Request MadeAgain(const Request& request) {
  RequestBuilder builder;
  builder.Principal(request.principal.type, request.principal.id)
      .Action(request.action.type, request.action.id)
      .Resource(request.resource.type, request.resource.id);
  for (const auto& [name, value] : request.context) builder.Context(name, value);
  return builder.Build().value();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  static const Snapshot snapshot = Snapshot::Create(Program(), Entities()).value();
  static Scratch scratch;
  Sources sources;
  Diagnostics diagnostics;
  const std::uint32_t source =
      sources.Add("r", std::string(reinterpret_cast<const char*>(data), size));
  const auto request = ParseRequestJson(sources, source, Limits{}, &diagnostics);
  if (request.has_value() != diagnostics.empty()) std::abort();
  ParseEntityUid(sources, source, &diagnostics);
  Diagnostics of_context;
  const auto context = ParseContextJson(sources, source, Limits{}, &of_context);
  if (context.has_value() != of_context.empty()) std::abort();
  if (!request) return diagnostics.Render(sources).empty() ? std::abort(), 0 : 0;
  BoundRequest bound;
  if (!bound.Bind(snapshot, MadeAgain(*request)).ok()) std::abort();
  BoundRequest moved = std::move(bound);
  if (Decide(snapshot, moved, scratch).is_allow()) std::abort();
  const Decision decision = Decide(snapshot, *request, scratch);
  if (decision.is_allow() || decision.status() != DecisionStatus::kDecided) std::abort();
  return 0;
}
