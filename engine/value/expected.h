// What an operation expects of an operand.
#pragma once

#include <cstdint>
#include <string_view>

namespace assay::rt {

enum class Expected : std::uint8_t {
#define EXPECTED(Name, text) Name,
#include "engine/value/expected.def"
};

inline constexpr std::string_view kExpectedTexts[] = {
#define EXPECTED(Name, text) text,
#include "engine/value/expected.def"
};

}  // namespace assay::rt
