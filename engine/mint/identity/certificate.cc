#include "engine/mint/identity/certificate.h"

#include <openssl/x509v3.h>

#include <ctime>
#include <limits>
#include <optional>
#include <utility>

#include "assay/mint/limits.h"
#include "engine/mint/identity/identity_data.h"
#include "engine/mint/jose/base64url.h"

namespace assay::mint::identity {

namespace {

// Everything weaker than 112 bits, SHA-1 signatures among it, is refused.
constexpr int kSecurityLevel = 2;

void FreeNames(GENERAL_NAMES* names) { GENERAL_NAMES_free(names); }
using NamesPtr = std::unique_ptr<GENERAL_NAMES, OpensslFree<FreeNames>>;

NamesPtr NamesOf(const X509* certificate) {
  return NamesPtr(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
}

// X509-SVID, sections 4 and 5: what a leaf may be used for.
std::optional<Refusal> CheckUsage(X509* leaf) {
  // OpenSSL takes no authority for one whose key usage contradicts its basic constraints.
  if ((X509_get_extension_flags(leaf) & EXFLAG_CA) != 0 || X509_check_ca(leaf) != 0) {
    return Refusal{RefusalId::kCertificateAuthority};
  }
  const Refusal usage{RefusalId::kCertificateUsage};
  const int place = X509_get_ext_by_NID(leaf, NID_key_usage, -1);
  if (place < 0 || X509_EXTENSION_get_critical(X509_get_ext(leaf, place)) != 1) return usage;
  const std::uint32_t bits = X509_get_key_usage(leaf);
  if ((bits & KU_DIGITAL_SIGNATURE) == 0 || (bits & (KU_KEY_CERT_SIGN | KU_CRL_SIGN)) != 0) {
    return usage;
  }
  if ((X509_get_extension_flags(leaf) & EXFLAG_XKUSAGE) != 0) {
    constexpr std::uint32_t kBoth = XKU_SSL_SERVER | XKU_SSL_CLIENT;
    if ((X509_get_extended_key_usage(leaf) & kBoth) != kBoth) return usage;
  }
  return std::nullopt;
}

Refusal PathRefusal(int error) {
  switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED: return {RefusalId::kExpired, "certificate"};
    case X509_V_ERR_CERT_NOT_YET_VALID: return {RefusalId::kNotYetValid, "certificate"};
    case X509_V_ERR_PERMITTED_VIOLATION:
    case X509_V_ERR_EXCLUDED_VIOLATION:
    case X509_V_ERR_SUBTREE_MINMAX:
    case X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE:
    case X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX:
    case X509_V_ERR_UNSUPPORTED_NAME_SYNTAX: return {RefusalId::kCertificateConstraint};
    case X509_V_ERR_OUT_OF_MEM: return {RefusalId::kOutOfMemory};
    default: return {RefusalId::kCertificateUntrusted};
  }
}

// Seconds since 1970; nothing if the time is none.
std::optional<std::int64_t> SecondsOf(const ASN1_TIME* time) {
  std::tm fields{};
  if (ASN1_TIME_to_tm(time, &fields) != 1) return std::nullopt;
  return static_cast<std::int64_t>(timegm(&fields));
}

// Authorities that have a SPIFFE ID must be of the domain they vouch in. The path expires with the
// first of its certificates.
Checked<std::int64_t> CheckPath(STACK_OF(X509) * path, std::string_view trust_domain) {
  std::int64_t expires_at = std::numeric_limits<std::int64_t>::max();
  for (int i = 0; i < sk_X509_num(path); ++i) {
    X509* certificate = sk_X509_value(path, i);
    const auto end = SecondsOf(X509_get0_notAfter(certificate));
    if (!end) return Refusal{RefusalId::kCertificateMalformed};
    // OpenSSL also takes authorities for such that have no basic constraints.
    if (i > 0 && X509_check_ca(certificate) != 1) return Refusal{RefusalId::kCertificateUntrusted};
    expires_at = std::min(expires_at, *end);
    const NamesPtr names = NamesOf(certificate);
    for (int j = 0; names && j < sk_GENERAL_NAME_num(names.get()); ++j) {
      if (sk_GENERAL_NAME_value(names.get(), j)->type != GEN_URI) continue;
      const auto id = ReadSpiffeId(certificate);
      if (!id.ok()) return id.error();
      if (id.value().trust_domain != trust_domain) return Refusal{RefusalId::kCertificateUntrusted};
    }
  }
  return expires_at;
}

Checked<std::int64_t> VerifyPath(X509* leaf, STACK_OF(X509) * others, const TrustBundle& bundle,
                                 std::int64_t now) {
  const BundleData& data = Access::DataOf(bundle);
  const X509StoreCtxPtr ctx(X509_STORE_CTX_new());
  if (!ctx || X509_STORE_CTX_init(ctx.get(), data.authorities.get(), leaf, others) != 1) {
    return Refusal{RefusalId::kCryptoFailed};
  }
  X509_VERIFY_PARAM* param = X509_STORE_CTX_get0_param(ctx.get());
  X509_VERIFY_PARAM_set_time(param, static_cast<std::time_t>(now));
  X509_VERIFY_PARAM_set_depth(param, limits::kOtherCertificates);
  X509_VERIFY_PARAM_set_auth_level(param, kSecurityLevel);
  // A bundle may name an authority that is not self-signed.
  X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN);
  if (X509_verify_cert(ctx.get()) != 1) {
    return PathRefusal(X509_STORE_CTX_get_error(ctx.get()));
  }
  return CheckPath(X509_STORE_CTX_get0_chain(ctx.get()), data.trust_domain);
}

}  // namespace

X509Ptr ParseCertificate(std::string_view der) {
  if (der.empty() || der.size() > limits::kCertificateBytes) return nullptr;
  const unsigned char* at = Bytes(der);
  X509Ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (at != Bytes(der) + der.size()) return nullptr;
  // Reads the extensions: a certificate whose extensions contradict each other is none.
  if (certificate && (X509_get_extension_flags(certificate.get()) & EXFLAG_INVALID) != 0) {
    return nullptr;
  }
  return certificate;
}

Checked<SpiffeId> ReadSpiffeId(const X509* certificate) {
  const NamesPtr names = NamesOf(certificate);
  const ASN1_IA5STRING* uri = nullptr;
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_URI) continue;
    if (uri != nullptr) return Refusal{RefusalId::kCertificateName};
    uri = name->d.uniformResourceIdentifier;
  }
  if (uri == nullptr) return Refusal{RefusalId::kCertificateName};
  return SpiffeId::Parse({reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri)),
                          static_cast<std::size_t>(ASN1_STRING_length(uri))});
}

std::string CertificateThumbprint(const X509* certificate) {
  std::string digest(32, '\0');
  if (X509_digest(certificate, EVP_sha256(), Bytes(&digest), nullptr) != 1) return {};
  return jose::EncodeBase64url(digest);
}

Checked<IdentityData> CheckSvid(X509* leaf, STACK_OF(X509) * others, const TrustStore& store,
                                std::int64_t now) {
  if (others != nullptr && sk_X509_num(others) > limits::kOtherCertificates + 1) {
    return Refusal{RefusalId::kCertificateMalformed, "chain"};
  }
  if ((X509_get_extension_flags(leaf) & EXFLAG_INVALID) != 0) {
    return Refusal{RefusalId::kCertificateMalformed};
  }
  const auto id = ReadSpiffeId(leaf);
  if (!id.ok()) return id.error();
  if (id.value().path.empty()) return Refusal{RefusalId::kSpiffeIdMalformed, "path"};
  if (const auto problem = CheckUsage(leaf)) return *problem;
  const auto bundle = store.Find(id.value().trust_domain);
  if (!bundle) return Refusal{RefusalId::kTrustDomainUnknown};
  const auto expires_at = VerifyPath(leaf, others, *bundle, now);
  if (!expires_at.ok()) return expires_at.error();
  std::string thumbprint = CertificateThumbprint(leaf);
  if (thumbprint.empty()) return Refusal{RefusalId::kCryptoFailed};
  return IdentityData{IdentityKind::kX509Svid, id.value().trust_domain, id.value().ToString(),
                      expires_at.value(), std::move(thumbprint)};
}

}  // namespace assay::mint::identity
