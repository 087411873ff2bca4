// Identities of SPIFFE: trust bundles, JWT-SVIDs, X.509-SVIDs.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "assay/export.h"
#include "assay/mint/clock.h"
#include "assay/mint/identity.h"
#include "assay/mint/key.h"
#include "assay/mint/refusal.h"

struct ssl_st;  // OpenSSL's SSL

namespace assay::mint {

namespace identity {
struct BundleData;
struct Challenges;
}  // namespace identity

// The keys and authorities of one trust domain (SPIFFE Trust Domain and Bundle). Immutable; copies
// share; safe to use from any number of threads.
class ASSAY_API TrustBundle {
 public:
  // Reads the JSON form. Entries with an unknown `use` or without one are left out; an entry of a
  // known use that is not well formed refuses the bundle. Without keys nothing of the domain is
  // trusted. At most limits::kDocumentBytes.
  static Checked<TrustBundle> FromJson(std::string_view trust_domain,
                                       std::string_view json) noexcept;

  std::string_view trust_domain() const;
  std::optional<std::int64_t> sequence() const;
  // Seconds after which the publisher asks to look again; 0 if it does not say.
  std::int64_t refresh_hint() const;
  const KeySet& jwt_keys() const;
  std::size_t authority_count() const;

 private:
  friend struct identity::Access;
  explicit TrustBundle(std::shared_ptr<const identity::BundleData> data) : data_(std::move(data)) {}
  std::shared_ptr<const identity::BundleData> data_;
};

// The bundles in use, one for each trust domain. Thread-safe: a verification uses the bundle that
// was there when it began.
class ASSAY_API TrustStore {
 public:
  // Replaces the bundle of its domain. Refuses one whose sequence is lower or missing where there
  // was one, and one that has the same sequence and another content.
  Checked<bool> Update(TrustBundle bundle) noexcept;
  // Reads a bundle map, `{"trust_domains": {NAME: BUNDLE, …}}`. All of it is updated or nothing.
  Checked<std::size_t> UpdateFromMap(std::string_view json) noexcept;
  std::optional<TrustBundle> Find(std::string_view trust_domain) const noexcept;

 private:
  std::optional<Refusal> CheckSequence(const TrustBundle& bundle) const;

  mutable std::mutex mutex_;
  std::map<std::string, TrustBundle, std::less<>> bundles_;
};

struct SvidOptions {
  // Who we are: the one audience of a token, and part of what a challenge's answer signs.
  std::string audience;
  // Seconds by which the issuer's clock may differ from ours.
  std::int64_t skew = 10;
  // The longest validity of a token that is accepted, in seconds.
  std::int64_t most_lifetime = 3600;
};

// Checks JWT-SVIDs. Thread-safe. The store and the clock must outlive it.
class ASSAY_API JwtSvidVerifier {
 public:
  JwtSvidVerifier(const TrustStore& store, const Clock& clock, SvidOptions options)
      : store_(store), clock_(clock), options_(std::move(options)) {}

  // The key must be of the bundle of the subject's own trust domain. Beyond the standard `kid` is
  // required and the audience must be the only one.
  Checked<VerifiedIdentity> Verify(std::string_view token) const noexcept;

 private:
  const TrustStore& store_;
  const Clock& clock_;
  SvidOptions options_;
};

// Checks X.509-SVIDs, and that whoever shows one has its key: a certificate alone proves nothing,
// so nothing here takes one alone. Thread-safe. The store and the clock must outlive it.
class ASSAY_API X509SvidVerifier {
 public:
  X509SvidVerifier(const TrustStore& store, const Clock& clock, SvidOptions options);
  ~X509SvidVerifier();

  // The peer of a TLS connection whose handshake is complete. OpenSSL need not have checked the
  // certificate (a callback that accepts all of them will do): the whole path is checked here.
  Checked<VerifiedIdentity> VerifyPeer(const ssl_st* connection) const noexcept;

  // A random text to be signed within a minute, once. At most limits::kChallenges are open.
  Checked<std::string> NewChallenge() const noexcept;
  // What the workload signs: a text that no other protocol signs.
  static std::string ChallengeMessage(std::string_view audience, std::string_view challenge);
  // `chain`: certificates in DER, the workload's first. `signature` is of ChallengeMessage, with
  // ES256, ES384, ES512, EdDSA or RS256 as the certificate's key demands, in the form of JOSE.
  Checked<VerifiedIdentity> VerifyChallenge(std::string_view challenge,
                                            std::span<const std::string_view> chain,
                                            std::string_view signature) const noexcept;

 private:
  const TrustStore& store_;
  const Clock& clock_;
  SvidOptions options_;
  std::unique_ptr<identity::Challenges> challenges_;
};

}  // namespace assay::mint
