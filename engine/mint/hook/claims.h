// What a grant says: the least of what was asked, decided and configured.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "assay/mint/mint.h"
#include "engine/mint/hook/evaluation.h"

namespace assay::mint::hook {

std::string_view BindingName(BindingKind kind);

// The principal that the options map the identity to; kPrincipalUnmapped.
Checked<EntityUid> MapPrincipal(const MintOptions& options, const VerifiedIdentity& identity);

// Who answers for the principal: the text `owner` of its entity; kOwnerMissing.
Checked<std::string> OwnerOf(const Entities& entities, const EntityUid& principal);

// The Cedar requests of a mint request: one for each tuple, with what the mint adds to the context.
Checked<std::vector<Request>> RequestsOf(const EntityUid& principal, const MintRequest& request,
                                         std::size_t most);

// The claims of a grant for what was proven to be allowed, but for its ids.
Checked<GrantClaims> ShapeGrant(const MintOptions& options, const VerifiedIdentity& identity,
                                const MintRequest& request, const AllowProof& proof,
                                const Clock& clock);

}  // namespace assay::mint::hook
