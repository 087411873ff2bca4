// Errors of the API as values. No function of Assay throws or aborts on any input. Plain data that
// callers build (Sources, Value, Request, Diagnostics) allocates as standard containers do;
// everything that works on such data turns a failed allocation into an error.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "assay/export.h"

namespace assay {

enum class ErrorCode : std::uint8_t {
  kInvalidArgument,   // the caller's data breaks a rule the function documents
  kLimitExceeded,     // a member of Limits would be exceeded; the message names it
  kCorruptProgram,    // a program did not pass the verifier
  kOutOfMemory,       // an allocation failed; nothing was changed
  kUnreadableFile,    // a file cannot be opened or read
  kUnsupportedImage,  // no image, or one of a format that this version does not know
  kCorruptImage,      // an image is not as it was written, or breaks a rule of its format
  kBadSignature,      // an image is not signed, or not by the key that must have signed it
};

struct Error {
  ErrorCode code = ErrorCode::kInvalidArgument;
  std::string message;
};

// Either a T or an E. Reading the one that is not there is a precondition violation; ask ok().
template <typename T, typename E = Error>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(E error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return state_.index() == 0; }
  T& value() & { return *std::get_if<0>(&state_); }
  const T& value() const& { return *std::get_if<0>(&state_); }
  T&& value() && { return std::move(*std::get_if<0>(&state_)); }
  const E& error() const& { return *std::get_if<1>(&state_); }
  E&& error() && { return std::move(*std::get_if<1>(&state_)); }

 private:
  std::variant<T, E> state_;
};

}  // namespace assay
