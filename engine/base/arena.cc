#include "engine/base/arena.h"

#include <algorithm>
#include <utility>

namespace assay {

namespace {
constexpr std::size_t kFirstChunk = std::size_t{16} << 10;
}  // namespace

void* Arena::AllocateInNextChunk(std::size_t bytes) noexcept {
  // Chunks come from operator new and are aligned for everything, so only the size matters.
  while (next_chunk_ < chunks_.size() && chunks_[next_chunk_].size < bytes) ++next_chunk_;
  if (next_chunk_ == chunks_.size()) {
    const std::size_t grown = chunks_.empty() ? kFirstChunk : chunks_.back().size * 2;
    const std::size_t size = std::max(std::min(grown, limit_), bytes);
    try {
      Chunk chunk{std::make_unique_for_overwrite<std::byte[]>(size), size};
      chunks_.push_back(std::move(chunk));
    } catch (const std::bad_alloc&) {
      return nullptr;
    }
  }
  const Chunk& chunk = chunks_[next_chunk_++];
  base_ = chunk.memory.get();
  capacity_ = chunk.size;
  used_ = bytes;
  return base_;
}

}  // namespace assay
