// "did you mean …": the candidate closest to what was written, by edits of single characters.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace assay {

// "did you mean `x`?" for the nearest candidate within a third of its length in edits, else "".
std::string DidYouMean(std::string_view written, std::span<const std::string_view> candidates);

// The first of the nearest candidates however far, as the reference suggests; "" if there is none,
// or if the name or the list is so long that looking would cost more than the advice is worth.
std::string_view Nearest(std::string_view written, std::span<const std::string_view> candidates);

}  // namespace assay
