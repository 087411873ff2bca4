#include "assay/program.h"

#include <utility>

#include "engine/base/guarded.h"
#include "engine/bytecode/disasm.h"
#include "engine/bytecode/program_parts.h"
#include "engine/bytecode/verify.h"

namespace assay {

Program::Program() : parts_(std::make_shared<const bc::ProgramParts>()) {}

Result<Program> Program::Load(bc::ProgramParts parts) {
  return Guarded([&]() -> Result<Program> {
    if (auto broken = bc::Verify(parts)) {
      return Error{ErrorCode::kCorruptProgram, std::move(*broken)};
    }
    return Program(std::make_shared<const bc::ProgramParts>(std::move(parts)));
  });
}

std::size_t Program::policy_count() const { return parts_->policies.size(); }

std::string_view Program::policy_id(std::size_t policy) const {
  return parts_->policies[policy].id;
}

std::string Program::Disassemble() const { return bc::Disassemble(*parts_); }

}  // namespace assay
