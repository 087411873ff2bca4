// What identities and bundles are made of, and the only way to make them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "assay/mint/identity.h"
#include "assay/mint/spiffe.h"
#include "engine/base/json.h"
#include "engine/mint/base/openssl.h"

namespace assay::mint::identity {

struct IdentityData {
  IdentityKind kind{};
  std::string issuer;
  std::string subject;
  std::int64_t expires_at = 0;
  std::string certificate_thumbprint;
};

struct BundleData {
  std::string trust_domain;
  std::optional<std::int64_t> sequence;
  std::int64_t refresh_hint = 0;
  KeySet jwt_keys;
  X509StorePtr authorities;
  std::size_t authority_count = 0;
  std::string digest;  // of the text it was read from
};

struct Access {
  static VerifiedIdentity Make(IdentityData data) {
    return VerifiedIdentity(std::make_shared<const IdentityData>(std::move(data)));
  }
  static TrustBundle Make(BundleData data) {
    return TrustBundle(std::make_shared<const BundleData>(std::move(data)));
  }
  static const BundleData& DataOf(const TrustBundle& bundle) { return *bundle.data_; }
};

}  // namespace assay::mint::identity
