// From a verified identity and an allow to one grant, and every way to get none.
#include "assay/mint/mint.h"

#include <gmock/gmock.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "assay/evaluator.h"
#include "assay/mint/spiffe.h"
#include "engine/mint/ledger/export.h"
#include "tests/mint/hook/mint_world.h"

namespace assay::mint {
namespace {

using testing::Ask;
using ::testing::ElementsAre;
using testing::kNow;
using testing::kThumbprint;
using testing::kWorkload;
using testing::MintWorld;
using testing::Outcome;
using testing::Policies;
using testing::ReadAll;
using testing::Workload;

TEST(Mint, AnAllowIsOneRecordedGrant) {
  MintWorld world;
  world.Published();
  MintRequest request = Ask("send");
  request.context.insert_or_assign("to", "bob");
  const auto grant = world.mint->Issue(Workload(), request);
  ASSERT_TRUE(grant.ok()) << RefusalName(grant.error().id);
  const GrantClaims& claims = grant.value().claims;
  EXPECT_EQ(claims.issuer, "https://mint.example");
  EXPECT_EQ(claims.subject, kWorkload);
  EXPECT_EQ(claims.audience, testing::kServer);
  EXPECT_EQ(claims.tuples, request.tuples);
  EXPECT_EQ(claims.expires_at, kNow + 60);
  EXPECT_EQ(claims.binding.thumbprint, kThumbprint);
  EXPECT_EQ(claims.txn, "task-1");
  EXPECT_EQ(claims.purpose, "answer");
  EXPECT_THAT(claims.pinned_members, ElementsAre("to", "tool"));
  const Record record = world.Last();
  EXPECT_EQ(record.type, RecordType::kMint);
  EXPECT_EQ(record.sequence, grant.value().sequence);
  EXPECT_EQ(record.jti, claims.jti);
  EXPECT_EQ(record.decision_id, claims.decision_id);
  EXPECT_EQ(record.owner, "team-mail");
  EXPECT_EQ(record.principal, "Agent::\"spiffe://a.example/agent\"");
  EXPECT_THAT(record.policies, ElementsAre("send"));
  EXPECT_EQ(record.policy_digest, world.mint->policy_digest());
  EXPECT_EQ(record.expires, claims.expires_at * 1000);
  EXPECT_TRUE(record.context_hash);
  EXPECT_EQ(ControlTags(record.controls).size(), 3U);

  // The resource server needs the keys, the view of revocations and the context.
  Value::Record context{{"to", "bob"}, {"tool", "mail"}, {"unpinned", 1}};
  Presentation shown{.token = grant.value().token.view(),
                     .tuple = request.tuples[0],
                     .context = &context,
                     .certificate_thumbprint = kThumbprint};
  const GrantVerifier server = world.Server();
  EXPECT_EQ(Outcome(server.Verify(shown)), "ok");
  context.insert_or_assign("to", "eve");
  EXPECT_EQ(Outcome(server.Verify(shown)), "context_changed");
}

// Of random ids in this alphabet one in 64 would, and 300 grants have 600 of them.
TEST(Mint, NoIdLooksLikeAnOptionOfACommand) {
  MintWorld world;
  world.Published();
  MintRequest request = Ask("send");
  request.context.insert_or_assign("to", "bob");
  for (int i = 0; i < 300; ++i) {
    const auto grant = world.mint->Issue(Workload(), request);
    ASSERT_TRUE(grant.ok()) << RefusalName(grant.error().id);
    EXPECT_NE(grant.value().claims.jti.front(), '-');
    EXPECT_NE(grant.value().claims.decision_id.front(), '-');
  }
}

TEST(Mint, PolicyIsAskedEachTime) {  // M06, M07
  MintWorld world;
  world.Published();
  MintRequest request = Ask("send");
  request.context.insert_or_assign("to", "bob");
  EXPECT_EQ(world.Try(request), "ok");
  request.purpose = "spam";
  EXPECT_EQ(world.Try(request), "denied");
  EXPECT_EQ(world.Try(Ask("read", "vault")), "denied");
  const Record record = world.Last();
  EXPECT_EQ(record.type, RecordType::kDeny);
  EXPECT_EQ(record.reason, "denied");
  EXPECT_THAT(record.policies, ElementsAre("locked"));
  EXPECT_EQ(record.jti, "");
}

// T24, M01: an agent asks for another subject.
TEST(Mint, T24_TheRequestCannotNameAnotherPrincipal) {
  MintWorld world;
  world.Published();
  MintRequest request = Ask("read");
  request.principal = EntityUid{"Agent", kWorkload};
  EXPECT_EQ(world.Try(request), "ok");
  request.principal = EntityUid{"Agent", "spiffe://a.example/other"};
  EXPECT_EQ(world.Try(request), "subject_mismatch");
  EXPECT_EQ(world.Last().reason, "subject_mismatch");
  EXPECT_EQ(world.Last().subject, kWorkload);
  // Nor through what the mint itself tells policy.
  for (const char* name : {"tool", "purpose", "task", "step"}) {
    request = Ask("read");
    request.context.insert_or_assign(name, "forged");
    EXPECT_EQ(world.Try(request), "context_reserved");
  }
}

// T24: what the grant is for is what was decided; another resource, a path that leads there,
// another tool, another action are refused where it is shown.
TEST(Mint, T24_AGrantIsForNothingElse) {
  MintWorld world;
  world.Published();
  const MintRequest request = Ask("read");
  const auto grant = world.mint->Issue(Workload(), request);
  ASSERT_TRUE(grant.ok());
  const GrantVerifier server = world.Server();
  const auto show = [&](const GrantTuple& tuple) {
    return Outcome(server.Verify({.token = grant.value().token.view(),
                                  .tuple = tuple,
                                  .certificate_thumbprint = kThumbprint}));
  };
  EXPECT_EQ(show(request.tuples[0]), "ok");
  for (const GrantTuple& other :
       {GrantTuple{"mail", {"Action", "read"}, {"Mailbox", "other-tenant"}},
        GrantTuple{"mail", {"Action", "read"}, {"Mailbox", "inbox/../vault"}},
        GrantTuple{"mail", {"Action", "send"}, {"Mailbox", "inbox"}},
        GrantTuple{"", {"Action", "read"}, {"Mailbox", "inbox"}},
        GrantTuple{"files", {"Action", "read"}, {"Mailbox", "inbox"}}}) {
    EXPECT_EQ(show(other), "tuple_not_granted");
  }
}

TEST(Mint, NobodyGetsAGrantForWhomNobodyAnswers) {  // M27
  MintWorld world;
  world.Published();
  EXPECT_EQ(Outcome(world.mint->Issue(Workload("spiffe://a.example/orphan"), Ask("read"))),
            "owner_missing");
  EXPECT_EQ(Outcome(world.mint->Issue(Workload("spiffe://a.example/unknown"), Ask("read"))),
            "owner_missing");
  EXPECT_EQ(world.Last().reason, "owner_missing");
  const auto stranger = identity::Access::Make(
      {IdentityKind::kJwtSvid, "b.example", "spiffe://b.example/agent", kNow + 60, ""});
  EXPECT_EQ(Outcome(world.mint->Issue(stranger, Ask("read"))), "principal_unmapped");
  EXPECT_EQ(world.Last().issuer, "b.example");
}

TEST(Mint, EveryTupleMustBeAllowed) {
  MintWorld world;
  world.Published();
  MintRequest request = Ask("read");
  request.tuples.push_back({"mail", {"Action", "list"}, {"Mailbox", "inbox"}});
  const auto both = world.mint->Issue(Workload(), request);
  ASSERT_TRUE(both.ok());
  EXPECT_EQ(both.value().claims.tuples, request.tuples);
  EXPECT_EQ(both.value().claims.max_uses, 3U);  // the narrowest of both policies
  EXPECT_THAT(world.Last().policies, ElementsAre("list", "read"));
  request.tuples.push_back({"mail", {"Action", "list"}, {"Mailbox", "vault"}});
  EXPECT_EQ(world.Try(request), "denied");
  request.tuples.clear();
  EXPECT_EQ(world.Try(request), "request_unfit");
  request.tuples.assign(17, {"mail", {"Action", "read"}, {"Mailbox", "inbox"}});
  EXPECT_EQ(world.Try(request), "request_unfit");
}

TEST(Mint, HighRiskGoesStepByStep) {  // M13
  MintWorld world;
  world.Published();
  MintRequest request = Ask("delete");
  const auto grant = world.mint->Issue(Workload(), request);
  ASSERT_TRUE(grant.ok());
  EXPECT_EQ(grant.value().claims.max_uses, 1U);
  EXPECT_EQ(world.Last().risk, "high");
  request.tuples.push_back({"mail", {"Action", "delete"}, {"Mailbox", "other"}});
  EXPECT_EQ(world.Try(request), "requires_stepwise");
  EXPECT_EQ(world.Last().reason, "requires_stepwise");
  request.tuples[1] = {"mail", {"Action", "read"}, {"Mailbox", "inbox"}};
  EXPECT_EQ(world.Try(request), "requires_stepwise");
  // One use, also over a restart of the ledger that counts it.
  const Presentation shown{.token = grant.value().token.view(),
                           .tuple = request.tuples[0],
                           .certificate_thumbprint = kThumbprint};
  EXPECT_EQ(Outcome(world.Server().Verify(shown)), "uses_unavailable");
  const GrantVerifier server = world.Server(testing::kServer, CountUsesIn(world.ledger.get()));
  EXPECT_EQ(Outcome(server.Verify(shown)), "ok");
  EXPECT_EQ(Outcome(server.Verify(shown)), "uses_exhausted");
}

// T22: 64 threads, one use, exactly one accept; and none after a restart.
TEST(Mint, T22_OneAcceptForOneUse) {
  MintWorld world;
  world.Published();
  const auto grant = world.mint->Issue(Workload(), Ask("delete"));
  ASSERT_TRUE(grant.ok());
  const Presentation shown{.token = grant.value().token.view(),
                           .tuple = grant.value().claims.tuples[0],
                           .certificate_thumbprint = kThumbprint};
  const auto race = [&] {
    const GrantVerifier server = world.Server(testing::kServer, CountUsesIn(world.ledger.get()));
    std::atomic<int> accepted = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 64; ++t) {
      threads.emplace_back([&] { accepted += server.Verify(shown).ok() ? 1 : 0; });
    }
    for (std::thread& thread : threads) thread.join();
    return accepted.load();
  };
  EXPECT_EQ(race(), 1);
  world.mint.reset();
  world.ledger.reset();
  world.ledger = world.world.Open();
  EXPECT_EQ(race(), 0);
}

TEST(Mint, LifetimeIsTheLeastOfAll) {  // M03
  MintWorld world;
  world.Published();
  const auto lifetime = [&](MintRequest request, std::int64_t identity_until) {
    const auto grant = world.mint->Issue(Workload(kWorkload, kThumbprint, identity_until), request);
    return grant.ok() ? grant.value().claims.expires_at - kNow : 0;
  };
  MintRequest request = Ask("read");
  EXPECT_EQ(lifetime(request, kNow + 3600), 90);
  request.seconds = 1000;
  EXPECT_EQ(lifetime(request, kNow + 3600), 90);
  request.seconds = 10;
  EXPECT_EQ(lifetime(request, kNow + 3600), 10);
  EXPECT_EQ(lifetime(request, kNow + 3), 3);
  EXPECT_EQ(lifetime(request, kNow), 0);
  EXPECT_EQ(world.Last().reason, "expired");
  request.seconds = 0;
  request.context.insert_or_assign("quick", true);
  EXPECT_EQ(lifetime(request, kNow + 3600), 30);  // the narrowest of two permits
  request.seconds = -1;
  EXPECT_EQ(lifetime(request, kNow + 3600), 0);
  world.Published("@grant_ttl(\"100d\") permit(principal, action, resource);");
  request.seconds = 0;
  EXPECT_EQ(lifetime(request, kNow + 1'000'000), 300);
}

// T19, M10: a grant is bound to what was proven, and to nothing weaker than policy asks for.
TEST(Mint, T19_BearerOnlyWherePolicySaysSo) {
  MintWorld world;
  world.Published();
  const VerifiedIdentity keyless = Workload(kWorkload, "");
  EXPECT_EQ(Outcome(world.mint->Issue(keyless, Ask("read"))), "binding_not_allowed");
  const auto bearer = world.mint->Issue(keyless, Ask("list"));
  ASSERT_TRUE(bearer.ok());
  EXPECT_EQ(bearer.value().claims.binding.kind, BindingKind::kBearer);
  EXPECT_EQ(world.Last().binding, "bearer");
  // A stronger one is taken where there is one.
  EXPECT_EQ(world.mint->Issue(Workload(), Ask("list")).value().claims.binding.kind,
            BindingKind::kMtls);
  EXPECT_EQ(world.Try(Ask("dpop")), "binding_not_allowed");
  const DpopVerifier proofs(world.clock);
  const SigningKey& key = testing::KeyOf(Algorithm::kEs256);
  world.world.now_ms += 1000;
  const auto proof =
      MakeDpopProof(key, {"POST", "https://mint.example/token"}, world.clock.Seconds());
  const auto proven = proofs.Verify(proof.value(), {"POST", "https://mint.example/token"});
  ASSERT_TRUE(proven.ok()) << RefusalName(proven.error().id);
  MintRequest request = Ask("dpop");
  request.key = &proven.value();
  const auto bound = world.mint->Issue(keyless, request);
  ASSERT_TRUE(bound.ok());
  EXPECT_EQ(bound.value().claims.binding.kind, BindingKind::kDpop);
  EXPECT_EQ(bound.value().claims.binding.thumbprint, key.public_key().thumbprint());
}

TEST(Mint, PolicyMayFixTheAudience) {
  MintWorld world;
  world.Published();
  MintRequest request = Ask("pay");
  EXPECT_EQ(world.Try(request), "audience_not_allowed");
  request.audience = "";
  EXPECT_EQ(world.mint->Issue(Workload(), request).value().claims.audience, "https://pay.example");
  request = Ask("read");
  request.audience = "";
  EXPECT_EQ(world.Try(request), "request_unfit");
}

TEST(Mint, AForbidThatFailsForbids) {
  MintWorld world;
  world.Published();
  EXPECT_EQ(world.Try(Ask("risky")), "forbid_erred");
  EXPECT_THAT(world.Last().erred, ElementsAre("broken"));
  MintOptions options;
  options.allow_when_forbid_errs = true;
  MintWorld lenient(options);
  EXPECT_EQ(lenient.Published().Try(Ask("risky")), "ok");
}

TEST(Mint, OnlyFitPoliciesComeIntoForce) {
  MintWorld world;
  EXPECT_EQ(world.Try(Ask("read")), "policy_missing");
  MintPolicies policies = Policies();
  policies.is_signed = false;
  EXPECT_EQ(Outcome(world.mint->Publish(policies)), "policy_unsigned");
  std::string problem;
  EXPECT_EQ(Outcome(world.mint->Publish(
                Policies("@id(\"x\") @grant_tll(\"9s\") permit(principal, action, resource);"),
                &problem)),
            "policy_unfit");
  EXPECT_EQ(problem,
            "policy `x`: there is no annotation `grant_tll` for grants (did you mean `ttl`?)");
  EXPECT_EQ(Outcome(world.mint->Publish(Policies(
                "@grant_ttl(\"soon\") permit(principal == ?principal, action, resource);"))),
            "policy_unfit");
  EXPECT_FALSE(world.mint->policy_digest());
  EXPECT_EQ(world.Try(Ask("read")), "policy_missing");
  world.Published();
  EXPECT_EQ(world.Last().type, RecordType::kPolicySwap);
  EXPECT_EQ(world.Last().policy_digest, world.mint->policy_digest());
  MintOptions options;
  options.accept_unsigned_policies = true;
  MintWorld trusting(options);
  EXPECT_TRUE(trusting.mint->Publish(policies).ok());
}

TEST(Mint, ConflictingPoliciesLeaveNoGrant) {
  MintWorld world;
  world.Published(R"(
@grant_binding("mtls") permit(principal, action, resource);
@grant_binding("dpop") permit(principal, action, resource);)");
  EXPECT_EQ(world.Try(Ask("read")), "shapes_conflict");
}

// T26: policies are replaced while many threads mint. Whatever is recorded after a swap carries the
// digest of the newest swap before it.
TEST(Mint, T26_NoGrantAfterASwapCarriesTheOldDigest) {
  MintWorld world;
  const std::string allow = "permit(principal, action, resource);";
  const std::string deny = "forbid(principal, action, resource);";
  world.Published(allow);
  std::atomic<bool> is_done = false;
  std::atomic<int> minted = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      while (!is_done) {
        const auto grant = world.mint->Issue(Workload(), Ask("read"));
        if (grant.ok()) {
          ++minted;
        } else {
          const RefusalId id = grant.error().id;
          EXPECT_TRUE(id == RefusalId::kDenied || id == RefusalId::kPolicyChanged)
              << RefusalName(id);
        }
      }
    });
  }
  for (int round = 0; round < 100; ++round) world.Published(round % 2 == 0 ? deny : allow);
  world.Published(allow);
  while (minted < 100) std::this_thread::yield();
  is_done = true;
  for (std::thread& thread : threads) thread.join();
  std::optional<Digest> in_force;
  int checked = 0;
  for (const Record& record : ReadAll(world.world.folder)) {
    if (record.type == RecordType::kPolicySwap) in_force = record.policy_digest;
    if (record.type != RecordType::kMint) continue;
    ++checked;
    ASSERT_EQ(record.policy_digest, in_force) << "record " << record.sequence;
  }
  EXPECT_EQ(checked, minted);
}

TEST(Mint, RevocationEndsAGrantAtOnce) {
  MintWorld world;
  world.Published();
  const auto grant = world.mint->Issue(Workload(), Ask("read"));
  ASSERT_TRUE(grant.ok());
  const Presentation shown{.token = grant.value().token.view(),
                           .tuple = grant.value().claims.tuples[0],
                           .certificate_thumbprint = kThumbprint};
  const GrantVerifier server = world.Server();
  EXPECT_EQ(Outcome(server.Verify(shown)), "ok");
  ASSERT_TRUE(world.mint->Revoke(RevocationKind::kTask, "task-1", "task_completed").ok());
  EXPECT_EQ(Outcome(server.Verify(shown)), "revoked");
  EXPECT_EQ(world.Last().type, RecordType::kRevoke);
  EXPECT_EQ(world.Last().txn, "task-1");
  // What nobody knows may be revoked, again and again (RFC 7009).
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(world.mint->Revoke(RevocationKind::kGrant, "unknown", "lost").ok());
  }
  EXPECT_EQ(Outcome(world.mint->Revoke(RevocationKind::kGrant, "", "x")), "request_unfit");
}

// T11: a clock that is set back neither mints nor brings anything back.
TEST(Mint, T11_AClockThatIsBehindStopsTheMint) {
  MintWorld world;
  world.Published();
  const auto grant = world.mint->Issue(Workload(), Ask("read"));
  ASSERT_TRUE(grant.ok());
  world.world.now_ms = (kNow - 3600) * 1000;
  EXPECT_EQ(world.Try(Ask("read")), "clock_behind");
  world.world.now_ms = (kNow + 91) * 1000;
  EXPECT_EQ(world.Try(Ask("read")), "ok");
  EXPECT_EQ(Outcome(world.Server().Verify({.token = grant.value().token.view(),
                                           .tuple = grant.value().claims.tuples[0],
                                           .certificate_thumbprint = kThumbprint})),
            "expired");
}

// T11: a grant is dated by the wall clock, as revocations are: setting it back opens no gap.
TEST(Mint, T11_ARevocationHoldsAfterTheClockWasSetBack) {
  MintWorld world;
  world.Published();
  world.world.now_ms += 40'000;
  EXPECT_EQ(world.clock.Seconds(), kNow + 40);  // somebody has seen the wrong time
  world.SetBack(30'000);
  EXPECT_EQ(world.clock.Seconds(), kNow + 40);
  const auto grant = world.mint->Issue(Workload(), Ask("read"));
  ASSERT_TRUE(grant.ok()) << RefusalName(grant.error().id);
  EXPECT_EQ(grant.value().claims.issued_at, kNow + 10);
  EXPECT_EQ(grant.value().claims.expires_at, kNow + 100);
  const GrantVerifier server = world.Server();
  EXPECT_EQ(Outcome(server.Verify(world.Shown(grant.value()))), "ok");
  ASSERT_TRUE(world.mint->Revoke(RevocationKind::kTask, "task-1", "task_completed").ok());
  EXPECT_EQ(Outcome(server.Verify(world.Shown(grant.value()))), "revoked");
}

// T11: set back by more than a grant lives, it would be over before it is given out.
TEST(Mint, T11_AGrantThatWouldHaveExpiredIsRefused) {
  MintWorld world;
  world.Published();
  world.world.now_ms += 1'000'000;
  (void)world.clock.Seconds();
  world.SetBack(1'000'000);
  EXPECT_EQ(world.Try(Ask("read")), "clock_behind");
  EXPECT_EQ(world.Last().reason, "clock_behind");
}

// T11: a record that is older than its grant would let a revocation that follows it miss the grant.
TEST(Mint, T11_NoGrantIsNewerThanItsRecord) {
  MintWorld world;
  const Clock ahead([&] { return world.world.now_ms + 5'000; },
                    [&] { return world.world.now_ms.load(); });
  Mint mint(world.options, testing::KeyOf(Algorithm::kEs256), world.ledger.get(), ahead);
  ASSERT_TRUE(mint.Publish(Policies()).ok());
  EXPECT_EQ(Outcome(mint.Issue(Workload(), Ask("read"))), "clock_behind");
  EXPECT_EQ(world.Last().type, RecordType::kDeny);
  EXPECT_EQ(world.Last().reason, "clock_behind");
  EXPECT_EQ(world.ledger->grants().size(), 0U);
}

// A task that is over ends its grants, whatever transaction they were minted for.
TEST(Mint, ATaskIsRevokedWhateverTheTransaction) {
  MintWorld world;
  world.Published();
  MintRequest request = Ask("read");
  request.txn = "payment-9";
  const auto grant = world.mint->Issue(Workload(), request);
  ASSERT_TRUE(grant.ok());
  EXPECT_EQ(grant.value().claims.txn, "payment-9");
  EXPECT_EQ(grant.value().claims.task, "task-1");
  const GrantVerifier server = world.Server();
  EXPECT_EQ(Outcome(server.Verify(world.Shown(grant.value()))), "ok");
  ASSERT_TRUE(world.mint->Revoke(RevocationKind::kTask, "task-1", "task_completed").ok());
  EXPECT_EQ(Outcome(server.Verify(world.Shown(grant.value()))), "revoked");
}

// A revocation is remembered until the last grant that it ends has expired everywhere: also one of
// a mint that gave out longer ones, and for verifiers whose clocks are behind.
TEST(Mint, RevocationsOutliveTheirGrants) {
  MintOptions generous;
  generous.most_seconds = 7200;
  MintWorld world(generous);
  world.Published("@grant_ttl(\"2h\") permit(principal, action, resource);");
  const auto grant =
      world.mint->Issue(Workload(kWorkload, kThumbprint, kNow + 10'000), Ask("read"));
  ASSERT_TRUE(grant.ok());
  ASSERT_EQ(grant.value().claims.expires_at, kNow + 7200);
  MintOptions usual = world.options;
  usual.most_seconds = 300;
  Mint revoker(usual, testing::KeyOf(Algorithm::kEs256), world.ledger.get(), world.clock);
  ASSERT_TRUE(revoker.Revoke(RevocationKind::kTask, "task-1", "task_completed").ok());
  KeySet keys;
  ASSERT_TRUE(keys.Add(testing::KeyOf(Algorithm::kEs256).public_key()).ok());
  const GrantVerifier server({.issuer = "https://mint.example",
                              .audience = testing::kServer,
                              .skew = 1000,  // more than the most
                              .most_lifetime = 7200},
                             keys, world.clock, &world.revocations);
  for (const std::int64_t later : {301, 7199, 7200, 7499}) {
    world.world.now_ms = (kNow + later) * 1000;
    world.revocations.Prune();
    EXPECT_EQ(Outcome(server.Verify(world.Shown(grant.value()))), "revoked") << later;
  }
  world.world.now_ms = (kNow + 7500) * 1000;
  EXPECT_EQ(Outcome(server.Verify(world.Shown(grant.value()))), "expired");
  world.revocations.Prune();
  EXPECT_EQ(world.revocations.size(), 0U);
}

// What policy says of one tuple does not stretch what it says, or does not say, of another.
TEST(Mint, ALongLivedTupleDoesNotStretch) {
  MintWorld world;
  world.Published(R"(
@id("long") @grant_ttl("200s") permit(principal, action == Action::"read", resource);
@id("default") permit(principal, action == Action::"list", resource);
@id("short") @grant_ttl("20s") permit(principal, action == Action::"send", resource);
@id("both") @grant_ttl("100s") permit(principal, action in [Action::"list"], resource)
  when { context has trusted };)");
  const auto lifetime = [&](std::vector<const char*> actions, bool is_trusted = false) {
    MintRequest request = Ask("read");
    request.tuples.clear();
    for (const char* action : actions) {
      request.tuples.push_back({"mail", {"Action", action}, {"Mailbox", "inbox"}});
    }
    if (is_trusted) request.context.insert_or_assign("trusted", true);
    const auto grant = world.mint->Issue(Workload(), request);
    return grant.ok() ? grant.value().claims.expires_at - kNow : 0;
  };
  EXPECT_EQ(lifetime({"read"}), 200);
  EXPECT_EQ(lifetime({"list"}), 60);
  EXPECT_EQ(lifetime({"read", "list"}), 60);
  EXPECT_EQ(lifetime({"list", "read"}), 60);
  EXPECT_EQ(lifetime({"read", "list", "send"}), 20);
  // Of the permits of one tuple those count that say something.
  EXPECT_EQ(lifetime({"list"}, true), 100);
  EXPECT_EQ(lifetime({"read", "list"}, true), 100);
}

// T32, M08: a denial that is too large to be recorded says at least which policies denied it.
TEST(Mint, ALargeDenialIsRecordedWithItsPolicies) {
  MintWorld world;
  world.Published();
  MintRequest request = Ask("read", "vault");
  request.context.insert_or_assign("big", std::string(2'000'000, 'x'));
  EXPECT_EQ(world.Try(request), "denied");
  Record record = world.Last();
  EXPECT_EQ(record.reason, "denied");
  EXPECT_THAT(record.policies, ElementsAre("locked"));
  EXPECT_EQ(record.policy_digest, world.mint->policy_digest());
  EXPECT_EQ(record.principal, "Agent::\"spiffe://a.example/agent\"");
  EXPECT_EQ(record.requests, "");
  EXPECT_EQ(ReplayDecision(record, Policies().program).error().message,
            "what was decided could not be recorded");
  // By default, so that no policy can be named: policy was asked all the same.
  request.tuples[0].action.id = "unknown";
  request.tuples[0].resource.id = "inbox";
  EXPECT_EQ(world.Try(request), "denied");
  record = world.Last();
  EXPECT_EQ(record.requests, "");
  EXPECT_TRUE(record.policies.empty());
  EXPECT_EQ(record.policy_digest, world.mint->policy_digest());
  EXPECT_EQ(ReplayDecision(record, Policies().program).error().message,
            "what was decided could not be recorded");
  // An allow that cannot be recorded is no grant, and says by which policies.
  request.tuples[0].action.id = "read";
  EXPECT_EQ(world.Try(request), "request_unfit");
  record = world.Last();
  EXPECT_EQ(record.detail, "record");
  EXPECT_THAT(record.policies, ElementsAre("read"));
  EXPECT_EQ(record.jti, "");
}

// A ledger that has no room is no fault of the request.
TEST(Mint, AFullLedgerIsUnavailable) {
  MintWorld world;
  world.mint.reset();
  world.ledger.reset();
  world.world.options.limits.grants = 1;
  world.ledger = world.world.Open();
  Mint mint(world.options, testing::KeyOf(Algorithm::kEs256), world.ledger.get(), world.clock);
  ASSERT_TRUE(mint.Publish(Policies()).ok());
  EXPECT_EQ(Outcome(mint.Issue(Workload(), Ask("read"))), "ok");
  const auto refused = mint.Issue(Workload(), Ask("read"));
  EXPECT_EQ(Outcome(refused), "ledger_unavailable");
  EXPECT_EQ(refused.error().about, "full");
}

// Whether policy still allows reading, asked without the mint.
bool IsDecided() {
  static const MintPolicies policies = Policies();
  static const Snapshot snapshot = Snapshot::Create(policies.program, policies.entities).value();
  Scratch scratch;
  const Request request{{"Agent", kWorkload}, {"Action", "read"}, {"Mailbox", "inbox"}, {}};
  return Decide(snapshot, request, scratch).is_allow();
}

// T30 (d): when the disk fails there is no grant, then or later; deciding is not affected.
TEST(Mint, T30_NoGrantWithoutADurableRecord) {
  testing::FaultyFiles files;
  MintWorld world;
  world.mint.reset();
  world.ledger.reset();
  world.world.options.files = &files;
  world.ledger = world.world.Open();
  Mint mint(world.options, testing::KeyOf(Algorithm::kEs256), world.ledger.get(), world.clock);
  ASSERT_TRUE(mint.Publish(Policies()).ok());
  ASSERT_TRUE(mint.Issue(Workload(), Ask("read")).ok());
  files.FailAt(testing::FaultyFiles::Call::kSync, 0, EIO);
  EXPECT_EQ(Outcome(mint.Issue(Workload(), Ask("read"))), "ledger_unavailable");
  EXPECT_TRUE(IsDecided());
  files.Heal();
  EXPECT_EQ(Outcome(mint.Issue(Workload(), Ask("read"))), "ledger_unavailable");
  EXPECT_EQ(Outcome(mint.Publish(Policies())), "ledger_unavailable");
}

// T30 (d): a disk that hangs makes callers of the mint wait, and nobody else.
TEST(Mint, T30_ASlowDiskKeepsGrantsBackAndNotDecisions) {
  class HangingFiles : public Files {
   public:
    int Sync(int file) override {
      std::unique_lock lock(mutex);
      changed.wait(lock, [this] { return !hangs; });
      return Files::Sync(file);
    }
    void Hang(bool on) {
      const std::lock_guard lock(mutex);
      hangs = on;
      changed.notify_all();
    }

   private:
    std::mutex mutex;
    std::condition_variable changed;
    bool hangs = false;
  };
  HangingFiles files;
  MintWorld world;
  world.mint.reset();
  world.ledger.reset();
  world.world.options.files = &files;
  world.ledger = world.world.Open();
  Mint mint(world.options, testing::KeyOf(Algorithm::kEs256), world.ledger.get(), world.clock);
  ASSERT_TRUE(mint.Publish(Policies()).ok());
  files.Hang(true);
  std::atomic<bool> has_grant = false;
  std::thread caller([&] {
    EXPECT_EQ(Outcome(mint.Issue(Workload(), Ask("read"))), "ok");
    has_grant = true;
  });
  while (world.ledger->grants().size() == 0 && !has_grant) std::this_thread::yield();
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(IsDecided()) << i;
  EXPECT_FALSE(has_grant);
  files.Hang(false);
  caller.join();
  EXPECT_TRUE(has_grant);
}

// T32: what a workload writes can neither forge a record nor reach a terminal.
TEST(Mint, T32_WhatAWorkloadWritesStaysInItsField) {
  MintWorld world;
  world.Published();
  MintRequest request = Ask("read", "in\nbox\x1b[31m\",\"type\":\"revoke");
  request.task = "a\"}\n#9 1970-01-01T00:00:00.000Z revoke jti=\"x\"\x1b[2J\xe2\x80\xae";
  request.context.insert_or_assign("note", "\n{\"jti\":\"forged\"}\x1b]0;title\x07");
  const auto grant = world.mint->Issue(Workload(), request);
  ASSERT_TRUE(grant.ok()) << RefusalName(grant.error().id);
  const std::vector<Record> records = ReadAll(world.world.folder);
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[1].task, request.task);
  for (const std::string& text :
       {RecordLine(records[1]), RecordJson(records[1]), CloudEvent(records[1], LedgerId{})}) {
    for (const char c : text) EXPECT_GE(static_cast<unsigned char>(c), 0x20) << text;
    EXPECT_EQ(text.find("\xe2\x80\xae"), std::string::npos);
  }
  request.task = std::string("\xff", 1);  // not UTF-8: in no claim and in no record
  EXPECT_EQ(world.Try(request), "request_unfit");
  EXPECT_EQ(world.Last().reason, "request_unfit");
  EXPECT_EQ(world.Last().task, "");
}

// T33: tokens and credentials are in no record and in no refusal.
TEST(Mint, T33_NoSecretIsRecorded) {
  MintWorld world;
  world.Published();
  const auto grant = world.mint->Issue(Workload(), Ask("read"));
  ASSERT_TRUE(grant.ok());
  const std::string token(grant.value().token.view());
  TrustStore store;
  const JwtSvidVerifier verifier(store, world.clock, {.audience = "mint"});
  const std::string canary = "ew0.canary-of-a-secret.x";
  const auto identity = verifier.Verify(canary);
  ASSERT_FALSE(identity.ok());
  ASSERT_TRUE(world.mint->RecordRefused(identity.error()).ok());
  EXPECT_EQ(world.Last().type, RecordType::kIdentityRefused);
  const std::string bytes = testing::ReadBytes(world.world.folder + "/000000000000.segment");
  EXPECT_NE(bytes.find("team-mail"), std::string::npos);
  EXPECT_EQ(bytes.find("canary"), std::string::npos);
  // No part of the token: neither its payload nor its signature.
  const std::size_t payload = token.find('.') + 1;
  EXPECT_EQ(bytes.find(token.substr(payload, 40)), std::string::npos);
  EXPECT_EQ(bytes.find(token.substr(token.rfind('.') + 1, 40)), std::string::npos);
}

// T34: large and deep requests are refused or recorded, never fatal.
TEST(Mint, T34_HugeRequestsAreRefused) {
  MintWorld world;
  world.Published();
  MintRequest request = Ask("read");
  request.context.insert_or_assign("big", std::string(2'000'000, 'x'));
  EXPECT_EQ(world.Try(request), "request_unfit");
  EXPECT_EQ(world.Last().reason, "request_unfit");
  request = Ask("read");
  Value deep = 1;
  for (int i = 0; i < 2000; ++i) deep = Value(Value::Record{{"a", deep}});
  request.context.insert_or_assign("deep", deep);
  EXPECT_EQ(world.Try(request), "request_unfit");
  request = Ask("read", std::string(3000, 'x'));
  EXPECT_EQ(world.Try(request), "grant_unfit");
  request.context.clear();
  for (int i = 0; i < 100'000; ++i) request.context.insert_or_assign("a" + std::to_string(i), i);
  EXPECT_NE(world.Try(request), "ok");
  EXPECT_EQ(world.Try(Ask("read")), "ok");
}

}  // namespace
}  // namespace assay::mint
