#include "engine/base/sha256.h"

#include <openssl/evp.h>

#include <cstring>
#include <new>

#include "engine/base/hex.h"

namespace assay {

namespace {

// Nothing but memory can fail here.
void Check(int result) {
  if (result != 1) throw std::bad_alloc();
}

}  // namespace

void Sha256::FreeMd::operator()(evp_md_st* md) const { EVP_MD_free(md); }

void Sha256::FreeContext::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

Sha256::Sha256() : md_(EVP_MD_fetch(nullptr, "SHA256", nullptr)), context_(EVP_MD_CTX_new()) {
  if (md_ == nullptr || context_ == nullptr) throw std::bad_alloc();
  Check(EVP_DigestInit_ex(context_.get(), md_.get(), nullptr));
}

Sha256& Sha256::Add(std::string_view text) { return AddBytes(text.data(), text.size()); }

Sha256& Sha256::Add(const Sha256Digest& digest) { return AddBytes(digest.data(), digest.size()); }

Sha256& Sha256::AddByte(std::uint8_t byte) { return AddBytes(&byte, 1); }

Sha256& Sha256::AddSized(std::string_view text) {
  std::array<std::uint8_t, 8> length;
  for (unsigned i = 0; i < 8; ++i) length[i] = static_cast<std::uint8_t>(text.size() >> (8 * i));
  return AddBytes(length.data(), length.size()).Add(text);
}

Sha256& Sha256::AddBytes(const void* bytes, std::size_t size) {
  if (size > buffer_.size() - buffered_) Flush();
  if (size > buffer_.size()) {
    Check(EVP_DigestUpdate(context_.get(), bytes, size));
  } else if (size > 0) {
    std::memcpy(buffer_.data() + buffered_, bytes, size);
    buffered_ += size;
  }
  return *this;
}

void Sha256::Flush() {
  Check(EVP_DigestUpdate(context_.get(), buffer_.data(), buffered_));
  buffered_ = 0;
}

Sha256Digest Sha256::Finish() {
  Flush();
  Sha256Digest digest;
  Check(EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr));
  Check(EVP_DigestInit_ex(context_.get(), md_.get(), nullptr));
  return digest;
}

std::string ToHex(const Sha256Digest& digest) {
  return ToHex(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

}  // namespace assay
