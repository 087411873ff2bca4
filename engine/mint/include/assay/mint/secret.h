// Bytes that must not outlive their use: private keys and tokens.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "assay/export.h"

namespace assay::mint {

// Reserves OpenSSL's secure heap for this process: locked into memory and left out of core dumps.
// Call it once, before any key is made or read; `bytes` is a power of two. False if there is none,
// because the system refuses to lock so much or it was called before; secrets then live on the
// ordinary heap and are still cleansed. Not thread-safe.
ASSAY_API bool UseSecureHeap(std::size_t bytes) noexcept;

// Overwrites the whole capacity of `text` and empties it.
ASSAY_API void Cleanse(std::string* text) noexcept;

// A text on the ordinary heap that is overwritten when it goes: for what is secret for a moment and
// too frequent for the secure heap. Moves, never copies.
class CleansedText {
 public:
  CleansedText() = default;
  explicit CleansedText(std::string text) : text_(std::move(text)) {}
  ~CleansedText() { Cleanse(&text_); }
  CleansedText(CleansedText&& other) noexcept : text_(std::move(other.text_)) {}
  CleansedText& operator=(CleansedText&& other) noexcept {
    text_.swap(other.text_);
    return *this;
  }
  CleansedText(const CleansedText&) = delete;
  CleansedText& operator=(const CleansedText&) = delete;

  std::string* get() { return &text_; }
  std::string_view view() const { return text_; }

 private:
  std::string text_;
};

// A byte string on the secure heap, overwritten when it goes. Moves, never copies. May be read from
// several threads at once.
class ASSAY_API Secret {
 public:
  Secret() = default;
  // Copies `bytes`; empty if memory ran out and `bytes` was not.
  explicit Secret(std::string_view bytes) noexcept;
  ~Secret();
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;

  std::string_view view() const { return {data_, size_}; }
  bool empty() const { return size_ == 0; }

 private:
  char* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace assay::mint
