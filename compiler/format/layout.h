// Text with places where a line may break, and the choice of where it does (after Wadler, "A
// prettier printer"). Knows nothing of what it lays out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay::format {

// Collects a document. The texts must outlive it.
class Layout {
 public:
  // `text` stays as it is, also with line breaks in it.
  void Text(std::string_view text);
  // A comment that ends the line; whatever follows stands on the next.
  void EndOfLine(std::string_view comment);

  void Space() { Add({.kind = Kind::kSpace, .width = 1}); }
  // In a group that breaks, a new line; in one that does not, a space, or nothing.
  void Line() { Add({.kind = Kind::kLine, .width = 1}); }
  void Soft() { Add({.kind = Kind::kLine}); }
  // Always a new line; always an empty line. Neither at the very start, and never two in a row.
  void Hard() { Add({.kind = Kind::kHard}); }
  void Blank() { Add({.kind = Kind::kBlank}); }

  // A group breaks all of its own lines or none. It breaks when it does not fit, or has a hard line
  // inside.
  void Open() { Add({.kind = Kind::kOpen}); }
  void Close() { Add({.kind = Kind::kClose}); }
  // Lines from here on begin so much further right; Nest(-n) takes it back.
  void Nest(std::int32_t columns) { Add({.kind = Kind::kNest, .columns = columns}); }

  // The whole document; ends with a line break unless it is empty. Takes time in proportion to its
  // length and the width.
  std::string Render(std::uint32_t line_width) const;

 private:
  friend class Renderer;
  enum class Kind : std::uint8_t {
    kText,
    kEndOfLine,
    kSpace,
    kLine,
    kHard,
    kBlank,
    kOpen,
    kClose,
    kNest
  };
  struct Item {
    Kind kind;
    std::string_view text = {};
    std::uint32_t width = 0;  // of a text, or of a line that does not break
    std::int32_t columns = 0;
  };

  void Add(const Item& item) { items_.push_back(item); }

  std::vector<Item> items_;
};

}  // namespace assay::format
