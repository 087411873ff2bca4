#include "assay/mint/identity.h"

#include "engine/mint/identity/identity_data.h"

namespace assay::mint {

IdentityKind VerifiedIdentity::kind() const { return data_->kind; }
std::string_view VerifiedIdentity::issuer() const { return data_->issuer; }
std::string_view VerifiedIdentity::subject() const { return data_->subject; }
std::int64_t VerifiedIdentity::expires_at() const { return data_->expires_at; }
std::string_view VerifiedIdentity::certificate_thumbprint() const {
  return data_->certificate_thumbprint;
}

}  // namespace assay::mint
