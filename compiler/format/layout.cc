#include "compiler/format/layout.h"

#include <algorithm>

namespace assay::format {

namespace {

// Characters, not bytes; the text is valid UTF-8.
std::uint32_t WidthOf(std::string_view text) {
  return static_cast<std::uint32_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace

void Layout::Text(std::string_view text) {
  Add({.kind = Kind::kText, .text = text, .width = WidthOf(text)});
}

void Layout::EndOfLine(std::string_view comment) {
  Add({.kind = Kind::kEndOfLine, .text = comment});
}

// White space is written when the next text is known, so that no line ends with any.
class Renderer {
 public:
  Renderer(const std::vector<Layout::Item>& items, std::uint32_t line_width)
      : items_(items), line_width_(line_width) {}

  std::string Run() {
    for (at_ = 0; at_ < items_.size(); ++at_) Put(items_[at_]);
    if (!out_.empty()) out_ += '\n';
    return std::move(out_);
  }

 private:
  using Kind = Layout::Kind;
  enum class Gap : std::uint8_t { kNone, kSpace, kLine, kBlank };

  void Put(const Layout::Item& item) {
    switch (item.kind) {
      case Kind::kText: return Text(item.text, item.width);
      case Kind::kEndOfLine:
        Widen(Gap::kSpace);
        Text(item.text, 0);
        return Widen(Gap::kLine);
      case Kind::kSpace: return Widen(Gap::kSpace);
      case Kind::kLine:
        if (!is_flat()) return Widen(Gap::kLine);
        return Widen(item.width > 0 ? Gap::kSpace : Gap::kNone);
      case Kind::kHard: return Widen(Gap::kLine);
      case Kind::kBlank: return Widen(Gap::kBlank);
      case Kind::kOpen: return flat_.push_back(is_flat() || Fits());
      case Kind::kClose: return flat_.pop_back();
      case Kind::kNest: indent_ += item.columns; return;
    }
  }

  bool is_flat() const { return !flat_.empty() && flat_.back(); }

  void Widen(Gap gap) {
    gap_ = std::max(gap_, gap);
    if (gap >= Gap::kLine) gap_indent_ = indent_;
  }

  void Text(std::string_view text, std::uint32_t width) {
    if (gap_ == Gap::kSpace) out_ += ' ';
    if (gap_ >= Gap::kLine && !out_.empty()) {
      out_ += gap_ == Gap::kLine ? "\n" : "\n\n";
      out_.append(static_cast<std::size_t>(gap_indent_), ' ');
    }
    column_ = Column() + width;
    gap_ = Gap::kNone;
    out_ += text;
  }

  // Where the next text will stand.
  std::uint32_t Column() const {
    if (gap_ >= Gap::kLine) return static_cast<std::uint32_t>(gap_indent_);
    return column_ + (gap_ == Gap::kSpace ? 1 : 0);
  }

  // Whether the group that opens here, and what follows it up to the next line that may break, fit
  // into the line. The groups around it are broken, or nobody would ask.
  bool Fits() const {
    std::uint32_t column = Column();
    std::size_t depth = 1;  // groups open within this one, itself included
    bool is_broken = false;
    for (std::size_t i = at_ + 1; i < items_.size() && column <= line_width_; ++i) {
      const Layout::Item& item = items_[i];
      const bool may_break = item.kind == Kind::kLine || item.kind == Kind::kHard ||
                             item.kind == Kind::kBlank || item.kind == Kind::kEndOfLine;
      if (depth == 0 && may_break) return true;
      if (is_broken && item.kind == Kind::kText) return depth == 0;
      if (may_break && item.kind != Kind::kLine) is_broken = true;
      if (depth > 0 && item.kind == Kind::kOpen) ++depth;
      if (depth > 0 && item.kind == Kind::kClose) --depth;
      column += item.width;
    }
    return column <= line_width_;
  }

  const std::vector<Layout::Item>& items_;
  std::uint32_t line_width_;
  std::size_t at_ = 0;
  std::string out_;
  std::vector<bool> flat_;  // of each open group
  std::int32_t indent_ = 0;
  std::uint32_t column_ = 0;
  Gap gap_ = Gap::kNone;         // before the next text
  std::int32_t gap_indent_ = 0;  // where it stands, if on a new line
};

std::string Layout::Render(std::uint32_t line_width) const {
  return Renderer(items_, line_width).Run();
}

}  // namespace assay::format
