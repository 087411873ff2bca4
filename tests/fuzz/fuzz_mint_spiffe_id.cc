// Any text as a SPIFFE ID: refused, or the one text of what it means.
//
// Covers: engine/mint/identity/spiffe_id.cc
#include <cstdlib>

#include "assay/mint/identity.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace assay::mint;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto id = SpiffeId::Parse(text);
  if (!id.ok()) return 0;
  if (id.value().ToString() != text || text.size() > 2048) std::abort();
  if (!IsTrustDomain(id.value().trust_domain)) std::abort();
  if (text.find_first_of("%?#@ \\") != std::string_view::npos) std::abort();
  if (text.back() == '/' || text.substr(9).find("//") != std::string_view::npos) std::abort();
  return 0;
}
