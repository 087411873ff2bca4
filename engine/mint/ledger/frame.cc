#include "engine/mint/ledger/frame.h"

#include <openssl/evp.h>
#include <zlib.h>

#include "engine/mint/ledger/bytes.h"

namespace assay::mint {

namespace {

// The last character is the version of the format.
constexpr std::string_view kMagic = "assaylg1";

constexpr std::size_t kLengthCheck = 4;
constexpr std::size_t kBodyCheck = 8;
constexpr std::size_t kChain = 12;

std::uint32_t Crc(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      crc32_z(0, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
}

Frame Corrupt(std::string_view reason) { return {Frame::State::kCorrupt, reason, {}, 0}; }
Frame Incomplete(std::size_t needs) { return {Frame::State::kIncomplete, {}, {}, needs}; }

}  // namespace

Hasher::Hasher() : context_(EVP_MD_CTX_new()) {
  auto* context = static_cast<EVP_MD_CTX*>(context_.get());
  if (context != nullptr && EVP_DigestInit_ex2(context, EVP_sha256(), nullptr) != 1) {
    context_.reset();
  }
}

void Hasher::Free::operator()(void* context) const {
  EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(context));
}

std::optional<Digest> Hasher::Hash(std::string_view first, std::string_view second) {
  auto* context = static_cast<EVP_MD_CTX*>(context_.get());
  Digest digest;
  // Without a type the context keeps the one it has, and with it what it has fetched.
  if (context == nullptr || EVP_DigestInit_ex2(context, nullptr, nullptr) != 1 ||
      EVP_DigestUpdate(context, first.data(), first.size()) != 1 ||
      EVP_DigestUpdate(context, second.data(), second.size()) != 1 ||
      EVP_DigestFinal_ex(context, digest.data(), nullptr) != 1) {
    return std::nullopt;
  }
  return digest;
}

bool AppendFrame(std::string_view payload, Hasher* hasher, Digest* chain, std::string* out) {
  const auto next = hasher->Hash(AsText(*chain), payload);
  if (!next) return false;
  *chain = *next;
  const std::size_t begin = out->size();
  PutInteger(static_cast<std::uint32_t>(payload.size()), out);
  PutInteger(Crc({out->data() + begin, sizeof(std::uint32_t)}), out);
  PutInteger(std::uint32_t{0}, out);
  *out += AsText(*chain);
  *out += payload;
  SetInteger(Crc({out->data() + begin + kChain, out->size() - begin - kChain}), begin + kBodyCheck,
             out);
  return true;
}

Frame ReadFrame(std::string_view bytes, std::size_t limit, Hasher* hasher, Digest* chain) {
  if (bytes.size() < kFrameHeaderSize) return Incomplete(kFrameHeaderSize);
  if (GetInteger<std::uint32_t>(bytes, kLengthCheck) != Crc(bytes.substr(0, kLengthCheck))) {
    return Corrupt("the length of a record does not have its checksum");
  }
  const auto length = GetInteger<std::uint32_t>(bytes, 0);
  if (length > limit) return Corrupt("a record is longer than the limit (record_bytes)");
  const std::size_t size = kFrameHeaderSize + length;
  if (bytes.size() < size) return Incomplete(size);
  if (GetInteger<std::uint32_t>(bytes, kBodyCheck) != Crc(bytes.substr(kChain, size - kChain))) {
    return Corrupt("a record does not have its checksum");
  }
  const std::string_view payload = bytes.substr(kFrameHeaderSize, length);
  const auto next = hasher->Hash(AsText(*chain), payload);
  if (!next || *next != GetArray<Digest>(bytes, kChain)) {
    return Corrupt("a record does not follow from the one before");
  }
  *chain = *next;
  return {Frame::State::kWhole, {}, payload, size};
}

std::string EncodeHeader(const SegmentHeader& header) {
  std::string out(kMagic);
  out += AsText(header.ledger);
  PutInteger(header.number, &out);
  PutInteger(header.first_sequence, &out);
  PutInteger(header.created_ms, &out);
  out += AsText(header.previous);
  PutInteger(header.previous_alive_until, &out);
  PutInteger(header.oldest_alive, &out);
  PutInteger(Crc(out), &out);
  return out;
}

std::optional<SegmentHeader> DecodeHeader(std::string_view bytes) {
  if (bytes.size() < kSegmentHeaderSize || bytes.substr(0, kMagic.size()) != kMagic) {
    return std::nullopt;
  }
  const std::size_t check = kSegmentHeaderSize - sizeof(std::uint32_t);
  if (GetInteger<std::uint32_t>(bytes, check) != Crc(bytes.substr(0, check))) return std::nullopt;
  SegmentHeader header;
  header.ledger = GetArray<LedgerId>(bytes, 8);
  header.number = GetInteger<std::uint64_t>(bytes, 24);
  header.first_sequence = GetInteger<std::uint64_t>(bytes, 32);
  header.created_ms = GetInteger<std::int64_t>(bytes, 40);
  header.previous = GetArray<Digest>(bytes, 48);
  header.previous_alive_until = GetInteger<std::int64_t>(bytes, 80);
  header.oldest_alive = GetInteger<std::uint64_t>(bytes, 88);
  return header;
}

}  // namespace assay::mint
