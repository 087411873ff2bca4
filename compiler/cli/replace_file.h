// Writing files so that they are never seen half written.
#pragma once

#include <string>

namespace assay::cli {

// Replaces what the file holds by `text`, wholly or not at all: the text is written to a new file
// beside it, which then takes its name. Keeps the permissions; follows a symbolic link. Creates the
// file, as the umask says, if there is none. What is no file, such as a pipe, is written to as it
// is. False, after an error was printed, if that failed.
bool ReplaceFile(const std::string& path, const std::string& text);

}  // namespace assay::cli
