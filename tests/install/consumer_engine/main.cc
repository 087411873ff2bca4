// What someone sees who embeds the engine without the compiler: every public header compiles by
// itself, entities are built and asked, and a program without policies denies.
#include <assay/decision.h>
#include <assay/diagnostics.h>
#include <assay/entities.h>
#include <assay/evaluator.h>
#include <assay/export.h>
#include <assay/limits.h>
#include <assay/program.h>
#include <assay/request.h>
#include <assay/snapshot.h>
#include <assay/source.h>
#include <assay/status.h>
#include <assay/value.h>

#include <cstdio>
#include <type_traits>
#include <utility>

static_assert(!std::is_convertible_v<assay::Decision, bool>);

int main() {
  const assay::EntityUid alice{"User", "alice"};
  const assay::EntityUid staff{"Group", "staff"};
  auto entities = assay::Entities::Create({{alice, {{"level", 3}}, {staff}, {}}});
  if (!entities.ok() || !entities.value().Find(alice)) return 1;

  auto snapshot = assay::Snapshot::Create(assay::Program(), entities.value());
  auto request = assay::RequestBuilder()
                     .Principal("User", "alice")
                     .Action("Action", "view")
                     .Resource("Photo", "beach")
                     .Context("mfa", true)
                     .Build();
  if (!snapshot.ok() || !request.ok()) return 2;

  assay::Scratch scratch;
  const assay::Decision decision = assay::Decide(snapshot.value(), request.value(), scratch);
  if (decision.status() != assay::DecisionStatus::kDecided || decision.is_allow()) return 3;
  if (assay::Decision().is_allow()) return 4;
  std::puts(alice.ToCedar().c_str());
  return 0;
}
