#include "assay/mint/secret.h"

#include <openssl/crypto.h>

#include <cstring>
#include <utility>

namespace assay::mint {

bool UseSecureHeap(std::size_t bytes) noexcept {
  // 16: the smallest piece it gives out.
  return CRYPTO_secure_malloc_init(bytes, 16) == 1;
}

void Cleanse(std::string* text) noexcept {
  OPENSSL_cleanse(text->data(), text->capacity());
  text->clear();
}

Secret::Secret(std::string_view bytes) noexcept {
  if (bytes.empty()) return;
  data_ = static_cast<char*>(OPENSSL_secure_malloc(bytes.size()));
  if (data_ == nullptr) return;
  size_ = bytes.size();
  std::memcpy(data_, bytes.data(), size_);
}

Secret::~Secret() { OPENSSL_secure_clear_free(data_, size_); }

Secret::Secret(Secret&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

}  // namespace assay::mint
