// Any text as a request: errors, or a request that can be bound and decided; it is denied, since
// the program is empty.
//
// Covers: engine/data/request.cc engine/data/uid_text.cc engine/eval/binding.cc
#include <cstdlib>

#include "assay/evaluator.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace assay;
  static const Snapshot snapshot = Snapshot::Create(Program(), Entities()).value();
  static Scratch scratch;
  Sources sources;
  Diagnostics diagnostics;
  const std::uint32_t source =
      sources.Add("r", std::string(reinterpret_cast<const char*>(data), size));
  const auto request = ParseRequestJson(sources, source, Limits{}, &diagnostics);
  if (request.has_value() != diagnostics.empty()) std::abort();
  ParseEntityUid(sources, source, &diagnostics);
  if (!request) return diagnostics.Render(sources).empty() ? std::abort(), 0 : 0;
  const Decision decision = Decide(snapshot, *request, scratch);
  if (decision.is_allow() || decision.status() != DecisionStatus::kDecided) std::abort();
  return 0;
}
