// Grants as JSON: what is written is read, and nothing else is.
#include "engine/mint/grant/grant_json.h"

#include <gmock/gmock.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/mint/jose/json.h"
#include "tests/mint/grant/grants.h"

namespace assay::mint::grant {
namespace {

using nlohmann::json;
using testing::Outcome;
using testing::SomeClaims;

Checked<GrantClaims> Read(const std::string& text) {
  return ReadGrant(jose::ParseObject(text, "test").value());
}

GrantClaims FullClaims() {
  GrantClaims claims = SomeClaims();
  claims.tuples.push_back({"", {"A::Action", "re\"ad"}, {"File", "/a\nb"}});
  claims.pinned_members = {"amount", "tenant"};
  claims.context_hash = std::string(43, 'h');
  claims.max_uses = 3;
  return claims;
}

TEST(GrantJson, IsReadAsItWasWritten) {
  for (const BindingKind kind : {BindingKind::kBearer, BindingKind::kMtls, BindingKind::kDpop}) {
    GrantClaims claims = FullClaims();
    claims.binding = {kind, kind == BindingKind::kBearer ? "" : std::string(43, 't')};
    const auto text = WriteGrant(claims);
    ASSERT_TRUE(text.ok()) << text.error().about;
    const auto read = Read(text.value());
    ASSERT_TRUE(read.ok()) << read.error().about;
    EXPECT_EQ(WriteGrant(read.value()).value(), text.value());
    EXPECT_EQ(read.value().tuples, claims.tuples);
    EXPECT_EQ(read.value().binding.kind, kind);
    EXPECT_EQ(read.value().pinned_members, claims.pinned_members);
    EXPECT_EQ(read.value().max_uses, 3u);
    EXPECT_EQ(read.value().purpose, "answer");
  }
}

TEST(GrantJson, HasTheClaimsOfTheStandards) {
  const json grant = json::parse(WriteGrant(FullClaims()).value());
  for (const char* name : {"iss", "sub", "aud", "client_id", "jti", "txn", "iat", "nbf", "exp"}) {
    EXPECT_TRUE(grant.contains(name)) << name;
  }
  EXPECT_EQ(grant["aud"], "https://mail.example");
  EXPECT_EQ(grant["authorization_details"][0],
            json::parse(R"({"type":"urn:assay:request","actions":["Action::\"send\""],
                            "identifier":"Mailbox::\"alice\"","locations":["mail"]})"));
  EXPECT_EQ(grant["cnf"], json::parse(R"({"x5t#S256":")" + testing::kCertificate + "\"}"));
  EXPECT_EQ(grant["tctx"], json::parse(R"({"purpose":"answer"})"));
  EXPECT_EQ(grant["urn:assay:max_uses"], 3);
}

// Each change of a good grant, and what it is refused for.
std::string_view Changed(const std::string& pointer, const json& value) {
  json grant = json::parse(WriteGrant(FullClaims()).value());
  grant[json::json_pointer(pointer)] = value;
  return Outcome(Read(grant.dump()));
}
std::string_view Without(const std::string& name) {
  json grant = json::parse(WriteGrant(FullClaims()).value());
  grant.erase(name);
  return Outcome(Read(grant.dump()));
}

TEST(GrantJson, RefusesClaimsThatAreMissing) {
  for (const char* name : {"iss", "sub", "aud", "client_id", "jti", "txn", "iat", "nbf", "exp",
                           "authorization_details"}) {
    EXPECT_EQ(Without(name), "claim_missing") << name;
  }
  EXPECT_EQ(Without("urn:assay:ctx_hash"), "claim_malformed");
  EXPECT_EQ(Without("urn:assay:ctx_members"), "claim_malformed");
  for (const char* name : {"cnf", "tctx", "urn:assay:task", "urn:assay:max_uses"}) {
    EXPECT_EQ(Without(name), "ok") << name;
  }
}

TEST(GrantJson, RefusesClaimsThatAreNotAsTheyShouldBe) {
  EXPECT_EQ(Changed("/other", 1), "ok");
  for (const char* name : {"iss", "sub", "aud", "jti", "txn", "urn:assay:task"}) {
    const std::string pointer = "/" + std::string(name);
    EXPECT_EQ(Changed(pointer, 1), "claim_malformed") << name;
    EXPECT_EQ(Changed(pointer, ""), "claim_malformed") << name;
    EXPECT_EQ(Changed(pointer, json::array({"x"})), "claim_malformed") << name;
    EXPECT_EQ(Changed(pointer, std::string(2049, 'x')), "claim_malformed") << name;
  }
  EXPECT_EQ(Changed("/urn:assay:new", "x"), "claim_malformed");
  EXPECT_EQ(Changed("/exp", 1), "claim_malformed");
  EXPECT_EQ(Changed("/nbf", testing::kIssuedAt + 60), "claim_malformed");
  EXPECT_EQ(Changed("/exp", "x"), "claim_malformed");
  EXPECT_EQ(Changed("/tctx", json::object()), "claim_malformed");
  EXPECT_EQ(Changed("/tctx", 1), "claim_malformed");
  EXPECT_EQ(Changed("/tctx/purpose", ""), "claim_malformed");
  EXPECT_EQ(Changed("/tctx/x", 1), "claim_malformed");
  for (const json& uses : {json(0), json(-1), json(1.5), json("1"), json(3000000000)}) {
    EXPECT_EQ(Changed("/urn:assay:max_uses", uses), "claim_malformed") << uses;
  }
}

TEST(GrantJson, RefusesTuplesThatAreNone) {
  const std::string details = "/authorization_details";
  EXPECT_EQ(Changed(details, json::array()), "claim_malformed");
  EXPECT_EQ(Changed(details, "x"), "claim_malformed");
  EXPECT_EQ(Changed(details + "/0", 1), "claim_malformed");
  EXPECT_EQ(Changed(details + "/0/type", "x"), "claim_malformed");
  EXPECT_EQ(Changed(details + "/0/actions", json::array()), "claim_malformed");
  EXPECT_EQ(Changed(details + "/0/actions", json::array({"A::\"x\"", "A::\"y\""})),
            "claim_malformed");
  EXPECT_EQ(Changed(details + "/0/actions/0", "send"), "claim_malformed");
  EXPECT_EQ(Changed(details + "/0/actions/0", "Action :: \"send\""), "claim_malformed");
  EXPECT_EQ(Changed(details + "/0/actions/0", "Action::\"\\u{73}end\""), "claim_malformed");
  EXPECT_EQ(Changed(details + "/0/identifier", 1), "claim_malformed");
  EXPECT_EQ(Changed(details + "/0/locations", json::array()), "claim_malformed");
  EXPECT_EQ(Changed(details + "/0/locations/0", ""), "claim_malformed");
  EXPECT_EQ(Changed(details + "/0/privileges", json::array()), "claim_malformed");
  json many = json::array();
  const json one = json::parse(WriteGrant(FullClaims()).value())["authorization_details"][0];
  for (int i = 0; i < 65; ++i) many.push_back(one);
  EXPECT_EQ(Changed(details, many), "claim_malformed");
}

TEST(GrantJson, RefusesBindingsAndPinsThatAreNone) {
  const std::string thumbprint(43, 'x');
  EXPECT_EQ(Changed("/cnf", json::object()), "claim_malformed");
  EXPECT_EQ(Changed("/cnf", "x"), "claim_malformed");
  EXPECT_EQ(Changed("/cnf", {{"jkt", thumbprint}, {"x5t#S256", thumbprint}}), "claim_malformed");
  EXPECT_EQ(Changed("/cnf", {{"jkt", ""}}), "claim_malformed");
  EXPECT_EQ(Changed("/cnf", {{"kid", thumbprint}}), "claim_malformed");
  EXPECT_EQ(Changed("/cnf", {{"jkt", thumbprint}}), "ok");
  const std::string pinned = "/urn:assay:ctx_members";
  EXPECT_EQ(Changed(pinned, json::array()), "claim_malformed");
  EXPECT_EQ(Changed(pinned, json::array({"b", "a"})), "claim_malformed");
  EXPECT_EQ(Changed(pinned, json::array({"a", "a"})), "claim_malformed");
  EXPECT_EQ(Changed(pinned, json::array({1})), "claim_malformed");
  EXPECT_EQ(Changed(pinned, json::array({""})), "claim_malformed");
  EXPECT_EQ(Changed(pinned, json::array({"a", "b"})), "ok");
}

// What could not be read is not written.
std::string_view Written(const std::function<void(GrantClaims*)>& change) {
  GrantClaims claims = FullClaims();
  change(&claims);
  return Outcome(WriteGrant(claims));
}

TEST(GrantJson, WritesOnlyWhatItReads) {
  EXPECT_EQ(Written([](GrantClaims*) {}), "ok");
  EXPECT_EQ(Written([](GrantClaims* claims) { claims->audience = ""; }), "grant_unfit");
  EXPECT_EQ(Written([](GrantClaims* claims) { claims->subject = "\xff"; }), "grant_unfit");
  EXPECT_EQ(Written([](GrantClaims* claims) { claims->task = std::string(1, '\0'); }),
            "grant_unfit");
  EXPECT_EQ(Written([](GrantClaims* claims) { claims->purpose = std::string(3000, 'x'); }),
            "grant_unfit");
  EXPECT_EQ(Written([](GrantClaims* claims) { claims->tuples.clear(); }), "grant_unfit");
  EXPECT_EQ(Written([](GrantClaims* claims) { claims->tuples.resize(65, claims->tuples[0]); }),
            "grant_unfit");
  EXPECT_EQ(Written([](GrantClaims* claims) { claims->tuples[0].action.type = "a b"; }),
            "grant_unfit");
  EXPECT_EQ(Written([](GrantClaims* claims) { claims->binding.thumbprint = "x"; }), "grant_unfit");
  EXPECT_EQ(Written([](GrantClaims* claims) { claims->binding.kind = BindingKind::kBearer; }),
            "grant_unfit");
  EXPECT_EQ(Written([](GrantClaims* claims) {
              claims->pinned_members = {"b", "a"};
            }),
            "grant_unfit");
  EXPECT_EQ(Written([](GrantClaims* claims) { claims->context_hash = ""; }), "grant_unfit");
  EXPECT_EQ(Written([](GrantClaims* claims) { claims->expires_at = claims->issued_at; }),
            "grant_unfit");
  EXPECT_EQ(Written([](GrantClaims* claims) { claims->expires_at = INT64_MAX; }), "grant_unfit");
  EXPECT_EQ(Written([](GrantClaims* claims) { claims->max_uses = 3'000'000'000; }), "grant_unfit");
}

TEST(GrantJson, IsSignedWithEs256Only) {
  EXPECT_EQ(Outcome(SignGrant(FullClaims(), testing::KeyOf(Algorithm::kEs256))), "ok");
  EXPECT_EQ(Outcome(SignGrant(FullClaims(), testing::KeyOf(Algorithm::kEdDsa))),
            "algorithm_not_allowed");
}

}  // namespace
}  // namespace assay::mint::grant
