// A compiled, verified policy set, not yet tied to entities.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "assay/export.h"
#include "assay/status.h"

namespace assay {

namespace bc {
struct ProgramParts;
}

// Immutable; copies share; safe to use from any number of threads. Only the verifier makes one, so
// whoever holds a Program may run it unchecked.
class ASSAY_API Program {
 public:
  // A program without policies: it denies everything.
  Program();

  // Verifies `parts` and takes them. Fails with kCorruptProgram and the rule that is broken.
  static Result<Program> Load(bc::ProgramParts parts);

  // Static policies and links; templates do not count.
  std::size_t policy_count() const;
  std::string_view policy_id(std::size_t policy) const;
  // The bytecode as stable text: one line an instruction, constants spelled out.
  std::string Disassemble() const;

  const bc::ProgramParts& parts() const { return *parts_; }

 private:
  explicit Program(std::shared_ptr<const bc::ProgramParts> parts) : parts_(std::move(parts)) {}
  std::shared_ptr<const bc::ProgramParts> parts_;
};

}  // namespace assay
