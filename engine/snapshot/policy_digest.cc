#include "engine/snapshot/policy_digest.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <utility>
#include <vector>

namespace assay::rt {

namespace {

constexpr std::size_t kBucket = 16;
// The bytes before what is hashed.
constexpr std::uint8_t kLeafTag = 0, kBucketTag = 1, kNodeTag = 2;

// tree({}, 0) = SHA-256(01).
constexpr Sha256Digest kEmpty = {0x4b, 0xf5, 0x12, 0x2f, 0x34, 0x45, 0x54, 0xc5, 0x3b, 0xde, 0x2e,
                                 0xbb, 0x8c, 0xd2, 0xb7, 0xe3, 0xd1, 0x60, 0x0a, 0xd6, 0x31, 0xc3,
                                 0x85, 0xa5, 0xd7, 0xcc, 0xe2, 0x3c, 0x77, 0x85, 0x45, 0x9a};

bool IsBefore(const DigestLeaf& a, const DigestLeaf& b) { return a.hash < b.hash; }

// How many of the leaves have a 0 as bit `depth`; they come first.
std::size_t Zeros(DigestLeaves leaves, unsigned depth) {
  const auto is_zero = [depth](const DigestLeaf& leaf) {
    return (leaf.hash[depth / 8] >> (7 - depth % 8) & 1) == 0;
  };
  const auto middle = std::partition_point(leaves.begin(), leaves.end(), is_zero);
  return static_cast<std::size_t>(middle - leaves.begin());
}

Sha256Digest HashOfBucket(Sha256& sha, DigestLeaves leaves) {
  sha.AddByte(kBucketTag);
  for (const DigestLeaf& leaf : leaves) sha.Add(leaf.hash);
  return sha.Finish();
}

Sha256Digest HashOfNode(Sha256& sha, const Sha256Digest& zeros, const Sha256Digest& ones) {
  return sha.AddByte(kNodeTag).Add(zeros).Add(ones).Finish();
}

void AddSlot(Sha256& sha, const std::optional<UidText>& slot) {
  sha.AddByte(slot ? 1 : 0);
  if (slot) sha.AddSized(slot->type).AddSized(slot->id);
}

std::optional<UidText> TextOf(const std::optional<EntityUid>& uid) {
  if (!uid) return std::nullopt;
  return UidText{uid->type, uid->id};
}

// tree(leaves, depth) of the header; `leaves` ascend.
Sha256Digest Tree(Sha256& sha, DigestLeaves leaves, unsigned depth) {
  if (leaves.size() <= kBucket) return HashOfBucket(sha, leaves);
  const std::size_t zeros = Zeros(leaves, depth);
  const Sha256Digest left = Tree(sha, leaves.first(zeros), depth + 1);
  return HashOfNode(sha, left, Tree(sha, leaves.subspan(zeros), depth + 1));
}

}  // namespace

// A Bucket if there are at most kBucket leaves, else an Inner.
struct PolicyDigest::Node {
  Sha256Digest hash;
  std::uint32_t size;  // leaves below
};

struct PolicyDigest::Inner {
  Node node;
  const Node* child[2];
};

struct PolicyDigest::Bucket {
  Node node;
  std::uint32_t policies[kBucket];  // node.size of them, in the order of their leaves
};

// One edit: each node on the way to a change is made once.
class PolicyDigest::Editing {
 public:
  Editing(store::Heap& heap, Sha256& sha, const LeafOf& leaf_of)
      : heap_(heap), sha_(sha), leaf_of_(leaf_of) {}

  // What takes the place of `old`, which lies `depth` below the root.
  const Node* Edit(const Node* old, DigestLeaves erased, DigestLeaves inserted, unsigned depth) {
    if (erased.empty() && inserted.empty()) return old;
    const std::size_t size = SizeOf(old) - erased.size() + inserted.size();
    if (SizeOf(old) <= kBucket || size <= kBucket) {
      std::vector<DigestLeaf> kept, leaves;
      Take(old, erased, depth, &kept);
      leaves.reserve(size);
      std::merge(kept.begin(), kept.end(), inserted.begin(), inserted.end(),
                 std::back_inserter(leaves), IsBefore);
      return Make(leaves, depth);
    }
    const Inner inner = InnerOf(old);
    heap_.Retire(old);
    const std::size_t gone = Zeros(erased, depth), come = Zeros(inserted, depth);
    const Node* zeros = Edit(inner.child[0], erased.first(gone), inserted.first(come), depth + 1);
    const Node* ones =
        Edit(inner.child[1], erased.subspan(gone), inserted.subspan(come), depth + 1);
    return MakeInner(zeros, ones);
  }

 private:
  static std::size_t SizeOf(const Node* node) { return node == nullptr ? 0 : node->size; }
  static const Sha256Digest& HashOf(const Node* node) {
    return node == nullptr ? kEmpty : node->hash;
  }
  static const Inner& InnerOf(const Node* node) { return *reinterpret_cast<const Inner*>(node); }

  // Gives the nodes from here on back, and adds the leaves that stay to `out`.
  void Take(const Node* node, DigestLeaves erased, unsigned depth, std::vector<DigestLeaf>* out) {
    if (node == nullptr) return;
    if (node->size > kBucket) {
      const Inner inner = InnerOf(node);
      const std::size_t gone = Zeros(erased, depth);
      Take(inner.child[0], erased.first(gone), depth + 1, out);
      Take(inner.child[1], erased.subspan(gone), depth + 1, out);
    } else {
      const std::uint32_t* policies = reinterpret_cast<const Bucket*>(node)->policies;
      for (std::uint32_t i = 0; i < node->size; ++i) {
        const bool is_gone = std::any_of(erased.begin(), erased.end(), [&](const auto& leaf) {
          return leaf.policy == policies[i];
        });
        if (!is_gone) out->push_back({leaf_of_(policies[i]), policies[i]});
      }
    }
    heap_.Retire(node);
  }

  const Node* Make(DigestLeaves leaves, unsigned depth) {
    if (leaves.empty()) return nullptr;
    if (leaves.size() <= kBucket) return MakeBucket(leaves);
    const std::size_t zeros = Zeros(leaves, depth);
    const Node* left = Make(leaves.first(zeros), depth + 1);
    return MakeInner(left, Make(leaves.subspan(zeros), depth + 1));
  }

  const Node* MakeBucket(DigestLeaves leaves) {
    Bucket bucket;
    bucket.node = {HashOfBucket(sha_, leaves), static_cast<std::uint32_t>(leaves.size())};
    std::transform(leaves.begin(), leaves.end(), bucket.policies,
                   [](const DigestLeaf& leaf) { return leaf.policy; });
    const std::size_t bytes = sizeof(Node) + leaves.size() * sizeof(bucket.policies[0]);
    return static_cast<const Node*>(std::memcpy(heap_.Allocate(bytes), &bucket, bytes));
  }

  const Node* MakeInner(const Node* zeros, const Node* ones) {
    auto* inner = heap_.New<Inner>(1);
    inner->node = {HashOfNode(sha_, HashOf(zeros), HashOf(ones)),
                   static_cast<std::uint32_t>(SizeOf(zeros) + SizeOf(ones))};
    inner->child[0] = zeros;
    inner->child[1] = ones;
    return &inner->node;
  }

  store::Heap& heap_;
  Sha256& sha_;
  const LeafOf& leaf_of_;
};

Sha256Digest PolicyLeaf(Sha256& sha, std::string_view id, const bc::Digest& rule,
                        const std::optional<UidText>& principal,
                        const std::optional<UidText>& resource) {
  sha.AddByte(kLeafTag).AddByte('p').AddSized(id).Add(rule);
  AddSlot(sha, principal);
  AddSlot(sha, resource);
  return sha.Finish();
}

Sha256Digest TemplateLeaf(Sha256& sha, std::string_view id, const bc::Digest& rule) {
  sha.AddByte(kLeafTag).AddByte('t').AddSized(id).Add(rule).AddByte(0).AddByte(0);
  return sha.Finish();
}

void PolicyDigest::Edit(store::Heap& heap, Sha256& sha, const LeafOf& leaf_of, DigestLeaves erased,
                        DigestLeaves inserted) {
  root_ = Editing(heap, sha, leaf_of).Edit(root_, erased, inserted, 0);
}

Sha256Digest PolicyDigest::root() const { return root_ == nullptr ? kEmpty : root_->hash; }

std::size_t PolicyDigest::size() const { return root_ == nullptr ? 0 : root_->size; }

bc::Digest DigestOf(const bc::ProgramParts& parts) {
  Sha256 sha;
  std::vector<DigestLeaf> leaves;
  leaves.reserve(parts.policies.size() + parts.templates.size());
  for (const bc::PolicyEntry& policy : parts.policies) {
    leaves.push_back({PolicyLeaf(sha, policy.id, parts.rules[policy.rule].digest,
                                 TextOf(policy.principal_slot), TextOf(policy.resource_slot)),
                      0});
  }
  for (const bc::TemplateEntry& entry : parts.templates) {
    leaves.push_back({TemplateLeaf(sha, entry.id, parts.rules[entry.rule].digest), 0});
  }
  std::sort(leaves.begin(), leaves.end(), IsBefore);
  return Tree(sha, leaves, 0);
}

}  // namespace assay::rt
