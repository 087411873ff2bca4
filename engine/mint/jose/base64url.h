// Base64url without padding (RFC 4648, section 5), in its one canonical form.
#pragma once

#include <string>
#include <string_view>

namespace assay::mint::jose {

// False for characters outside the alphabet (padding, white space, `+` and `/` included), lengths
// that cannot be, and bits left over that are not zero: no two texts decode to the same bytes.
bool DecodeBase64url(std::string_view text, std::string* bytes);

void AppendBase64url(std::string_view bytes, std::string* text);
std::string EncodeBase64url(std::string_view bytes);

// The ordinary alphabet with padding, for `x5c` and PEM bodies without line breaks; as strict.
bool DecodeBase64(std::string_view text, std::string* bytes);

}  // namespace assay::mint::jose
