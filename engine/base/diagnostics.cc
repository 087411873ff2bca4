#include "assay/diagnostics.h"

#include <algorithm>
#include <utility>

#include "engine/base/escape.h"
#include "engine/base/utf8.h"

namespace assay {

namespace {

constexpr std::string_view kNames[] = {
#define DIAG(Name, text) text,
#include "assay/diagnostics.def"
};

// Longer lines are cut to a window around the place of the error.
constexpr std::size_t kLineBytes = 160;
constexpr std::size_t kBytesBefore = 80;

std::size_t CountScalars(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

bool IsBoundary(std::string_view text, std::size_t i) {
  return i >= text.size() || (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80;
}

// The source line and, below it, a caret under the place.
std::string Excerpt(const Sources& sources, Span span) {
  const std::string_view line = sources.Line(span.source, span.begin);
  const std::string_view text = sources.text(span.source);
  const auto line_begin = static_cast<std::size_t>(line.data() - text.data());
  const std::size_t at = std::min<std::size_t>(span.begin - line_begin, line.size());
  std::size_t from = line.size() > kLineBytes && at > kBytesBefore ? at - kBytesBefore : 0;
  while (from > 0 && !IsBoundary(line, from)) --from;
  std::size_t to = std::min(line.size(), from + kLineBytes);
  while (!IsBoundary(line, to)) ++to;
  const std::size_t last =
      std::clamp<std::size_t>(span.end - std::min<std::size_t>(line_begin, span.end), at, to);
  const std::string lead = from > 0 ? "…" : "";
  const std::string before = lead + Printable(line.substr(from, at - from));
  const std::string marked = Printable(line.substr(at, last - at));
  const std::string after = Printable(line.substr(last, to - last)) + (to < line.size() ? "…" : "");
  std::string out = "  " + before + marked + after + "\n  ";
  out.append(CountScalars(before), ' ');
  out += '^';
  const std::size_t width = CountScalars(marked);
  if (width > 1) out.append(width - 1, '~');
  return out + "\n";
}

// Names of the input are told in full, unless they are made to flood whoever reads of them.
std::string Bounded(std::string text) {
  constexpr std::size_t kMostBytes = 10'000;
  if (text.size() <= kMostBytes) return text;
  std::size_t end = kMostBytes;
  while ((static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  text.resize(end);
  return text + "…";
}

}  // namespace

std::string_view DiagName(DiagId id) { return kNames[static_cast<std::size_t>(id)]; }

void Diagnostics::Add(DiagId id, Span span, std::string message, std::string hint) {
  if (total_++ >= limit_) return;
  list_.push_back({id, span, true, Bounded(std::move(message)), Bounded(std::move(hint))});
}

void Diagnostics::AddWarning(DiagId id, Span span, std::string message, std::string hint) {
  if (warnings_++ >= limit_) return;
  list_.push_back({id, span, true, Bounded(std::move(message)), Bounded(std::move(hint)), true});
}

void Diagnostics::AddWithoutPlace(DiagId id, std::string message, std::string hint) {
  if (total_++ >= limit_) return;
  list_.push_back({id, {}, false, Bounded(std::move(message)), Bounded(std::move(hint))});
}

void Diagnostics::SortFrom(std::size_t first) {
  if (first >= list_.size()) return;
  std::stable_sort(list_.begin() + static_cast<std::ptrdiff_t>(first), list_.end(),
                   [](const Diagnostic& a, const Diagnostic& b) {
                     return a.span.source != b.span.source ? a.span.source < b.span.source
                                                           : a.span.begin < b.span.begin;
                   });
}

std::string Diagnostics::Render(const Sources& sources) const {
  std::string out;
  for (const Diagnostic& d : list_) {
    if (d.has_place) {
      const LineColumn place = sources.Locate(d.span.source, d.span.begin);
      out += Printable(sources.name(d.span.source)) + ":" + std::to_string(place.line) + ":" +
             std::to_string(place.column) + ": ";
    }
    out += d.is_warning ? "warning: " : "error: ";
    out += Printable(d.message) + " [" + std::string(DiagName(d.id)) + "]\n";
    if (d.has_place) out += Excerpt(sources, d.span);
    if (!d.hint.empty()) out += "  hint: " + Printable(d.hint) + "\n";
  }
  if (out_of_memory_) {
    out += "error: out of memory [" + std::string(DiagName(DiagId::kOutOfMemory)) + "]\n";
  }
  if (total_ > limit_) out += "error: and " + std::to_string(total_ - limit_) + " more\n";
  if (warnings_ > limit_) out += "warning: and " + std::to_string(warnings_ - limit_) + " more\n";
  return out;
}

}  // namespace assay
