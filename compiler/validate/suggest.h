// "did you mean …" as the reference says it: the nearest of all candidates, however far.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace assay::validate {

// The first of the nearest candidates, or "" if there is none, or if the name or the list is so
// long that looking would cost more than the advice is worth.
std::string Nearest(std::string_view name, std::span<const std::string_view> candidates);

}  // namespace assay::validate
