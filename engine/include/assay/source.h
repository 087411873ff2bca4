// Source texts and places in them. A Span is cheap and means nothing without its Sources.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "assay/export.h"

namespace assay {

// Half-open byte range [begin, end) of source number `source`.
struct Span {
  std::uint32_t source = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  friend bool operator==(const Span&, const Span&) = default;
};

// The span from the start of `a` to the end of `b`; both must be of one source.
inline Span Cover(Span a, Span b) { return {a.source, a.begin, b.end}; }

// 1-based line and column; the column counts Unicode scalar values, as editors do.
struct LineColumn {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

// Owns texts that Spans point into. Views it hands out live as long as it does, also when it is
// moved. Not thread-safe while texts are added.
class ASSAY_API Sources {
 public:
  // Returns the number to use in Span::source. `name` is what errors show before the line;
  // `first_line` is the line of that file where the text begins.
  std::uint32_t Add(std::string name, std::string text, std::uint32_t first_line = 1);

  std::string_view name(std::uint32_t source) const { return files_[source].name; }
  std::string_view text(std::uint32_t source) const { return files_[source].text; }
  std::size_t size() const { return files_.size(); }

  LineColumn Locate(std::uint32_t source, std::uint32_t offset) const;
  // The whole line around `offset`, without its line break.
  std::string_view Line(std::uint32_t source, std::uint32_t offset) const;
  std::string_view Slice(Span span) const {
    return text(span.source).substr(span.begin, span.end - span.begin);
  }

 private:
  struct File {
    std::string name;
    std::string text;
    std::uint32_t first_line = 1;
    std::vector<std::uint32_t> line_starts;
  };
  std::deque<File> files_;
};

}  // namespace assay
