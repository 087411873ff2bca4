// Any text as an expression: errors, or a value or a failure that both have a text.
//
// Covers: compiler/cedar/ast_builder.cc compiler/passes/fold.cc engine/eval/operations.cc
// Covers: engine/eval/eval_error.cc stdlib/call.cc
#include <cstdlib>

#include "assay/compile.h"
#include "assay/evaluator.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace assay;
  Sources sources;
  Diagnostics diagnostics;
  const std::uint32_t source =
      sources.Add("e", std::string(reinterpret_cast<const char*>(data), size));
  const auto program = CompileExpression(sources, source, Limits{}, &diagnostics);
  if (program.has_value() != diagnostics.empty()) std::abort();
  if (!program) return 0;
  const Request request = {{"User", "u"}, {"Action", "a"}, {"Doc", "d"}, {{"n", 1}, {"s", "x"}}};
  const Entity user = {{"User", "u"}, {{"n", 1}}, {{"Group", "g"}}, {{"t", "x"}}};
  const Snapshot snapshot = Snapshot::Create(*program, Entities::Create({user}).value()).value();
  Scratch scratch;
  const Result<Value> value = Evaluate(snapshot, request, scratch);
  if ((value.ok() ? value.value().ToCedar() : value.error().message).empty()) std::abort();
  return 0;
}
