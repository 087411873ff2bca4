// Every limit that bounds what one input to the mint can cost. Over a limit there is a refusal.
// They are far above what anybody needs, so they are not settings; the settings are in the options
// of the verifiers.
#pragma once

#include <cstddef>
#include <cstdint>

namespace assay::mint::limits {

// Bytes of a token, of a proof of possession, and of one claim in either.
inline constexpr std::size_t kTokenBytes = 16'384;
inline constexpr std::size_t kProofBytes = 8'192;
inline constexpr std::size_t kClaimBytes = 2'048;
// Nesting of JSON in tokens, keys and bundles; the standards need four levels.
inline constexpr std::uint32_t kJsonDepth = 16;
// Bytes of a key set, a trust bundle or a map of them, a discovery document. In memory a document
// is up to a hundred times as large.
inline constexpr std::size_t kDocumentBytes = std::size_t{1} << 20;
// Keys of a set, and entries of a bundle.
inline constexpr std::size_t kKeys = 256;
inline constexpr std::size_t kBundleEntries = 1'024;
// RSA: below it is weak; above, the time of a verification grows with the square.
inline constexpr int kLeastRsaBits = 2'048;
inline constexpr int kMostRsaBits = 8'192;
// Bytes of a private key in PEM.
inline constexpr std::size_t kPemBytes = 65'536;

// Seconds by which clocks may differ, at most. A revocation is remembered for so long after the
// last grant that it ends.
inline constexpr std::int64_t kMostSkewSeconds = 300;

// Bytes of a certificate in DER, and certificates beside the first.
inline constexpr std::size_t kCertificateBytes = 65'536;
inline constexpr int kOtherCertificates = 8;
// Challenges that are open at once, and for how long each is.
inline constexpr std::size_t kChallenges = 4'096;
inline constexpr std::int64_t kChallengeMilliseconds = 60'000;

// Tuples and pinned members of a grant, and nesting of a pinned value.
inline constexpr std::size_t kTuples = 64;
inline constexpr std::size_t kPinnedMembers = 64;
inline constexpr std::uint32_t kPinnedDepth = 64;
// Uses that a policy may allow.
inline constexpr std::uint32_t kUses = 1'000'000;
// Bytes of the address of a request.
inline constexpr std::size_t kUrlBytes = 4'096;

}  // namespace assay::mint::limits
