// Rules and bodies of one program in the numbers of a snapshot.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/bytecode/program_parts.h"
#include "engine/snapshot/editor.h"

namespace assay::rt {

// Each part is brought into the snapshot when it is first asked for.
class ProgramLinker {
 public:
  ProgramLinker(Editor* editor, const bc::ProgramParts& parts);

  // The number of the rule in the snapshot; its uses are not counted.
  Problem Rule(std::uint32_t rule, std::uint32_t* out);
  // The number of the body, used once more.
  Problem Body(std::uint32_t body, std::uint32_t* out);

 private:
  std::uint32_t Name(std::uint32_t name);
  std::uint32_t Type(std::uint32_t type);
  std::uint32_t UidOfConstant(std::uint32_t constant);
  tree::ScopeKey Key(const bc::Constraint& constraint);
  std::uint32_t Action(const bc::Constraint& constraint);
  Problem Link(const bc::Body& body, BodyRow* out);
  const AnnotationRow* Annotations(const std::vector<bc::Annotation>& annotations);

  Editor& editor_;
  const bc::ProgramParts& parts_;
  // By the program's numbers; kNoSymbol until asked for.
  std::vector<std::uint32_t> names_, types_, uids_, bodies_, rules_;
};

}  // namespace assay::rt
