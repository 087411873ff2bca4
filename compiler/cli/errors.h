// How errors are shown: one form for the whole program.
#pragma once

#include <iostream>
#include <optional>
#include <string>
#include <string_view>

#include "assay/diagnostics.h"
#include "assay/source.h"

namespace assay::cli {

enum class ErrorFormat : std::uint8_t {
  kHuman,  // with the line that is meant, and a mark below the place
  kPlain,  // sentences only, for readers that cannot see marks
  kJson,   // an object a line, with the members that the reference's errors have
};

// The form in which everything below prints. Set before the first error, while there is one thread.
ErrorFormat& TheErrorFormat();

// One error that has no place; of the message, what could drive a terminal is escaped. Prints to
// standard error if nothing else is said.
void PrintError(const std::string& message, std::ostream* out = &std::cerr,
                const std::string& hint = "");

// The same for what is no error, to standard error.
void PrintWarning(const std::string& message, const std::string& hint);

// One error as an object of JSON.
struct JsonError {
  std::string_view message;
  std::string_view code = {};  // its name, or ""
  const char* severity = "error";
  std::string_view help = {};  // or ""
  std::optional<Span> span = {};
  std::string causes = "[]", related = "[]";  // JSON
};
std::string ToJson(const JsonError& error, const Sources& sources);

// All of them, with their places and hints.
void PrintDiagnostics(const Diagnostics& diagnostics, const Sources& sources, std::ostream* out);

}  // namespace assay::cli
