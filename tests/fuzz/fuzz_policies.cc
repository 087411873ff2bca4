// Any text as policies: errors or a program that the verifier accepts, and diagnostics that render.
//
// Covers: compiler/cedar/lex.cc compiler/cedar/parse.cc compiler/cedar/ast_builder.cc
// Covers: compiler/cedar/ast_builder_policy.cc compiler/cedar/dump.cc compiler/cedar/lower.cc
// Covers: compiler/emit/emit.cc engine/bytecode/disasm.cc
#include <cstdlib>

#include "assay/compile.h"
#include "compiler/cedar/dump.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace assay;
  Sources sources;
  Diagnostics diagnostics;
  PolicySet set;
  const std::uint32_t source =
      sources.Add("p", std::string(reinterpret_cast<const char*>(data), size));
  const bool ok = set.AddCedar(sources, source, &diagnostics);
  if (ok != diagnostics.empty()) std::abort();
  if (diagnostics.Render(sources).empty() != ok) std::abort();
  if (!ok) return 0;
  const Result<Program> program = set.Compile();
  if (!program.ok() && program.error().code != ErrorCode::kLimitExceeded) std::abort();
  if (program.ok()) program.value().Disassemble();
  cedar::Dump(set.syntax());
  return 0;
}
