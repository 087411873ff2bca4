// Program images: compiled policies as a file. Loading one needs neither the policies' text nor the
// compiler, and runs every check that a freshly compiled program passes.
//
// Which version reads what: an image says the number of its format, and that of 0.1 is 1. A version
// of Assay reads every format that a released version before it wrote, and refuses newer ones with
// kUnsupportedImage. engine/image/format.h describes the format.
//
// An image is safe to load whoever made it: it cannot crash the loader, nor make it use time or
// memory out of proportion to its size. That does not say who made it; a signature does.
//
// All functions may be called from any number of threads.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "assay/export.h"
#include "assay/limits.h"
#include "assay/program.h"
#include "assay/status.h"

namespace assay {

// The image of a program: the same bytes for the same program. Fails with kOutOfMemory, and with
// kLimitExceeded if the image would be larger than its format allows (4 GiB of text).
ASSAY_API Result<std::string> WriteImage(const Program& program);

// The program of an image. Fails with kUnsupportedImage if this is no image or one of a newer
// format; with kCorruptImage if any byte is not as it was written, or what was written breaks a
// rule of the format; with kCorruptProgram if the verifier refuses it; with kLimitExceeded
// (image_bytes, policies, json_depth) and kOutOfMemory. The program borrows nothing from `image`.
ASSAY_API Result<Program> ReadImage(std::string_view image, const Limits& limits = {});

// Whether these bytes, at least 8, begin like an image of any format; no text does.
ASSAY_API bool IsImage(std::string_view bytes);

// What an image says of itself.
struct ImageInfo {
  std::uint32_t format = 0;
  std::string producer;                   // such as "assay 0.1.0"
  std::array<std::uint8_t, 32> digest{};  // the policy digest of its program
};

// Fails as ReadImage does for the head of the image and for its checksum; looks no further. The
// digest is what the image claims: `policyc digest` computes it from the program instead.
ASSAY_API Result<ImageInfo> ReadImageInfo(std::string_view image, const Limits& limits = {});

// A detached signature of an image: one line of text, `assay-signature 1 ALGORITHM HEX`, where
// ALGORITHM is ed25519 (RFC 8032) or es256 (ECDSA with P-256 and SHA-256, FIPS 186-5) and HEX the
// 64 bytes of the signature, for es256 the numbers r and s. What is signed is `assay image 1`, a
// line feed, and the SHA-256 of the image. By convention it lies beside F.assay as F.assay.sig.
//
// `private_key` is PEM (PKCS #8, without a password). Fails with kInvalidArgument if it is not a
// key of these kinds. No error mentions any part of the key.
ASSAY_API Result<std::string> SignImage(std::string_view image, std::string_view private_key);

// Nothing if `signature` is that of the image by the owner of `public_key`, which is PEM
// (SubjectPublicKeyInfo). Otherwise kBadSignature, or kInvalidArgument if the key is unusable. The
// key decides the algorithm: a signature of another one is refused.
ASSAY_API std::optional<Error> CheckSignature(std::string_view image, std::string_view signature,
                                              std::string_view public_key);

struct ImageFileOptions {
  Limits limits;
  // If there is a key, PATH.sig must be a signature of the image by its owner.
  std::optional<std::string> public_key = std::nullopt;
};

// Reads, checks and verifies a file. The file is read once, before anything is checked, so nobody
// can change it between check and use. Fails like CheckSignature and ReadImage, and with
// kUnreadableFile; messages begin with the path.
ASSAY_API Result<Program> LoadImageFile(const std::string& path,
                                        const ImageFileOptions& options = {});

}  // namespace assay
