// Stands in for engine/base/sha256.cc in this program, as fixed_hash.cc does for hash.cc: what
// OpenSSL takes depends on the processor and would outweigh what is to be counted. No digest, but
// the same texts give the same bytes and others, as far as anybody here can tell, others.
#include <cstring>

#include "engine/base/sha256.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace assay {

void Sha256::FreeMd::operator()(evp_md_st*) const {}
void Sha256::FreeContext::operator()(evp_md_ctx_st*) const {}

// The buffer begins with the digest of what was in it before.
Sha256::Sha256() : buffer_{}, buffered_(sizeof(Sha256Digest)) {}

Sha256& Sha256::Add(std::string_view text) { return AddBytes(text.data(), text.size()); }
Sha256& Sha256::Add(const Sha256Digest& digest) { return AddBytes(digest.data(), digest.size()); }
Sha256& Sha256::AddByte(std::uint8_t byte) { return AddBytes(&byte, 1); }
Sha256& Sha256::AddSized(std::string_view text) {
  const std::uint64_t size = text.size();
  return AddBytes(&size, sizeof(size)).Add(text);
}

Sha256& Sha256::AddBytes(const void* bytes, std::size_t size) {
  const auto* from = static_cast<const unsigned char*>(bytes);
  while (size > buffer_.size() - buffered_) {
    const std::size_t part = buffer_.size() - buffered_;
    std::memcpy(buffer_.data() + buffered_, from, part);
    buffered_ += part;
    Flush();
    from += part;
    size -= part;
  }
  if (size > 0) std::memcpy(buffer_.data() + buffered_, from, size);
  buffered_ += size;
  return *this;
}

void Sha256::Flush() {
  const XXH128_hash_t halves[] = {XXH3_128bits_withSeed(buffer_.data(), buffered_, 1),
                                  XXH3_128bits_withSeed(buffer_.data(), buffered_, 2)};
  static_assert(sizeof(halves) == sizeof(Sha256Digest));
  std::memcpy(buffer_.data(), halves, sizeof(halves));
  buffered_ = sizeof(halves);
}

Sha256Digest Sha256::Finish() {
  Flush();
  Sha256Digest digest;
  std::memcpy(digest.data(), buffer_.data(), digest.size());
  std::memset(buffer_.data(), 0, digest.size());
  return digest;
}

}  // namespace assay
