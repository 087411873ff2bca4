// The policy digest against a second computation that follows the header word for word.
#include "engine/snapshot/policy_digest.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <random>
#include <set>

#include "assay/store.h"
#include "tests/unit/compiler/compiled.h"

namespace assay::rt {
namespace {

std::string Hash(const std::string& bytes) {
  const Sha256Digest digest = Sha256().Add(bytes).Finish();
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::string Text(const std::string& text) {
  std::string length;
  for (unsigned i = 0; i < 8; ++i) length += static_cast<char>(text.size() >> (8 * i));
  return length + text;
}

std::string Slot(const std::optional<EntityUid>& uid) {
  return uid ? '\1' + Text(uid->type) + Text(uid->id) : std::string(1, '\0');
}

std::string Bytes(const Sha256Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

using Set = std::set<std::string>;

std::string TreeHash(const Set& leaves, unsigned depth) {
  std::string all;
  if (leaves.size() <= 16) {
    for (const std::string& leaf : leaves) all += leaf;
    return Hash('\1' + all);
  }
  Set side[2];
  for (const std::string& leaf : leaves) {
    side[static_cast<unsigned char>(leaf[depth / 8]) >> (7 - depth % 8) & 1].insert(leaf);
  }
  return Hash('\2' + TreeHash(side[0], depth + 1) + TreeHash(side[1], depth + 1));
}

// Leaves that share up to 200 leading bits, so that the tree is deep in places.
Sha256Digest RandomLeaf(std::mt19937& random) {
  Sha256Digest leaf{};
  const std::size_t shared = random() % 3 == 0 ? random() % 25 : 0;
  for (std::size_t i = shared; i < leaf.size(); ++i) {
    leaf[i] = static_cast<std::uint8_t>(random() % (i < 26 ? 4 : 256));
  }
  return leaf;
}

// A digest beside the leaves it should have.
class Edited {
 public:
  std::size_t size() const { return leaves_.size(); }
  Set leaves() const {
    Set set;
    for (const auto& [hash, policy] : leaves_) set.insert(Bytes(hash));
    return set;
  }
  const PolicyDigest& digest() const { return digest_; }

  // Takes some leaves out and puts others in, all at once; numbers that were free, or become so,
  // are given out again.
  void Edit(store::Heap& heap, std::mt19937& random, std::size_t out, std::size_t in) {
    std::vector<DigestLeaf> erased, inserted;
    for (; out > 0 && !leaves_.empty(); --out) {
      const auto at = std::next(leaves_.begin(), static_cast<int>(random() % leaves_.size()));
      erased.push_back({at->first, at->second});
      free_.push_back(at->second);
      hashes_.erase(at->second);
      leaves_.erase(at);
    }
    for (; in > 0; --in) {
      // What was just taken out may come back under another number.
      const bool back = !erased.empty() && random() % 8 == 0;
      const Sha256Digest leaf = back ? erased[random() % erased.size()].hash : RandomLeaf(random);
      if (leaves_.count(leaf) > 0) continue;
      std::uint32_t policy = next_;
      if (free_.empty()) {
        ++next_;
      } else {
        policy = free_.back();
        free_.pop_back();
      }
      leaves_[leaf] = policy;
      hashes_[policy] = leaf;
      inserted.push_back({leaf, policy});
    }
    const auto is_before = [](const auto& a, const auto& b) { return a.hash < b.hash; };
    std::sort(erased.begin(), erased.end(), is_before);
    std::sort(inserted.begin(), inserted.end(), is_before);
    asked_ = 0;
    const auto leaf_of = [this](std::uint32_t policy) {
      ++asked_;
      return hashes_.at(policy);
    };
    digest_.Edit(heap, sha_, leaf_of, erased, inserted);
  }
  // How many leaves the last edit asked for.
  std::size_t asked() const { return asked_; }

 private:
  Sha256 sha_;
  PolicyDigest digest_;
  std::map<Sha256Digest, std::uint32_t> leaves_;
  std::map<std::uint32_t, Sha256Digest> hashes_;
  std::vector<std::uint32_t> free_;
  std::uint32_t next_ = 0;
  std::size_t asked_ = 0;
};

TEST(PolicyDigest, OfNothing) {
  EXPECT_EQ(Bytes(PolicyDigest().root()), TreeHash({}, 0));
  EXPECT_EQ(DigestOf(bc::ProgramParts()), PolicyDigest().root());
}

TEST(PolicyDigest, DependsOnTheSetAndNotOnTheEdits) {
  std::mt19937 random(7);
  store::Heap heap;
  for (int round = 0; round < 40; ++round) {
    Edited edited;
    const std::size_t wanted = random() % 300;
    for (int step = 0; step < 100; ++step) {
      // Grows to `wanted`, goes up and down around it, and shrinks to nothing.
      const std::size_t most = random() % 4 == 0 ? 60 : 4;
      const bool shrink = step > 70 || edited.size() > wanted;
      edited.Edit(heap, random, random() % (shrink ? most + 1 : 2),
                  random() % (shrink ? 2 : most + 1));
      if (step == 99) edited.Edit(heap, random, edited.size(), 0);
      if (random() % 2 == 0) heap.Commit();
      ASSERT_EQ(edited.digest().size(), edited.size());
      // The second computation is slow where leaves share many bits.
      if (step % 10 != 9) continue;
      ASSERT_EQ(Bytes(edited.digest().root()), TreeHash(edited.leaves(), 0));
    }
    EXPECT_EQ(edited.digest().root(), PolicyDigest().root());
  }
}

TEST(PolicyDigest, AsksForTheLeavesOfOneBucket) {
  std::mt19937 random(5);
  store::Heap heap;
  Edited edited;
  edited.Edit(heap, random, 0, 1000);
  EXPECT_EQ(edited.asked(), 0U);  // what is put in is known
  for (int i = 0; i < 200; ++i) {
    edited.Edit(heap, random, i % 2, 1 - i % 2);
    ASSERT_LE(edited.asked(), 16U);
  }
}

TEST(PolicyDigest, CopiesKeepTheirVersion) {
  std::mt19937 random(11);
  store::Heap heap;
  Edited edited;
  std::vector<PolicyDigest> versions;
  std::vector<Set> sets;
  for (int i = 0; i < 200; ++i) {
    edited.Edit(heap, random, random() % 3, random() % 6);
    heap.Commit();
    versions.push_back(edited.digest());
    sets.push_back(edited.leaves());
  }
  for (std::size_t i = 0; i < versions.size(); ++i) {
    EXPECT_EQ(Bytes(versions[i].root()), TreeHash(sets[i], 0));
  }
}

// Each edit gives back what it no longer needs: without readers nothing is left at the end.
TEST(PolicyDigest, KeepsNoMemoryOfOldVersions) {
  std::mt19937 random(3);
  store::Heap heap;
  Edited edited;
  for (int i = 0; i < 1000; ++i) {
    edited.Edit(heap, random, i < 500 ? 0 : 1, i < 500 ? 1 : 0);
    heap.Commit();
    heap.Collect({});
  }
  edited.Edit(heap, random, edited.size(), 0);
  heap.Commit();
  heap.Collect({});
  EXPECT_EQ(heap.bytes(), 0U);
}

TEST(PolicyDigest, TakesLittleMemory) {
  constexpr std::uint32_t kLeaves = 100'000;
  Sha256 sha;
  std::vector<DigestLeaf> leaves;
  for (std::uint32_t i = 0; i < kLeaves; ++i) {
    leaves.push_back({sha.AddSized(std::to_string(i)).Finish(), i});
  }
  std::sort(leaves.begin(), leaves.end(),
            [](const auto& a, const auto& b) { return a.hash < b.hash; });
  store::Heap heap;
  PolicyDigest digest;
  digest.Edit(heap, sha, {}, {}, leaves);
  std::cout << "bytes a leaf: " << static_cast<double>(heap.bytes()) / kLeaves << "\n";
  EXPECT_LE(heap.bytes(), std::size_t{kLeaves} * 18);
}

Sha256Digest DigestOfText(const std::vector<std::string>& texts) {
  testing::TestSet set;
  for (const std::string& text : texts) EXPECT_TRUE(set.AddCedar(text));
  return DigestOf(set.set.Compile().value().parts());
}

TEST(PolicyDigest, ForgetsHowThePoliciesWereWritten) {
  const std::string a = "@id(\"a\") @x(\"1\") permit(principal, action, resource) when { 1 < 2 };";
  const std::string b = "@id(\"b\") forbid(principal is User, action, resource);";
  const Sha256Digest digest = DigestOfText({a, b});
  EXPECT_EQ(DigestOfText({b, a}), digest);
  EXPECT_EQ(DigestOfText({b + "// a comment\n" + a}), digest);
  EXPECT_EQ(DigestOfText({b,
                          "@x(\"\\u{31}\")@id(\"a\")permit(principal,action,resource,)\n"
                          "when{(1)<(2)};"}),
            digest);
}

TEST(PolicyDigest, SeesEverythingThatIsSaid) {
  const std::string a = "@id(\"a\") permit(principal, action, resource) when { 1 < 2 };";
  std::vector<Sha256Digest> digests = {DigestOfText({}), DigestOfText({a})};
  for (const char* text :
       {"@id(\"b\") permit(principal, action, resource) when { 1 < 2 };",
        "@id(\"a\") @x permit(principal, action, resource) when { 1 < 2 };",
        "@id(\"a\") @x(\"1\") permit(principal, action, resource) when { 1 < 2 };",
        "@id(\"a\") forbid(principal, action, resource) when { 1 < 2 };",
        "@id(\"a\") permit(principal, action, resource) when { 1 <= 2 };",
        "@id(\"a\") permit(principal, action, resource) unless { 1 < 2 };",
        "@id(\"a\") permit(principal, action, resource is Doc) when { 1 < 2 };",
        "@id(\"a\") permit(principal == ?principal, action, resource) when { 1 < 2 };"}) {
    digests.push_back(DigestOfText({text}));
  }
  std::sort(digests.begin(), digests.end());
  EXPECT_EQ(std::unique(digests.begin(), digests.end()), digests.end());
}

TEST(PolicyDigest, IsWhatTheHeaderSays) {
  testing::TestSet set;
  ASSERT_TRUE(set.AddPolicy("a", "@x(\"y\") permit(principal, action, resource);"));
  ASSERT_TRUE(
      set.AddPolicy("t", "forbid(principal == ?principal, action, resource in ?resource);"));
  ASSERT_TRUE(
      set.set.Link("t", "l", EntityUid{"User", "u"}, EntityUid{"Doc", "d"}, &set.diagnostics));
  const Program program = set.set.Compile().value();
  const std::string a = Bytes(program.parts().rules[0].digest);
  const std::string t = Bytes(program.parts().rules[1].digest);
  const std::string none(1, '\0');
  const Set leaves = {Hash(none + "p" + Text("a") + a + none + none),
                      Hash(none + "t" + Text("t") + t + none + none),
                      Hash(none + "p" + Text("l") + t + Slot(EntityUid{"User", "u"}) +
                           Slot(EntityUid{"Doc", "d"}))};
  EXPECT_EQ(Bytes(DigestOf(program.parts())), TreeHash(leaves, 0));
}

Program Compiled(const std::string& id, const std::string& text) {
  testing::TestSet set;
  EXPECT_TRUE(set.AddPolicy(id, text));
  return set.set.Compile().value();
}

// The digest of a snapshot follows every kind of edit; what it must be says a fresh compilation.
TEST(PolicyDigest, OfSnapshotsFollowsEdits) {
  const std::string a = "permit(principal, action, resource);";
  const std::string b = "forbid(principal, action, resource);";
  const std::string t = "permit(principal == ?principal, action, resource in ?resource);";
  const EntityUid user{"User", "u"}, doc{"Doc", "d"}, other{"Doc", "e"};
  Store store = Store::Create(Program(), Entities()).value();
  const auto after = [&store](const Edit& edit) {
    const Result<Snapshot> applied = store.Apply(edit);
    EXPECT_TRUE(applied.ok()) << applied.error().message;
    return applied.value().policy_digest();
  };
  struct LinkText {
    std::string id;
    EntityUid principal, resource;
  };
  const auto wanted = [&](const std::vector<std::pair<std::string, std::string>>& texts,
                          const std::vector<LinkText>& links) {
    testing::TestSet set;
    for (const auto& [id, text] : texts) EXPECT_TRUE(set.AddPolicy(id, text));
    for (const LinkText& link : links) {
      EXPECT_TRUE(set.set.Link("t", link.id, link.principal, link.resource, &set.diagnostics));
    }
    return DigestOf(set.set.Compile().value().parts());
  };
  EXPECT_EQ(store.snapshot().policy_digest(), wanted({}, {}));
  EXPECT_EQ(after(std::move(Edit().Add(Compiled("x", a)))), wanted({{"x", a}}, {}));
  EXPECT_EQ(after(std::move(Edit().Replace(Compiled("x", b)))), wanted({{"x", b}}, {}));
  EXPECT_EQ(after(std::move(Edit().Add(Compiled("t", t)))), wanted({{"x", b}, {"t", t}}, {}));
  EXPECT_EQ(after(std::move(Edit().Link("t", "l", user, doc))),
            wanted({{"x", b}, {"t", t}}, {{"l", user, doc}}));
  // The same id with another slot, in one batch; and what comes and goes in one batch.
  EXPECT_EQ(
      after(std::move(
          Edit().Unlink("l").Link("t", "l", user, other).Link("t", "m", user, doc).Unlink("m"))),
      wanted({{"x", b}, {"t", t}}, {{"l", user, other}}));
  EXPECT_EQ(after(std::move(Edit().Upsert({user, {}, {}, {}}))), store.snapshot().policy_digest());
  EXPECT_FALSE(store.Apply(std::move(Edit().Remove("x").Remove("x"))).ok());
  EXPECT_EQ(store.snapshot().policy_digest(), wanted({{"x", b}, {"t", t}}, {{"l", user, other}}));
  EXPECT_EQ(after(std::move(Edit().Unlink("l").Remove("x").Remove("t"))), wanted({}, {}));
}

}  // namespace
}  // namespace assay::rt
