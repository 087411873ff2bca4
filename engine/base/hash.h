// The hash of all tables that hold names from outside.
#pragma once

#include <cstdint>
#include <string_view>

namespace assay {

// Seeded at random for each process, so that nobody can prepare texts that collide. `salt` makes
// different hashes of the same text.
std::uint64_t SeededHash(std::uint64_t salt, std::string_view text) noexcept;

}  // namespace assay
