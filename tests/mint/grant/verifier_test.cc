// What a resource server refuses, and what it lets pass.
#include <gmock/gmock.h>

#include <string>

#include "tests/mint/certificates.h"
#include "tests/mint/grant/grants.h"

namespace assay::mint {
namespace {

using testing::kCertificate;
using testing::KeyOf;
using testing::kIssuedAt;
using testing::kTuple;
using testing::OtherKeyOf;
using testing::Outcome;
using testing::Signed;
using testing::SomeClaims;
using testing::SomeOptions;

class Verifier : public ::testing::Test {
 protected:
  std::int64_t now = kIssuedAt * 1000 + 1000;
  Clock clock{[this] { return now; }, [this] { return now; }};
  RevocationView revocations{clock};
  GrantVerifierOptions options = SomeOptions();
  GrantClaims claims = SomeClaims();
  int uses = 0;

  Verifier() { revocations.MarkAuthoritative(); }

  GrantVerifier Make() {
    return GrantVerifier(options, testing::MintKeys(), clock, &revocations,
                         [this](std::string_view, std::uint32_t most, std::int64_t) {
                           return uses++ < static_cast<int>(most)
                                      ? Checked<bool>(true)
                                      : Checked<bool>(Refusal{RefusalId::kUsesExhausted});
                         });
  }
  static Presentation Show(std::string_view token) {
    return {.token = token, .tuple = kTuple, .certificate_thumbprint = kCertificate};
  }
  // The outcome for the claims as they are now; twice, as the second finds the signature cached.
  std::string_view Verify() { return VerifyToken(Signed(claims)); }
  std::string_view VerifyToken(const std::string& token) {
    const GrantVerifier verifier = Make();
    const std::string_view first = Outcome(verifier.Verify(Show(token)));
    EXPECT_EQ(Outcome(verifier.Verify(Show(token))), first);
    return first;
  }
};

TEST_F(Verifier, GivesTheClaimsOfAGoodGrant) {
  const std::string token = Signed(claims);
  const GrantVerifier verifier = Make();
  for (int i = 0; i < 2; ++i) {
    const auto verified = verifier.Verify(Show(token));
    ASSERT_TRUE(verified.ok()) << RefusalName(verified.error().id);
    EXPECT_EQ(verified.value()->jti, "grant-1");
    EXPECT_EQ(verified.value()->tuples, claims.tuples);
  }
}

TEST_F(Verifier, WorksFromAPublishedKeySet) {
  const KeySet published = KeySet::FromJwks(testing::MintKeys().ToJwks()).value();
  const GrantVerifier verifier(options, published, clock, &revocations);
  EXPECT_EQ(Outcome(verifier.Verify(Show(Signed(claims)))), "ok");
}

TEST_F(Verifier, RefusesTokensOfOthers) {
  const auto forged = grant::SignGrant(claims, OtherKeyOf(Algorithm::kEs256));
  EXPECT_EQ(VerifyToken(forged.value()), "key_unknown");
  const std::string payload = grant::WriteGrant(claims).value();
  const SigningKey& key = KeyOf(Algorithm::kEs256);
  EXPECT_EQ(VerifyToken(testing::Sign(OtherKeyOf(Algorithm::kEs256),
                                      testing::HeaderOf(key, "at+jwt"), payload)),
            "signature_invalid");
  for (const char* type : {"", "JWT", "application/at+jwt", "dpop+jwt", "txntoken+jwt"}) {
    EXPECT_EQ(VerifyToken(testing::Sign(key, testing::HeaderOf(key, type), payload)),
              "type_mismatch");
  }
  const std::string more = testing::Replaced(testing::HeaderOf(key, "at+jwt"), "{", "{\"x\":1,");
  EXPECT_EQ(VerifyToken(testing::Sign(key, more, payload)), "header_member_forbidden");
  EXPECT_EQ(VerifyToken(testing::Sign(key, testing::HeaderOf(key, "at+jwt"), "{}")),
            "claim_missing");
  EXPECT_EQ(VerifyToken(""), "token_malformed");
}

TEST_F(Verifier, AnyFlippedBitRefusesTheGrant) {
  const std::string token = Signed(claims);
  const GrantVerifier verifier = Make();
  ASSERT_EQ(Outcome(verifier.Verify(Show(token))), "ok");
  for (std::size_t bit = 0; bit < token.size() * 8; ++bit) {
    std::string flipped = token;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(verifier.Verify(Show(flipped)).ok()) << bit;
  }
}

TEST_F(Verifier, IssuerAndAudienceAreExact) {
  claims.issuer = "https://mint.example/";
  EXPECT_EQ(Verify(), "issuer_mismatch");
  claims = SomeClaims();
  claims.audience = "https://mail.example.evil";
  EXPECT_EQ(Verify(), "audience_mismatch");
}

TEST_F(Verifier, TimesAreCheckedEachTime) {
  const std::string token = Signed(claims);
  const GrantVerifier verifier = Make();
  EXPECT_EQ(Outcome(verifier.Verify(Show(token))), "ok");
  now = (kIssuedAt + 59) * 1000 + 999;
  EXPECT_EQ(Outcome(verifier.Verify(Show(token))), "ok");
  now = (kIssuedAt + 60) * 1000;
  EXPECT_EQ(Outcome(verifier.Verify(Show(token))), "expired");
}

TEST_F(Verifier, TimesOfTheFutureAndLongLifetimes) {
  claims.not_before = kIssuedAt + 2;
  EXPECT_EQ(Verify(), "not_yet_valid");
  claims.issued_at = kIssuedAt + 2;
  EXPECT_EQ(Verify(), "issued_in_future");
  options.skew = 1;
  EXPECT_EQ(Verify(), "ok");
  claims = SomeClaims();
  claims.expires_at = kIssuedAt + 300;
  EXPECT_EQ(Verify(), "ok");
  claims.expires_at = kIssuedAt + 301;
  EXPECT_EQ(Verify(), "lifetime_too_long");
}

TEST(VerifierClock, T11AnExpiredGrantIsNotResurrected) {
  std::int64_t wall = kIssuedAt * 1000;
  std::int64_t boot = 0;
  const Clock clock([&] { return wall; }, [&] { return boot; });
  RevocationView revocations(clock);
  revocations.MarkAuthoritative();
  const GrantVerifier verifier(SomeOptions(), testing::MintKeys(), clock, &revocations);
  const std::string token = Signed(SomeClaims());
  const Presentation shown{.token = token, .tuple = kTuple, .certificate_thumbprint = kCertificate};
  EXPECT_EQ(Outcome(verifier.Verify(shown)), "ok");
  wall += 60'000;
  boot += 60'000;
  EXPECT_EQ(Outcome(verifier.Verify(shown)), "expired");
  wall -= 3'600'000;
  EXPECT_EQ(Outcome(verifier.Verify(shown)), "expired");
}

TEST_F(Verifier, T19TheCertificateIsTheOneItIsBoundTo) {
  const std::string token = Signed(claims);
  const GrantVerifier verifier = Make();
  Presentation shown = Show(token);
  shown.certificate_thumbprint = "";
  EXPECT_EQ(Outcome(verifier.Verify(shown)), "binding_missing");
  const std::string other(43, 'd');
  shown.certificate_thumbprint = other;
  EXPECT_EQ(Outcome(verifier.Verify(shown)), "binding_mismatch");
}

TEST_F(Verifier, T19BearerOnlyWhereItIsAccepted) {
  claims.binding = {};
  EXPECT_EQ(Verify(), "bearer_not_accepted");
  options.accept_bearer = true;
  EXPECT_EQ(Verify(), "ok");
  // Accepting bearer is no downgrade for what is bound.
  claims = SomeClaims();
  const std::string token = Signed(claims);
  const GrantVerifier verifier = Make();
  EXPECT_EQ(Outcome(verifier.Verify({.token = token, .tuple = kTuple})), "binding_missing");
}

TEST_F(Verifier, TheThumbprintIsThatOfTheConnection) {
  const auto authority = testing::MakeAuthority("a.example");
  const auto svid = testing::MakeSvid("spiffe://a.example/agent", authority);
  const auto connection = testing::ServerWithPeer({svid});
  const auto thumbprint = PeerThumbprint(connection.get());
  ASSERT_TRUE(thumbprint.ok());
  claims.binding.thumbprint = thumbprint.value();
  const std::string token = Signed(claims);
  Presentation shown = Show(token);
  shown.certificate_thumbprint = thumbprint.value();
  EXPECT_EQ(Outcome(Make().Verify(shown)), "ok");
  EXPECT_EQ(Outcome(PeerThumbprint(nullptr)), "handshake_incomplete");
  EXPECT_EQ(Outcome(PeerThumbprint(testing::ServerWithPeer({svid}, false).get())),
            "handshake_incomplete");
  EXPECT_EQ(Outcome(PeerThumbprint(testing::ServerWithPeer({}).get())), "certificate_missing");
}

TEST_F(Verifier, T18ADpopGrantNeedsAProofForThisRequest) {
  const SigningKey& agent = KeyOf(Algorithm::kEdDsa);
  claims.binding = {BindingKind::kDpop, std::string(agent.public_key().thumbprint())};
  const std::string token = Signed(claims);
  const GrantVerifier verifier = Make();
  const auto verify = [&](const SigningKey& key, std::string_view proven_token) {
    const ProofTarget target{"POST", "https://mail.example/send", proven_token};
    const std::string proof = MakeDpopProof(key, target, now / 1000).value();
    return Outcome(verifier.Verify({.token = token,
                                    .tuple = kTuple,
                                    .proof = proof,
                                    .method = "POST",
                                    .url = "https://mail.example/send?x=1"}));
  };
  EXPECT_EQ(verify(agent, token), "ok");
  EXPECT_EQ(verify(OtherKeyOf(Algorithm::kEdDsa), token), "binding_mismatch");
  EXPECT_EQ(verify(agent, "another token"), "proof_token");
  EXPECT_EQ(Outcome(verifier.Verify(Show(token))), "binding_missing");  // a certificate is no proof
}

TEST_F(Verifier, RevocationIsCheckedEachTime) {
  const std::string token = Signed(claims);
  const GrantVerifier verifier = Make();
  EXPECT_EQ(Outcome(verifier.Verify(Show(token))), "ok");
  ASSERT_TRUE(
      revocations.Revoke(RevocationKind::kGrant, "grant-1", kIssuedAt, kIssuedAt + 300).ok());
  EXPECT_EQ(Outcome(verifier.Verify(Show(token))), "revoked");
}

TEST_F(Verifier, TasksAndSubjectsAreRevokedUpToAMoment) {
  ASSERT_TRUE(
      revocations.Revoke(RevocationKind::kTask, "task-1", kIssuedAt - 1, kIssuedAt + 300).ok());
  EXPECT_EQ(Verify(), "ok");
  ASSERT_TRUE(revocations.Revoke(RevocationKind::kTask, "task-1", kIssuedAt, kIssuedAt + 300).ok());
  EXPECT_EQ(Verify(), "revoked");
  claims.txn = "task-2";
  EXPECT_EQ(Verify(), "revoked");  // its task is over, whatever the transaction
  claims.txn = "task-1";
  claims.task = "task-2";
  EXPECT_EQ(Verify(), "revoked");
  claims.txn = "task-2";
  EXPECT_EQ(Verify(), "ok");
  ASSERT_TRUE(
      revocations.Revoke(RevocationKind::kSubject, claims.subject, kIssuedAt, kIssuedAt + 300)
          .ok());
  EXPECT_EQ(Verify(), "revoked");
}

TEST_F(Verifier, AViewThatIsStaleOrAbsentRefuses) {
  const std::string token = Signed(claims);
  const GrantVerifier blind(options, testing::MintKeys(), clock, nullptr);
  EXPECT_EQ(Outcome(blind.Verify(Show(token))), "revocation_unavailable");
  RevocationView view(clock);
  const GrantVerifier verifier(options, testing::MintKeys(), clock, &view);
  EXPECT_EQ(Outcome(verifier.Verify(Show(token))), "revocation_unavailable");
  view.MarkFresh();
  now += 5'000;
  EXPECT_EQ(Outcome(verifier.Verify(Show(token))), "ok");
  now += 1;
  EXPECT_EQ(Outcome(verifier.Verify(Show(token))), "revocation_stale");
  view.MarkFresh();
  EXPECT_EQ(Outcome(verifier.Verify(Show(token))), "ok");
}

TEST_F(Verifier, T24OnlyForTheTuplesItNames) {
  claims.tuples.push_back({"", {"Action", "read"}, {"Mailbox", "alice"}});
  const std::string token = Signed(claims);
  const GrantVerifier verifier = Make();
  const auto verify = [&](GrantTuple tuple) {
    Presentation shown = Show(token);
    shown.tuple = std::move(tuple);
    return Outcome(verifier.Verify(shown));
  };
  EXPECT_EQ(verify(kTuple), "ok");
  EXPECT_EQ(verify({"", {"Action", "read"}, {"Mailbox", "alice"}}), "ok");
  EXPECT_EQ(verify({"mail", {"Action", "read"}, {"Mailbox", "alice"}}), "tuple_not_granted");
  EXPECT_EQ(verify({"mail", {"Action", "send"}, {"Mailbox", "bob"}}), "tuple_not_granted");
  EXPECT_EQ(verify({"mail", {"Action", "send"}, {"Mailbox", "alice/../bob"}}), "tuple_not_granted");
  EXPECT_EQ(verify({"mail", {"Action", "Send"}, {"Mailbox", "alice"}}), "tuple_not_granted");
  EXPECT_EQ(verify({"", {"Action", "send"}, {"Mailbox", "alice"}}), "tuple_not_granted");
  EXPECT_EQ(verify({}), "tuple_not_granted");
}

TEST_F(Verifier, M25ThePinnedContextIsTheSame) {
  const Record context{{"tenant", "t1"}, {"amount", 5}, {"note", "x"}};
  claims.pinned_members = {"amount", "tenant"};
  claims.context_hash = HashPinnedContext(context, claims.pinned_members).value();
  const std::string token = Signed(claims);
  const GrantVerifier verifier = Make();
  const auto verify = [&](const Record& at_use) {
    Presentation shown = Show(token);
    shown.context = &at_use;
    return Outcome(verifier.Verify(shown));
  };
  EXPECT_EQ(verify(context), "ok");
  EXPECT_EQ(verify({{"tenant", "t1"}, {"amount", 5}, {"note", "y"}}), "ok");
  EXPECT_EQ(verify({{"tenant", "t1"}, {"amount", 6}}), "context_changed");
  EXPECT_EQ(verify({{"tenant", "t1"}, {"amount", "5"}}), "context_changed");
  EXPECT_EQ(verify({{"tenant", "t1"}}), "context_changed");
  EXPECT_EQ(Outcome(verifier.Verify(Show(token))), "context_missing");
}

TEST_F(Verifier, UsesAreCountedOnlyForWhatPasses) {
  claims.max_uses = 2;
  const std::string token = Signed(claims);
  const GrantVerifier verifier = Make();
  Presentation wrong = Show(token);
  wrong.tuple.action.id = "delete";
  EXPECT_EQ(Outcome(verifier.Verify(wrong)), "tuple_not_granted");
  EXPECT_EQ(uses, 0);
  EXPECT_EQ(Outcome(verifier.Verify(Show(token))), "ok");
  EXPECT_EQ(Outcome(verifier.Verify(Show(token))), "ok");
  EXPECT_EQ(Outcome(verifier.Verify(Show(token))), "uses_exhausted");
}

TEST_F(Verifier, LimitedUsesNeedAStore) {
  claims.max_uses = 1;
  const GrantVerifier verifier(options, testing::MintKeys(), clock, &revocations);
  EXPECT_EQ(Outcome(verifier.Verify(Show(Signed(claims)))), "uses_unavailable");
}

TEST_F(Verifier, ReplacedKeysEndWhatTheyVouchedFor) {
  const std::string token = Signed(claims);
  GrantVerifier verifier = Make();
  EXPECT_EQ(Outcome(verifier.Verify(Show(token))), "ok");
  ASSERT_TRUE(verifier.SetKeys(KeySet()).ok());
  EXPECT_EQ(Outcome(verifier.Verify(Show(token))), "key_unknown");
}

TEST_F(Verifier, TheCacheIsBoundedAndMayBeOff) {
  for (const std::size_t cached : {0, 1, 40}) {
    options.cached_signatures = cached;
    const GrantVerifier verifier = Make();
    for (int i = 0; i < 100; ++i) {
      claims.jti = std::to_string(i);
      const std::string token = Signed(claims);
      EXPECT_EQ(Outcome(verifier.Verify(Show(token))), "ok");
      EXPECT_EQ(verifier.Verify(Show(token)).value()->jti, claims.jti);
    }
  }
}

}  // namespace
}  // namespace assay::mint
