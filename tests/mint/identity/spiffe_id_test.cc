#include <gmock/gmock.h>

#include <string>

#include "assay/mint/identity.h"
#include "tests/mint/tokens.h"

namespace assay::mint {
namespace {

TEST(SpiffeId, IsADomainAndAPath) {
  const auto id = SpiffeId::Parse("spiffe://example.org/agent/Build_7.x-1");
  ASSERT_TRUE(id.ok());
  EXPECT_EQ(id.value().trust_domain, "example.org");
  EXPECT_EQ(id.value().path, "/agent/Build_7.x-1");
  EXPECT_EQ(id.value().ToString(), "spiffe://example.org/agent/Build_7.x-1");
  EXPECT_EQ(SpiffeId::Parse("spiffe://td").value().path, "");
  EXPECT_TRUE(SpiffeId::Parse("spiffe://1.2.3.4/.../a..b/.a").ok());
}

TEST(SpiffeId, T14RefusesEverythingElse) {
  for (const char* text : {"",
                           "spiffe:",
                           "spiffe:/",
                           "spiffe://",
                           "spiffe:///path",
                           "http://example.org/a",
                           "SPIFFE://example.org/a",
                           "Spiffe://example.org/a",
                           "spiffe://Example.org/a",
                           "spiffe://example.org/",
                           "spiffe://example.org/a/",
                           "spiffe://example.org//a",
                           "spiffe://example.org/a//b",
                           "spiffe://example.org/./a",
                           "spiffe://example.org/a/..",
                           "spiffe://example.org/%2fa",
                           "spiffe://example.org/a%20b",
                           "spiffe://ex%61mple.org/a",
                           "spiffe://example.org:443/a",
                           "spiffe://user@example.org/a",
                           "spiffe://example.org/a?b",
                           "spiffe://example.org/a#b",
                           "spiffe://example.org?x",
                           "spiffe://[::1]/a",
                           "spiffe://example.org/a b",
                           "spiffe://example.org/\xc3\xa9",
                           "spiffe://ex\xc3\xa4mple/a",
                           " spiffe://example.org/a",
                           "spiffe://example.org/a\n",
                           "spiffe://example.org/a:b"}) {
    EXPECT_EQ(testing::Outcome(SpiffeId::Parse(text)), "spiffe_id_malformed") << text;
  }
  EXPECT_FALSE(SpiffeId::Parse(std::string_view("spiffe://a/b\0", 13)).ok());
  EXPECT_FALSE(SpiffeId::Parse(std::string_view("spiffe://a\0/b", 13)).ok());
}

TEST(SpiffeId, T14HasLimits) {
  const std::string domain(255, 'a');
  EXPECT_TRUE(SpiffeId::Parse("spiffe://" + domain + "/x").ok());
  EXPECT_FALSE(SpiffeId::Parse("spiffe://" + domain + "a/x").ok());
  const std::string id = "spiffe://a/" + std::string(2048 - 11, 'p');
  EXPECT_TRUE(SpiffeId::Parse(id).ok());
  EXPECT_FALSE(SpiffeId::Parse(id + "p").ok());
}

// Only a verifier makes one; tests/mint/compile proves it for a mint's caller.
static_assert(!std::is_default_constructible_v<VerifiedIdentity>);
static_assert(!std::is_constructible_v<VerifiedIdentity, std::string>);
static_assert(!std::is_aggregate_v<VerifiedIdentity>);

}  // namespace
}  // namespace assay::mint
