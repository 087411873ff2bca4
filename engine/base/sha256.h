// SHA-256 (FIPS 180-4), computed by OpenSSL.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_st;
struct evp_md_ctx_st;

namespace assay {

using Sha256Digest = std::array<std::uint8_t, 32>;

// Hashes one text after another. What is expensive, finding the implementation, is done when the
// object is made: keep one for many short texts. Not thread-safe. All members throw std::bad_alloc
// when OpenSSL has no memory.
class Sha256 {
 public:
  Sha256();

  Sha256& Add(std::string_view text);
  Sha256& Add(const Sha256Digest& digest);
  Sha256& AddByte(std::uint8_t byte);
  // The length in eight bytes, the lowest first, then the text: so a row of texts reads in one way.
  Sha256& AddSized(std::string_view text);

  // The digest of what was added since the last call.
  Sha256Digest Finish();

 private:
  struct FreeMd {
    void operator()(evp_md_st* md) const;
  };
  struct FreeContext {
    void operator()(evp_md_ctx_st* context) const;
  };
  Sha256& AddBytes(const void* bytes, std::size_t size);
  void Flush();

  std::unique_ptr<evp_md_st, FreeMd> md_;
  std::unique_ptr<evp_md_ctx_st, FreeContext> context_;
  // A call of OpenSSL costs as much as hashing the few bytes that most texts have.
  std::array<unsigned char, 256> buffer_;
  std::size_t buffered_ = 0;
};

// 64 lower-case hexadecimal digits.
std::string ToHex(const Sha256Digest& digest);

}  // namespace assay
