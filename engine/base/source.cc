#include "assay/source.h"

#include <algorithm>
#include <utility>

#include "engine/base/utf8.h"

namespace assay {

std::uint32_t Sources::Add(std::string name, std::string text, std::uint32_t first_line) {
  File& file = files_.emplace_back();
  file.name = std::move(name);
  file.text = std::move(text);
  file.first_line = first_line;
  file.line_starts.push_back(0);
  for (std::size_t i = 0; i < file.text.size(); ++i) {
    if (file.text[i] == '\n') file.line_starts.push_back(static_cast<std::uint32_t>(i + 1));
  }
  return static_cast<std::uint32_t>(files_.size() - 1);
}

LineColumn Sources::Locate(std::uint32_t source, std::uint32_t offset) const {
  const File& file = files_[source];
  const auto after = std::upper_bound(file.line_starts.begin(), file.line_starts.end(), offset);
  const auto line = static_cast<std::uint32_t>(after - file.line_starts.begin()) - 1;
  LineColumn place{file.first_line + line, 1};
  for (std::size_t i = file.line_starts[line]; i < offset && i < file.text.size();
       i += utf8::Decode(file.text, i).length) {
    ++place.column;
  }
  return place;
}

std::string_view Sources::Line(std::uint32_t source, std::uint32_t offset) const {
  const File& file = files_[source];
  const auto after = std::upper_bound(file.line_starts.begin(), file.line_starts.end(), offset);
  const std::size_t begin = *std::prev(after);
  std::size_t end = after == file.line_starts.end() ? file.text.size() : *after - 1;
  if (end > begin && file.text[end - 1] == '\r') --end;
  return std::string_view(file.text).substr(begin, end - begin);
}

}  // namespace assay
