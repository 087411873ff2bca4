// Any series of edits on a small store: what is published answers with the tree as without it, what
// is refused changes nothing, a reader sees each, and with all taken away again nothing is left.
//
// Covers: engine/snapshot/editor.cc engine/snapshot/editor_bodies.cc
// Covers: engine/snapshot/editor_digest.cc engine/snapshot/editor_entities.cc
// Covers: engine/snapshot/editor_policies.cc engine/tree/tree.cc engine/publish/store.cc
// Covers: engine/publish/core.cc
#include <array>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

#include "assay/compile.h"
#include "assay/evaluator.h"
#include "assay/store.h"
#include "engine/eval/authorizer.h"

namespace {

using namespace assay;

// Scopes and first conditions of every form, several of each in one place of the tree.
constexpr const char* kPolicies[] = {
    "permit(principal, action, resource);",
    "forbid(principal == User::\"0\", action, resource) when { context.b };",
    "permit(principal in Group::\"0\", action, resource in Group::\"1\");",
    "permit(principal in Group::\"0\", action in [Action::\"0\", Action::\"1\"], resource);",
    "permit(principal in Group::\"0\", action == Action::\"1\", resource) when { context.n == 1 };",
    "permit(principal is User, action in Action::\"2\", resource is Group in Group::\"1\");",
    "permit(principal, action, resource) when { context.n == 1 };",
    "permit(principal, action, resource) when { context.n == 2 && context.missing };",
    "permit(principal, action, resource) when { context.n >= 1 && context.n < 3 };",
    "permit(principal, action, resource) when { context.n > 2 };",
    "permit(principal, action, resource) when { principal has level && principal.level == 1 };",
    "forbid(principal, action, resource) unless { principal.level < 2 };",
    "permit(principal, action, resource) when { principal in resource || context.b };",
    "permit(principal in ?principal, action, resource);",
    "permit(principal == ?principal, action, resource in ?resource) when { context.n == 1 };",
    "forbid(principal, action, resource == ?resource) when { resource.level > 1 };",
};
constexpr std::size_t kCount = std::size(kPolicies);

// The program of each policy under each of a few ids.
const Program& ProgramOf(std::size_t policy, std::size_t id) {
  static const auto all = [] {
    std::array<std::array<Program, 8>, kCount> programs;
    for (std::size_t i = 0; i < kCount; ++i) {
      for (std::size_t k = 0; k < programs[i].size(); ++k) {
        Sources sources;
        Diagnostics diagnostics;
        PolicySet set;
        set.AddPolicy(std::to_string(k), sources, sources.Add("p", kPolicies[i]), &diagnostics);
        programs[i][k] = set.Compile().value();
      }
    }
    return programs;
  }();
  return all[policy][id];
}

class Bytes {
 public:
  Bytes(const unsigned char* data, std::size_t size) : at_(data), end_(data + size) {}
  bool empty() const { return at_ == end_; }
  std::size_t Below(std::size_t bound) { return at_ == end_ ? 0 : *at_++ % bound; }

 private:
  const unsigned char* at_;
  const unsigned char* end_;
};

EntityUid Uid(Bytes& bytes) {
  static constexpr const char* kTypes[] = {"User", "Group", "Action"};
  const std::size_t type = bytes.Below(std::size(kTypes));
  return {kTypes[type], std::to_string(bytes.Below(4))};
}

void AddChange(Bytes& bytes, Edit* edit) {
  const std::size_t kind = bytes.Below(8), id = bytes.Below(8);
  switch (kind) {
    case 0:
    case 1: edit->Add(ProgramOf(bytes.Below(kCount), id)); break;
    case 2: edit->Replace(ProgramOf(bytes.Below(kCount), id)); break;
    case 3: edit->Remove(std::to_string(id)); break;
    case 4: {
      const std::size_t slots = bytes.Below(4);
      std::optional<EntityUid> principal, resource;
      if ((slots & 1) != 0) principal = Uid(bytes);
      if ((slots & 2) != 0) resource = Uid(bytes);
      edit->Link(std::to_string(id), std::to_string(bytes.Below(8)), principal, resource);
      break;
    }
    case 5: edit->Unlink(std::to_string(id)); break;
    case 6: {
      Entity entity{Uid(bytes), {}, {}, {}};
      if (id % 2 == 0) entity.attributes = {{"level", static_cast<int>(bytes.Below(4))}};
      for (std::size_t i = id / 2; i > 0; --i) entity.parents.push_back(Uid(bytes));
      edit->Upsert(std::move(entity));
      break;
    }
    default: edit->Erase(Uid(bytes)); break;
  }
}

// The decision, the policies that made it, the errors.
std::string TextOf(const Snapshot& snapshot, const Decision& decision) {
  std::string text = decision.is_allow() ? "allow" : "deny";
  for (const auto policy : decision.determining()) {
    text += " " + std::string(snapshot.policy_id(policy));
  }
  for (std::size_t i = 0; i < decision.error_count(); ++i) {
    text += "\n" + std::string(snapshot.policy_id(decision.error_policy(i))) + ": " +
            decision.error_text(i);
  }
  return text;
}

// All answers of a snapshot; aborts if the tree changes one.
std::string AnswersOf(const Snapshot& snapshot) {
  std::string all;
  Scratch scratch;
  BoundRequest bound;
  for (const char* user : {"0", "1", "9"}) {
    for (int n = 0; n < 4; ++n) {
      Request request{{"User", user}, {"Action", std::to_string(n)}, {"Group", "2"}, {{"n", n}}};
      if (n > 1) request.context.insert_or_assign("b", n == 2);
      if (n == 3) request.resource = request.principal;
      if (!bound.Bind(snapshot, request).ok()) std::abort();
      const std::string scanned = TextOf(snapshot, rt::DecideByScan(snapshot, bound, scratch));
      const bool allow = DecideOutcome(snapshot, bound, scratch).is_allow();
      const Decision decision = Decide(snapshot, bound, scratch);
      if (TextOf(snapshot, decision) != scanned || decision.is_allow() != allow) std::abort();
      all += scanned + "\n";
    }
  }
  return all;
}

void EraseEverything(Store* store) {
  // Each by itself, since most are not there; links before templates.
  for (std::size_t id = 0; id < 8; ++id) {
    (void)store->Apply(Edit().Unlink(std::to_string(id)));
  }
  for (std::size_t id = 0; id < 8; ++id) (void)store->Apply(Edit().Remove(std::to_string(id)));
  for (const char* type : {"User", "Group", "Action"}) {
    for (int id = 0; id < 4; ++id) {
      (void)store->Apply(Edit().Erase(EntityUid{type, std::to_string(id)}));
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size > 512) return 0;
  Bytes bytes(data, size);
  Store store = Store::Create(Program(), Entities()).value();
  Reader first = Reader::Create(store).value();
  Reader reader = std::move(first);
  std::string answers = AnswersOf(store.snapshot());
  while (!bytes.empty()) {
    Edit edit;
    for (std::size_t i = 1 + bytes.Below(4); i > 0; --i) AddChange(bytes, &edit);
    const std::size_t before = store.Collect().live_bytes;
    const Snapshot old = store.snapshot();
    const bool ok = store.Apply(Edit(std::move(edit))).ok();
    if (!ok && store.Collect().live_bytes != before) std::abort();
    if (AnswersOf(old) != answers) std::abort();
    const std::string now = AnswersOf(store.snapshot());
    if (!ok && now != answers) std::abort();
    if (AnswersOf(reader.snapshot()) != now) std::abort();
    answers = now;
  }
  EraseEverything(&store);
  const Snapshot empty = store.snapshot();
  if (empty.policy_count() + empty.entity_count() + empty.name_count() != 0) std::abort();
  return 0;
}
