// A mint with its ledger, policies and a workload that asks, on a clock that the test sets.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "assay/compile.h"
#include "assay/mint/explain.h"
#include "assay/mint/ledger_feeds.h"
#include "assay/mint/mint.h"
#include "engine/mint/identity/identity_data.h"
#include "tests/mint/ledger/world.h"
#include "tests/mint/tokens.h"

namespace assay::mint::testing {

inline constexpr std::int64_t kNow = 1'000'000;  // seconds
inline const std::string kWorkload = "spiffe://a.example/agent";
inline const std::string kServer = "https://mail.example";
inline const std::string kThumbprint(43, 'c');

inline constexpr char kPolicies[] = R"(
@id("read") @grant_ttl("90s") permit(principal, action == Action::"read", resource);
@id("read-short") @grant_ttl("30s") permit(principal, action == Action::"read", resource)
  when { context has quick && context.quick };
@id("send") @grant_pin("to,tool") permit(principal, action == Action::"send", resource)
  when { principal in Group::"staff" && context.purpose == "answer" };
@id("delete") @grant_risk("high") permit(principal, action == Action::"delete", resource);
@id("list") @grant_binding("bearer") @grant_uses("3") permit(principal, action == Action::"list", resource);
@id("dpop") @grant_binding("dpop") permit(principal, action == Action::"dpop", resource);
@id("pay") @grant_audience("https://pay.example") permit(principal, action == Action::"pay", resource);
@id("broken") forbid(principal, action == Action::"risky", resource) when { context.missing };
@id("risky") permit(principal, action == Action::"risky", resource);
@id("locked") forbid(principal, action, resource) when { resource has locked && resource.locked };
)";
inline constexpr char kEntities[] = R"([
 {"uid": {"type": "Agent", "id": "spiffe://a.example/agent"}, "attrs": {"owner": "team-mail"},
  "parents": [{"type": "Group", "id": "staff"}]},
 {"uid": {"type": "Agent", "id": "spiffe://a.example/orphan"}, "attrs": {}, "parents": []},
 {"uid": {"type": "Group", "id": "staff"}, "attrs": {}, "parents": []},
 {"uid": {"type": "Mailbox", "id": "vault"}, "attrs": {"locked": true}, "parents": []}
])";

inline Program Compiled(const std::string& text) {
  Sources sources;
  Diagnostics diagnostics;
  PolicySet set;
  EXPECT_TRUE(set.AddCedar(sources, sources.Add("p.cedar", text), &diagnostics))
      << diagnostics.Render(sources);
  return set.Compile().value();
}

inline MintPolicies Policies(const std::string& text = kPolicies) {
  Sources sources;
  Diagnostics diagnostics;
  auto entities =
      Entities::FromJson(sources, sources.Add("e.json", kEntities), Limits{}, &diagnostics);
  EXPECT_TRUE(entities) << diagnostics.Render(sources);
  return {Compiled(text), *entities, true};
}

inline VerifiedIdentity Workload(const std::string& subject = kWorkload,
                                 const std::string& thumbprint = kThumbprint,
                                 std::int64_t expires_at = kNow + 3600) {
  return identity::Access::Make(
      {IdentityKind::kX509Svid, "a.example", subject, expires_at, thumbprint});
}

inline MintRequest Ask(const std::string& action, const std::string& mailbox = "inbox") {
  MintRequest request;
  request.tuples = {{"mail", {"Action", action}, {"Mailbox", mailbox}}};
  request.audience = kServer;
  request.task = "task-1";
  request.step = "1";
  request.purpose = "answer";
  return request;
}

struct MintWorld {
  explicit MintWorld(MintOptions given = {}) : options(std::move(given)) {
    world.now_ms = kNow * 1000;
    world.options.head_every_records = 1000;
    ledger = world.CreateAndOpen();
    options.issuer = "https://mint.example";
    options.principals = {{"a.example", "", "Agent", ""}};
    options.revocations = &revocations;
    revocations.MarkAuthoritative();
    mint = std::make_unique<mint::Mint>(options, KeyOf(Algorithm::kEs256), ledger.get(), clock);
  }
  MintWorld& Published(const std::string& text = kPolicies) {
    const auto swapped = mint->Publish(Policies(text));
    EXPECT_TRUE(swapped.ok()) << RefusalName(swapped.error().id);
    return *this;
  }
  std::string_view Try(const MintRequest& request) {
    return Outcome(mint->Issue(Workload(), request));
  }
  // Sets the wall clock back; the machine's own goes on.
  void SetBack(std::int64_t ms) {
    set_back_ms += ms;
    world.now_ms -= ms;
  }
  Record Last() const { return ReadAll(world.folder).back(); }
  Presentation Shown(const Grant& grant) const {
    return {.token = grant.token.view(),
            .tuple = grant.claims.tuples.at(0),
            .certificate_thumbprint = kThumbprint};
  }
  GrantVerifier Server(const std::string& audience = kServer, CountUse uses = nullptr,
                       std::int64_t skew = 0) const {
    KeySet keys;
    EXPECT_TRUE(keys.Add(KeyOf(Algorithm::kEs256).public_key()).ok());
    return GrantVerifier({.issuer = "https://mint.example", .audience = audience, .skew = skew},
                         keys, clock, &revocations, std::move(uses));
  }

  World world;
  std::atomic<std::int64_t> set_back_ms{0};
  Clock clock{[this] { return world.now_ms.load(); },
              [this] { return world.now_ms.load() + set_back_ms.load(); }};
  RevocationView revocations{clock};
  std::unique_ptr<Ledger> ledger;
  MintOptions options;
  std::unique_ptr<mint::Mint> mint;
};

}  // namespace assay::mint::testing
