#include "engine/eval/machine.h"

#include "engine/eval/machine_loop.h"

namespace assay::rt {

Verdict Run(Machine& machine, const BodyRow& body) noexcept {
  Unobserved nobody;
  return RunObserved(machine, body, nobody);
}

}  // namespace assay::rt
