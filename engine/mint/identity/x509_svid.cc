#include <openssl/rand.h>
#include <openssl/ssl.h>

#include <map>
#include <mutex>
#include <utility>

#include "assay/mint/limits.h"
#include "assay/mint/spiffe.h"
#include "engine/mint/base/guard.h"
#include "engine/mint/identity/certificate.h"
#include "engine/mint/identity/identity_data.h"
#include "engine/mint/jose/base64url.h"
#include "engine/mint/jose/key_data.h"

namespace assay::mint {

namespace identity {

namespace {

void FreeChain(STACK_OF(X509) * chain) { sk_X509_pop_free(chain, X509_free); }
using ChainPtr = std::unique_ptr<STACK_OF(X509), OpensslFree<FreeChain>>;

// The certificates after the first; nothing if one is none.
std::optional<ChainPtr> ReadOthers(std::span<const std::string_view> chain) {
  ChainPtr others(sk_X509_new_null());
  if (!others) return std::nullopt;
  for (std::size_t i = 1; i < chain.size(); ++i) {
    X509Ptr certificate = ParseCertificate(chain[i]);
    if (!certificate || sk_X509_push(others.get(), certificate.get()) == 0) return std::nullopt;
    (void)certificate.release();
  }
  return others;
}

bool Signed(X509* leaf, std::string_view message, std::string_view signature) {
  PkeyPtr pkey(X509_get_pubkey(leaf));
  if (!pkey) return false;
  const auto algorithm = jose::DefaultAlgorithm(pkey.get());
  if (!algorithm) return false;
  const auto key = jose::Access::MakePublic(std::move(pkey), *algorithm, {});
  return key.ok() && key.value().Verify(message, signature);
}

}  // namespace

// The challenges that are open, and until when in milliseconds since boot.
struct Challenges {
  std::mutex mutex;
  std::map<std::string, std::int64_t, std::less<>> open;

  bool Add(std::string challenge, std::int64_t now) {
    const std::lock_guard lock(mutex);
    if (open.size() >= limits::kChallenges) {
      std::erase_if(open, [&](const auto& entry) { return entry.second <= now; });
      if (open.size() >= limits::kChallenges) return false;
    }
    open.emplace(std::move(challenge), now + limits::kChallengeMilliseconds);
    return true;
  }

  // Whether it was open. It no longer is.
  bool Take(std::string_view challenge, std::int64_t now) {
    const std::lock_guard lock(mutex);
    const auto found = open.find(challenge);
    if (found == open.end()) return false;
    const bool in_time = now < found->second;
    open.erase(found);
    return in_time;
  }
};

}  // namespace identity

X509SvidVerifier::X509SvidVerifier(const TrustStore& store, const Clock& clock, SvidOptions options)
    : store_(store),
      clock_(clock),
      options_(std::move(options)),
      challenges_(std::make_unique<identity::Challenges>()) {}

X509SvidVerifier::~X509SvidVerifier() = default;

Checked<VerifiedIdentity> X509SvidVerifier::VerifyPeer(const ssl_st* connection) const noexcept {
  return Guard([&]() -> Checked<VerifiedIdentity> {
    const ErrorMark mark;
    if (connection == nullptr || SSL_is_init_finished(connection) != 1 ||
        SSL_version(connection) < TLS1_2_VERSION) {
      return Refusal{RefusalId::kHandshakeIncomplete};
    }
    X509* leaf = SSL_get0_peer_certificate(connection);
    if (leaf == nullptr) return Refusal{RefusalId::kCertificateMissing};
    auto data =
        identity::CheckSvid(leaf, SSL_get_peer_cert_chain(connection), store_, clock_.Seconds());
    if (!data.ok()) return data.error();
    return identity::Access::Make(std::move(data).value());
  });
}

Checked<std::string> X509SvidVerifier::NewChallenge() const noexcept {
  return Guard([&]() -> Checked<std::string> {
    std::string bytes(32, '\0');
    if (RAND_bytes(Bytes(&bytes), static_cast<int>(bytes.size())) != 1) {
      return Refusal{RefusalId::kCryptoFailed};
    }
    std::string challenge = jose::EncodeBase64url(bytes);
    if (!challenges_->Add(challenge, clock_.BootMilliseconds())) {
      return Refusal{RefusalId::kChallengeLimit};
    }
    return challenge;
  });
}

std::string X509SvidVerifier::ChallengeMessage(std::string_view audience,
                                               std::string_view challenge) {
  std::string message = "assay X.509-SVID challenge, version 1\n";
  return message.append(audience).append("\n").append(challenge);
}

Checked<VerifiedIdentity> X509SvidVerifier::VerifyChallenge(
    std::string_view challenge, std::span<const std::string_view> chain,
    std::string_view signature) const noexcept {
  return Guard([&]() -> Checked<VerifiedIdentity> {
    const ErrorMark mark;
    if (!challenges_->Take(challenge, clock_.BootMilliseconds())) {
      return Refusal{RefusalId::kChallengeUnknown};
    }
    if (chain.empty()) return Refusal{RefusalId::kCertificateMissing};
    if (chain.size() > limits::kOtherCertificates + 1)
      return Refusal{RefusalId::kCertificateMalformed, "chain"};
    const X509Ptr leaf = identity::ParseCertificate(chain[0]);
    const auto others = identity::ReadOthers(chain);
    if (!leaf || !others) return Refusal{RefusalId::kCertificateMalformed};
    auto data = identity::CheckSvid(leaf.get(), others->get(), store_, clock_.Seconds());
    if (!data.ok()) return data.error();
    if (!identity::Signed(leaf.get(), ChallengeMessage(options_.audience, challenge), signature)) {
      return Refusal{RefusalId::kSignatureInvalid};
    }
    return identity::Access::Make(std::move(data).value());
  });
}

}  // namespace assay::mint
