// The one writer of snapshots: edits a version that no reader knows yet.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "assay/entities.h"
#include "assay/limits.h"
#include "assay/program.h"
#include "assay/status.h"
#include "engine/snapshot/cell_block.h"
#include "engine/snapshot/policy_digest.h"
#include "engine/snapshot/snapshot_data.h"

namespace assay::rt {

// Nothing, or why an edit cannot be made. After a problem, as after std::bad_alloc, the data is
// half edited: drop it and abort the heap's version.
using Problem = std::optional<Error>;

// Edits `data`, a copy of a published version (or a new one), with memory of `heap`. Every edit
// costs what it changes, not what there is.
class Editor {
 public:
  // `sha` is made when it is needed, and may be kept for the next editor unless this one was
  // stopped by a problem or std::bad_alloc.
  Editor(store::Heap* heap, SnapshotData* data, const Limits& limits, std::optional<Sha256>* sha);

  // All policies, templates and links of a program; a program of one expression becomes the
  // snapshot's expression.
  Problem Add(const bc::ProgramParts& parts);
  // The same, but a policy or template whose id is taken replaces what has it. A template that has
  // links is not replaced.
  Problem Replace(const bc::ProgramParts& parts);
  // A static policy, or a template without links.
  Problem Remove(std::string_view id);
  Problem Link(std::string_view template_id, std::string_view new_id,
               const std::optional<EntityUid>& principal, const std::optional<EntityUid>& resource);
  Problem Unlink(std::string_view id);

  // Adds the entity, or replaces the one of that uid.
  Problem Upsert(const Entity& entity);
  // Also takes it from the parents of its children.
  Problem Erase(const EntityUid& uid);

  // Brings the closure of the hierarchy and the policy digest up to date. To be called last.
  Problem Finish();

 private:
  friend class ProgramLinker;
  friend class CellNames;

  // Symbols.
  std::uint32_t AcquireType(std::string_view type);
  std::uint32_t AcquireName(std::string_view name);
  std::uint32_t AcquireUid(const EntityUid& uid);
  void AcquireUid(std::uint32_t uid) { data_.uids.Acquire(heap_, uid); }
  void ReleaseUid(std::uint32_t uid);
  void ReleaseCell(const Cell& cell);
  void AcquireKey(tree::ScopeKey key);
  void ReleaseKey(tree::ScopeKey key);

  // Policies; editor_policies.cc.
  Problem CheckNewId(std::string_view id) const;
  std::uint32_t NewPolicy(std::string_view id);
  tree::ScopeKey KeyOf(tree::ScopeKey of_rule, bc::Constraint::Kind kind,
                       const std::optional<EntityUid>& slot);
  void InsertPolicy(std::uint32_t policy, PolicyKind kind, std::uint32_t rule,
                    tree::ScopeKey principal, tree::ScopeKey resource);
  void InsertTemplate(std::uint32_t policy, std::uint32_t rule);
  void ErasePolicy(std::uint32_t policy);
  void ReleaseRule(std::uint32_t rule);
  void SetMention(tree::ScopeKey key, bool of_principal, bool value);
  void ClearMention(tree::ScopeKey key, bool of_principal);

  // Parts of rules that are stored once; editor_bodies.cc.
  std::uint32_t InternBody(BodyRow body);
  void ReleaseBody(std::uint32_t body);
  tree::Test InternTest(const BodyRow& body);
  std::uint32_t InternSubject(const SubjectRow& subject);
  void ReleaseSubject(std::uint32_t subject);
  std::uint32_t InternAction(bc::Constraint::Kind kind, std::vector<std::uint32_t> uids);
  void ReleaseAction(std::uint32_t action);

  // How deep cells may be nested. The cell at the top counts for nothing, as the text of a record
  // does for its attributes.
  std::uint32_t cell_depth() const {
    return limits_.json_depth < UINT32_MAX ? limits_.json_depth + 1 : UINT32_MAX;
  }

  // Entities; editor_entities.cc.
  Problem MakeCells(const Entity& entity, EntityRow* row);
  void ReleaseCells(const EntityRow& row);
  void SetParents(std::uint32_t uid, std::vector<std::uint32_t> parents);
  std::string UidText(std::uint32_t uid) const;
  Problem UpdateClosure();
  Problem Close(const std::vector<std::uint32_t>& affected);
  Problem SetAncestors(std::uint32_t uid);

  // The policy digest; editor_digest.cc.
  Sha256& Sha();
  Sha256Digest LeafOf(std::uint32_t policy);
  void NoteErased(std::uint32_t policy);
  void UpdateDigest();

  store::Heap& heap_;
  SnapshotData& data_;
  Limits limits_;
  std::unordered_set<std::uint32_t> changed_;  // uids whose ancestors must be computed anew
  // What the policy digest does not know yet. Numbers of what was added may come twice, or be free
  // again.
  std::vector<std::uint32_t> added_;
  std::vector<DigestLeaf> erased_;
  std::optional<Sha256>& sha_;
};

}  // namespace assay::rt
