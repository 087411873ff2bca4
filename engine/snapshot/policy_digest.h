// The policy digest: one SHA-256 that stands for all that a policy set says.
//
// It depends on the set alone: not on the order of policies, white space or comments, nor on the
// edits that led there. With `‖` for concatenation and text(s) for the length of s in eight bytes,
// the lowest first, followed by its bytes:
//
//   rule          = SHA-256(canonical text of the policy or template, with its annotations)
//   uid           = text(entity type) ‖ text(entity id)
//   slot          = 00 when the policy has no such slot, or 01 ‖ uid
//   leaf          = SHA-256(00 ‖ kind ‖ text(id) ‖ rule ‖ slot of ?principal ‖ slot of ?resource)
//                   kind is 70 (`p`) for a static policy and for a link, whose rule is that of its
//                   template; and 74 (`t`) for a template itself, whose slots are both 00
//   tree(S, d)    = SHA-256(01 ‖ the leaves of S, ascending), if S has at most 16 leaves; else
//                   SHA-256(02 ‖ tree(those with bit d = 0, d + 1) ‖ tree(those with bit d = 1,
//                   d + 1)), where bit 0 is the highest bit of a leaf's first byte
//   policy digest = tree(all leaves, 0)
//
// Single bytes are in hexadecimal. The first byte of what is hashed keeps leaves, buckets and nodes
// apart. Leaves are ordered by themselves, so an edit changes about log2(n / 11) nodes. The
// canonical text is that of compiler/cedar/print.h.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

#include "engine/base/sha256.h"
#include "engine/bytecode/program_parts.h"
#include "engine/store/heap.h"

namespace assay::rt {

struct UidText {
  std::string_view type, id;
};

// The leaf of a static policy (without slots) or of a link.
Sha256Digest PolicyLeaf(Sha256& sha, std::string_view id, const bc::Digest& rule,
                        const std::optional<UidText>& principal,
                        const std::optional<UidText>& resource);
// The leaf of a template.
Sha256Digest TemplateLeaf(Sha256& sha, std::string_view id, const bc::Digest& rule);

// A leaf, and the number of the policy or template that it stands for.
struct DigestLeaf {
  Sha256Digest hash;
  std::uint32_t policy;
};
using DigestLeaves = std::span<const DigestLeaf>;

// The digest of a set that is edited: the tree above with the hashes of its buckets and nodes, in
// memory of a heap. A value of one pointer: a copy is the same version, and editing the copy leaves
// the original as it was. Of leaves it keeps the policies' numbers and computes the rest again, so
// that it takes about 15 bytes a policy.
class PolicyDigest {
 public:
  // The leaf of a policy of the set, by its number.
  using LeafOf = std::function<Sha256Digest(std::uint32_t policy)>;

  // Takes `erased` out, then puts `inserted` in; both ascending by their hashes. Of what is erased
  // `leaf_of` is not asked, so its numbers may be in use again. Costs O(log n) hashes for a leaf,
  // fewer if there are many, and up to 16 of `leaf_of`. Throws std::bad_alloc like all edits of a
  // heap.
  void Edit(store::Heap& heap, Sha256& sha, const LeafOf& leaf_of, DigestLeaves erased,
            DigestLeaves inserted);

  Sha256Digest root() const;
  std::size_t size() const;

 private:
  struct Node;
  struct Inner;
  struct Bucket;
  class Editing;
  const Node* root_ = nullptr;  // nullptr: no leaves
};

// The policy digest of a program. Throws std::bad_alloc.
bc::Digest DigestOf(const bc::ProgramParts& parts);

}  // namespace assay::rt
