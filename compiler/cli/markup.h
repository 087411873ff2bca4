// Text inside XML and HTML.
#pragma once

#include <string>
#include <string_view>

namespace assay::cli {

// The text as content of an element or of an attribute in quotes. What cannot be written in XML,
// and what could turn the direction of the text, becomes U+FFFD, as bytes do that are no UTF-8.
std::string Markup(std::string_view text);

}  // namespace assay::cli
