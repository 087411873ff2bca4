#include "compiler/cli/snippet.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/cli/wrap.h"
#include "engine/base/escape.h"
#include "engine/base/utf8.h"

namespace assay::cli {

namespace {

constexpr std::size_t kTabColumns = 4;

std::string Repeat(std::string_view text, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

// The line as it is shown, beginning at `column`: nothing in it can drive a terminal.
std::string Shown(std::string_view line, std::size_t column = 0) {
  std::string out;
  std::size_t begin = 0;
  while (true) {
    const std::size_t tab = line.find('\t', begin);
    const std::string part = Printable(line.substr(begin, tab - begin));
    out += part;
    if (tab == std::string_view::npos) return out;
    column += WidthOf(part);
    const std::size_t spaces = kTabColumns - column % kTabColumns;
    out.append(spaces, ' ');
    column += spaces;
    begin = tab + 1;
  }
}

struct Line {
  std::string_view text;  // without its line break
  std::size_t begin = 0;  // in the source
  std::uint32_t number = 1;
};

class Snippet {
 public:
  Snippet(const Sources& sources, Span span, std::ostream* out)
      : sources_(sources), span_(span), text_(sources.text(span.source)), out_(*out) {
    const std::size_t last = span.end > span.begin ? span.end - 1 : span.begin;
    first_ = LineBegin(span.begin);
    const bool has_before = first_ > 0;
    std::size_t begin = has_before ? LineBegin(first_ - 1) : first_;
    std::uint32_t number = sources.Locate(span.source, span.begin).line - (has_before ? 1 : 0);
    // Up to the line after the last.
    for (bool is_after = false; begin < text_.size() && !is_after; ++number) {
      const std::size_t end = std::min(text_.find('\n', begin), text_.size());
      is_after = begin > last;
      std::string_view line = text_.substr(begin, end - begin);
      if (line.ends_with('\r')) line.remove_suffix(1);
      lines_.push_back({line, begin, number});
      begin = end + 1;
    }
    number_width_ = lines_.empty() ? 1 : std::to_string(lines_.back().number).size();
    is_long_ = text_.substr(first_, last - first_).find('\n') != std::string_view::npos;
  }

  void Print(bool names_source) {
    if (lines_.empty()) return;
    Head(names_source);
    for (const Line& line : lines_) {
      const std::string number = std::to_string(line.number);
      out_ << ' ' << std::string(number_width_ - number.size(), ' ') << number << " │ "
           << (is_long_ ? Bracket(line) : "") << Shown(line.text) << "\n";
      if (!is_long_ && line.begin == first_) Underline(line);
    }
    out_ << std::string(number_width_ + 2, ' ') << "╰────\n";
  }

 private:
  std::size_t LineBegin(std::size_t offset) const {
    if (offset == 0) return 0;
    const std::size_t before = text_.rfind('\n', offset - 1);
    return before == std::string_view::npos ? 0 : before + 1;
  }

  void Head(bool names_source) {
    out_ << std::string(number_width_ + 2, ' ') << "╭─";
    // The reference counts bytes.
    const std::string place = std::to_string(sources_.Locate(span_.source, span_.begin).line) +
                              ":" + std::to_string(span_.begin - first_ + 1) + "]\n";
    if (names_source) {
      out_ << '[' << Printable(sources_.name(span_.source)) << ':' << place;
    } else if (lines_.size() > 1) {
      out_ << '[' << place;
    } else {
      out_ << "───\n";
    }
  }

  void Underline(const Line& line) {
    const std::size_t from = span_.begin - line.begin;
    const std::size_t to = std::min<std::size_t>(span_.end - line.begin, line.text.size());
    const std::size_t before = WidthOf(Shown(line.text.substr(0, from)));
    const std::size_t width = WidthOf(Shown(line.text.substr(from, to - from), before));
    out_ << std::string(number_width_ + 2, ' ') << "· " << std::string(before, ' ')
         << (span_.begin == span_.end ? "▲" : Repeat("─", std::max<std::size_t>(width, 1))) << "\n";
  }

  // What stands left of a line if the span has several.
  std::string_view Bracket(const Line& line) const {
    const std::size_t end = line.begin + line.text.size();
    if (line.begin == first_) return "╭─▶ ";
    if (line.begin < first_ || line.begin >= span_.end) return "    ";
    return span_.end <= end + 1 ? "╰─▶ " : "│   ";
  }

  const Sources& sources_;
  Span span_;
  std::string_view text_;
  std::ostream& out_;
  std::vector<Line> lines_;
  std::size_t first_ = 0;  // where the line of the span's beginning begins
  std::size_t number_width_ = 1;
  bool is_long_ = false;  // the span has several lines
};

}  // namespace

void PrintSnippet(const Sources& sources, Span span, bool names_source, std::ostream* out) {
  Snippet(sources, span, out).Print(names_source);
}

}  // namespace assay::cli
