#include "assay/mint/refusal.h"

namespace assay::mint {

std::string_view RefusalName(RefusalId id) noexcept {
  switch (id) {
#define REFUSAL(Name, name, text) \
  case RefusalId::Name:           \
    return name;
#include "assay/mint/refusals.def"
#undef REFUSAL
  }
  return "";
}

std::string_view RefusalText(RefusalId id) noexcept {
  switch (id) {
#define REFUSAL(Name, name, text) \
  case RefusalId::Name:           \
    return text;
#include "assay/mint/refusals.def"
#undef REFUSAL
  }
  return "";
}

}  // namespace assay::mint
