#include "assay/mint/record.h"

namespace assay::mint {

std::string_view RecordTypeName(RecordType type) noexcept {
  switch (type) {
#define RECORD(Name, number, name, controls, required) \
  case RecordType::Name:                               \
    return name;
#include "assay/mint/record_types.def"
#undef RECORD
  }
  return "";
}

std::vector<std::string_view> ControlTags(std::int64_t controls) {
  std::vector<std::string_view> tags;
#define CONTROL(Name, bit, tag) \
  if ((controls >> (bit)&1) != 0) tags.push_back(tag);
#include "assay/mint/controls.def"
#undef CONTROL
  return tags;
}

std::string_view LedgerFaultName(LedgerFault fault) noexcept {
  switch (fault) {
#define FAULT(Name, name, text) \
  case LedgerFault::Name:       \
    return name;
#include "assay/mint/ledger_faults.def"
#undef FAULT
  }
  return "";
}

}  // namespace assay::mint
