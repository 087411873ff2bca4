// A schema and policies, with a NUL between them: validation ends, strictly valid policies are
// valid permissively, and what is found renders.
#include <cstdlib>

#include "assay/validate.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace assay;
  const std::string input(reinterpret_cast<const char*>(data), size);
  const std::size_t end = input.find('\0');
  if (end == std::string::npos) return 0;
  Sources sources;
  Diagnostics diagnostics;
  const auto schema = Schema::Parse(sources, sources.Add("s", input.substr(0, end)),
                                    SchemaFormat::kCedar, Limits{}, &diagnostics);
  PolicySet set;
  const bool ok = set.AddCedar(sources, sources.Add("p", input.substr(end + 1)), &diagnostics);
  if (!schema || !ok) return 0;
  Limits limits;
  limits.request_environments = 1000;
  const auto strict = Validate(*schema, set, {.limits = limits});
  const auto permissive =
      Validate(*schema, set, {.mode = ValidationMode::kPermissive, .limits = limits});
  if (strict.ok() != permissive.ok()) std::abort();
  if (!strict.ok()) return 0;
  if (strict.value().passed() && !permissive.value().passed()) std::abort();
  for (const Finding& finding : strict.value().errors) {
    if (finding.message.empty() || FindingName(finding.kind).empty()) std::abort();
    if (finding.span) sources.Slice(*finding.span);
  }
  const auto level = Validate(*schema, set, {.level = 1, .limits = limits});
  if (level.ok() && level.value().passed() && !strict.value().passed()) std::abort();
  return 0;
}
