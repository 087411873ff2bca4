// Any bytes as code: the verifier refuses it, or it runs to a decision without a sanitizer's
// report.
//
// Covers: engine/bytecode/disasm.cc engine/eval/operations.cc
#include <cstdlib>
#include <cstring>

#include "assay/evaluator.h"
#include "engine/bytecode/program_parts.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace assay;
  bc::ProgramParts parts;
  const Value uid = EntityUid{"User", "u"};
  parts.constants = {uid, Value(Value::Set{uid}), 1, "1.2.3.4", true, Record{{"a", 1}}};
  parts.names = {"a", "b"};
  parts.types = {"User", "Doc"};
  parts.patterns = {"a\xff"};
  parts.code.resize(size / sizeof(bc::Inst));
  if (!parts.code.empty())
    std::memcpy(parts.code.data(), data, parts.code.size() * sizeof(bc::Inst));
  const auto end = static_cast<std::uint32_t>(parts.code.size());
  parts.bodies = {{.begin = 0, .end = end, .registers = 4}};
  parts.rules.emplace_back();
  parts.policies = {{"p", 0, std::nullopt, std::nullopt}};
  Result<Program> program = Program::Load(std::move(parts));
  if (!program.ok()) return 0;
  program.value().Disassemble();
  const Request request = {{"User", "u"}, {"Action", "a"}, {"Doc", "d"}, {{"a", "x"}}};
  const Entity user = {{"User", "u"}, {{"a", 1}}, {{"Group", "g"}}, {{"t", "x"}}};
  const Snapshot snapshot =
      Snapshot::Create(program.value(), Entities::Create({user}).value()).value();
  Scratch scratch;
  const Decision decision = Decide(snapshot, request, scratch);
  if (decision.status() != DecisionStatus::kDecided) std::abort();
  for (std::size_t i = 0; i < decision.error_count(); ++i) decision.error_text(i);
  return 0;
}
