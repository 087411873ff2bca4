// Any text as a policy in JSON: errors, or a policy that is the same after it was written as JSON
// and as Cedar text.
//
// Covers: compiler/cedar/json_form.cc compiler/cedar/policy_json_expr.cc
// Covers: compiler/cedar/policy_json_read.cc compiler/cedar/policy_json_write.cc
// Covers: compiler/cedar/print.cc
#include <cstdlib>

#include "assay/compile.h"
#include "compiler/cedar/dump.h"
#include "compiler/cedar/parse.h"
#include "compiler/cedar/policy_json.h"
#include "compiler/cedar/print.h"

namespace {

using namespace assay;

void CheckPrinted(const cedar::PolicySetSyntax& set) {
  Sources sources;
  Diagnostics diagnostics;
  cedar::PolicySetSyntax again;
  const std::string text = PrintPolicy(set.ast, set.ast.policies[0]);
  const std::uint32_t source = sources.Add("p", text);
  if (!cedar::ParsePolicies(sources, source, Limits{}, &again.ast, &diagnostics)) std::abort();
  again.ast.policies[0].id = set.ast.policies[0].id;
  if (cedar::Dump(set) != cedar::Dump(again)) std::abort();
}

// What is written may be nested deeper than what was read, and then too deep.
void CheckWritten(const std::string& text) {
  Sources sources;
  Diagnostics diagnostics;
  PolicySet set;
  if (!set.AddJson(&sources, sources.Add("p", text), &diagnostics)) {
    if (diagnostics.list()[0].id != DiagId::kTooDeep) std::abort();
  } else if (set.ToJson().value() != text) {
    std::abort();
  }
}

// As text in lines it is the same as on one line.
void CheckText(const PolicySet& set) {
  Sources sources;
  Diagnostics diagnostics;
  cedar::PolicySetSyntax again;
  const std::uint32_t source = sources.Add("p", set.ToCedar().value());
  if (!cedar::ParsePolicies(sources, source, Limits{}, &again.ast, &diagnostics)) std::abort();
  const auto canonical = [](const cedar::Ast& ast) {
    return cedar::CanonicalPolicy(ast, ast.policies[0]);
  };
  if (canonical(again.ast) != canonical(set.syntax().ast)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  Sources sources;
  Diagnostics diagnostics;
  PolicySet set;
  const std::uint32_t source =
      sources.Add("p", std::string(reinterpret_cast<const char*>(data), size));
  const bool ok = set.AddPolicyJson("p", sources, source, &diagnostics);
  if (ok != diagnostics.empty() || diagnostics.Render(sources).empty() != ok) std::abort();
  if (!ok) return 0;
  CheckPrinted(set.syntax());
  CheckWritten(set.ToJson().value());
  CheckText(set);
  return 0;
}
