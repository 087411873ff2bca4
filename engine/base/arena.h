// Memory for one decision: handed out upwards, taken back all at once, kept for the next.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <vector>

namespace assay {

// Allocates from chunks that survive Reset(), so that repeating the same work allocates nothing.
// Objects are never destroyed: only trivially destructible ones may live here. The limit counts
// what is handed out, so that it does not depend on what was done before; the chunks kept for it
// are up to three times as large. Not thread-safe.
class Arena {
 public:
  explicit Arena(std::size_t limit_bytes = SIZE_MAX) : limit_(limit_bytes) {}

  // nullptr when the limit is reached or the system has no memory.
  void* Allocate(std::size_t bytes, std::size_t alignment) noexcept {
    if (bytes > limit_ - spent_) return nullptr;
    spent_ += bytes;
    const std::size_t at = (used_ + alignment - 1) & ~(alignment - 1);
    if (at >= used_ && at <= capacity_ && bytes <= capacity_ - at) {
      used_ = at + bytes;
      return base_ + at;
    }
    return AllocateInNextChunk(bytes);
  }

  template <typename T>
  T* New(std::size_t count) noexcept {
    static_assert(std::is_trivially_destructible_v<T>);
    if (count > SIZE_MAX / sizeof(T)) return nullptr;
    return static_cast<T*>(Allocate(count * sizeof(T), alignof(T)));
  }

  // Takes everything back; keeps the chunks.
  void Reset() noexcept {
    next_chunk_ = 0;
    base_ = nullptr;
    used_ = capacity_ = 0;
    spent_ = 0;
  }

 private:
  struct Chunk {
    std::unique_ptr<std::byte[]> memory;
    std::size_t size = 0;
  };

  void* AllocateInNextChunk(std::size_t bytes) noexcept;

  std::byte* base_ = nullptr;
  std::size_t used_ = 0;
  std::size_t capacity_ = 0;
  std::vector<Chunk> chunks_;
  std::size_t next_chunk_ = 0;
  std::size_t spent_ = 0;  // bytes handed out, at most limit_
  std::size_t limit_;
};

}  // namespace assay
