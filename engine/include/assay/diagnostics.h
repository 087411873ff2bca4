// Errors in user input: collected, not thrown, each with a place, a stable id and maybe a hint.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "assay/export.h"
#include "assay/source.h"

namespace assay {

// Every kind of diagnostic; diagnostics.def is the one table.
enum class DiagId : std::uint8_t {
#define DIAG(Name, text) Name,
#include "assay/diagnostics.def"
};

// The stable name of a diagnostic as users see it, for example "unknown-function".
ASSAY_API std::string_view DiagName(DiagId id);

struct Diagnostic {
  DiagId id{};
  Span span;
  bool has_place = false;   // false: about a whole input, or no text is at hand
  std::string message;      // one sentence, no final stop
  std::string hint;         // "" or one sentence on how to mend it
  bool is_warning = false;  // nothing is wrong, but somebody should look
};

// Collects diagnostics up to a limit; those beyond are counted. Not thread-safe.
class ASSAY_API Diagnostics {
 public:
  explicit Diagnostics(std::uint32_t limit = 100) : limit_(limit) {}

  // Of a message or hint of more than 10,000 bytes the rest is left out.
  void Add(DiagId id, Span span, std::string message, std::string hint = {});
  void AddWithoutPlace(DiagId id, std::string message, std::string hint = {});
  // Warnings are listed and rendered among the errors, but are no errors: empty() and total() do
  // not count them.
  void AddWarning(DiagId id, Span span, std::string message, std::string hint = {});

  // Sorts by place what was added after the first `first`.
  void SortFrom(std::size_t first);
  // Notes that an allocation failed; itself needs no memory.
  void OutOfMemory() noexcept { out_of_memory_ = true; }

  // There was no error.
  bool empty() const { return total_ == 0 && !out_of_memory_; }
  bool out_of_memory() const { return out_of_memory_; }
  std::uint64_t total() const { return total_; }
  const std::vector<Diagnostic>& list() const { return list_; }

  // For each diagnostic `FILE:LINE:COL: error: message [id]`, the source line with a caret under
  // the place, and the hint. Control and direction-changing characters of the input are escaped.
  std::string Render(const Sources& sources) const;

 private:
  std::uint32_t limit_;
  std::uint64_t total_ = 0;
  std::uint64_t warnings_ = 0;
  bool out_of_memory_ = false;
  std::vector<Diagnostic> list_;
};

}  // namespace assay
