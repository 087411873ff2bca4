// The only maker of a PolicySetSyntax: gives policies their ids and keeps ids, templates and links
// consistent. The functions are those of PolicySet in assay/compile.h, which says what they do;
// here running out of memory is an exception.
#pragma once

#include <string>
#include <unordered_map>
#include <unordered_set>

#include "assay/diagnostics.h"
#include "assay/limits.h"
#include "assay/source.h"
#include "compiler/cedar/policy_set.h"
#include "engine/base/json.h"

namespace assay::cedar {

class PolicySetBuilder {
 public:
  explicit PolicySetBuilder(const Limits& limits) : limits_(limits) {}

  const Limits& limits() const { return limits_; }
  const PolicySetSyntax& syntax() const { return syntax_; }

  bool AddCedar(const Sources& sources, std::uint32_t source, Diagnostics* diagnostics);
  bool AddPolicy(std::string id, const Sources& sources, std::uint32_t source,
                 Diagnostics* diagnostics);
  // A policy in JSON form.
  bool AddPolicy(std::string id, const json::Node& policy, Diagnostics* diagnostics);
  // The id of the next policy that comes without one; NextId takes it.
  std::string PeekId() const { return "policy" + std::to_string(numbered_); }
  std::string NextId() { return "policy" + std::to_string(numbered_++); }
  bool Link(std::string_view template_id, std::string new_id, std::optional<EntityUid> principal,
            std::optional<EntityUid> resource, Diagnostics* diagnostics);

 private:
  bool Claim(std::size_t index, Diagnostics* diagnostics);

  Limits limits_;
  PolicySetSyntax syntax_;
  std::unordered_set<std::string> ids_;
  std::unordered_map<std::string, std::size_t> templates_;  // id to index in syntax_.ast.policies
  std::size_t numbered_ = 0;  // policies of Cedar sources so far, for `policyN`
};

}  // namespace assay::cedar
