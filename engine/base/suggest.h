// "did you mean …": the candidate closest to what was written.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace assay {

// "did you mean `x`?" for the nearest candidate within a third of its length in edits, else "".
std::string DidYouMean(std::string_view written, std::span<const std::string_view> candidates);

}  // namespace assay
