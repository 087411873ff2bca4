// From Cedar text to a Program. Link assay::compiler for this; the engine runs without it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "assay/diagnostics.h"
#include "assay/limits.h"
#include "assay/program.h"
#include "assay/source.h"
#include "assay/value.h"

namespace assay {

namespace cedar {
struct PolicySetSyntax;
}

class Schema;

// A policy set under construction. Every function that reads text returns false, and says why in
// `diagnostics`, when something was wrong; the parts without errors have been added then, and
// Compile() must not be used for decisions. Not thread-safe; sets of their own may be built by any
// number of threads, of which one at a time parses.
//
// Ids: a policy of a Cedar source is called by its `@id` annotation if it has one, else `policyN`
// where N counts all policies and templates of Cedar sources added so far. Static policies,
// templates and links share one space of ids; a second use of an id is an error.
class ASSAY_API PolicySet {
 public:
  explicit PolicySet(const Limits& limits = {});
  ~PolicySet();
  PolicySet(PolicySet&&) noexcept;
  PolicySet& operator=(PolicySet&&) noexcept;

  // Adds all policies and templates of a Cedar source.
  bool AddCedar(const Sources& sources, std::uint32_t source, Diagnostics* diagnostics);
  // Adds one policy or template under `id`, whatever its annotations say.
  bool AddPolicy(std::string id, const Sources& sources, std::uint32_t source,
                 Diagnostics* diagnostics);
  // Adds one policy or template in Cedar's JSON form, `{effect, principal, action, resource,
  // conditions, annotations}`, under `id`. Unlike the reference, it refuses members that it does
  // not know, and members given twice, everywhere; and calls that Cedar text could not have.
  bool AddPolicyJson(std::string id, const Sources& sources, std::uint32_t source,
                     Diagnostics* diagnostics);
  // Adds `{staticPolicies: {id: policy}, templates: {id: policy}, templateLinks: [{templateId,
  // newId, values: {"?principal": uid}}]}`, every member optional. A policy is an object in JSON
  // form or a string of Cedar text; the texts become sources of their own, named after the file and
  // their id. `staticPolicies` may also be a string with any number of policies, or an array of
  // such strings and of objects; their ids are as in Cedar sources. What has an `effect` is one
  // policy or template in JSON form, whose id is `JSON policy`.
  bool AddJson(Sources* sources, std::uint32_t source, Diagnostics* diagnostics);
  // Fills the slots of a template; `principal` and `resource` are the values of ?principal and
  // ?resource and must be given exactly when the template has that slot.
  bool Link(std::string_view template_id, std::string new_id, std::optional<EntityUid> principal,
            std::optional<EntityUid> resource, Diagnostics* diagnostics);

  // The set in JSON, one line, in the reference's form: `{templates, staticPolicies,
  // templateLinks}` with all policies in JSON form. AddJson reads it, unless an expression is
  // nested deeper than Limits::json_depth, as chains of more than some 60 operators are. Fails only
  // without memory.
  Result<std::string> ToJson() const;
  // All static policies and then all templates as Cedar text, sorted by id; ids are not part of it.
  // Fails with kInvalidArgument when there are links, which have no text.
  Result<std::string> ToCedar() const;

  // The set as syntax, for tools; valid until the set changes.
  const cedar::PolicySetSyntax& syntax() const;

  // Lowers, optimises, emits and verifies. Fails only on a limit.
  Result<Program> Compile() const;

  // The same for requests and entities that are as the schema says (ValidateRequest,
  // ValidateEntities): the decision tree gets to know more permits, those that validate strictly.
  // Answers are the same, word for word. On other requests and entities decisions and satisfied
  // policies are still the same, but whether a permit that is not satisfied fails, and with which
  // error, may differ.
  Result<Program> Compile(const Schema& schema) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Compiles one expression into a program for Evaluate(). Nothing if there was an error.
ASSAY_API std::optional<Program> CompileExpression(const Sources& sources, std::uint32_t source,
                                                   const Limits& limits, Diagnostics* diagnostics);

}  // namespace assay
