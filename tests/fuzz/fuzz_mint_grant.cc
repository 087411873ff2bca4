// Any JSON as the payload of a grant: refused, or what is written from it is read as the same.
//
// Covers: engine/mint/grant/grant_json.cc
#include <cstdlib>

#include "engine/mint/grant/grant_json.h"
#include "engine/mint/jose/json.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace assay::mint;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto payload = jose::ParseObject(text, "grant");
  if (!payload.ok()) return 0;
  const auto claims = grant::ReadGrant(payload.value());
  if (!claims.ok()) return 0;
  const auto written = grant::WriteGrant(claims.value());
  if (!written.ok()) std::abort();
  const auto again = grant::ReadGrant(jose::ParseObject(written.value(), "grant").value());
  if (!again.ok() || grant::WriteGrant(again.value()).value() != written.value()) std::abort();
  return 0;
}
