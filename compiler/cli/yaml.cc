// The only user of libyaml. It counts characters where we count bytes, and hands out events, of
// which the tree is built without recursion.
#include "compiler/cli/yaml.h"

#include <re2/re2.h>
#include <yaml.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <unordered_set>
#include <utility>

#include "engine/base/check_text.h"

namespace assay::cli {

namespace {

using json::Node;
using json::Type;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// From the number of a character to its first byte.
class ByteOffsets {
 public:
  explicit ByteOffsets(std::string_view text) : text_(text) {
    std::size_t characters = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (!StartsCharacter(text[at])) continue;
      if (characters++ % kStep == 0) known_.push_back(static_cast<std::uint32_t>(at));
    }
  }

  std::uint32_t Of(std::size_t character) const {
    if (character / kStep >= known_.size()) return static_cast<std::uint32_t>(text_.size());
    std::size_t at = known_[character / kStep];
    for (std::size_t left = character % kStep; at < text_.size() && left > 0; --left) {
      do ++at;
      while (at < text_.size() && !StartsCharacter(text_[at]));
    }
    return static_cast<std::uint32_t>(at);
  }

 private:
  static constexpr std::size_t kStep = 64;

  static bool StartsCharacter(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

  std::string_view text_;
  std::vector<std::uint32_t> known_;  // of each kStep-th character
};

Node IntegerOf(std::string_view digits, bool is_negative, int base) {
  const std::string text = (is_negative ? "-" : "") + std::string(digits);
  std::int64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (read.ec != std::errc()) return {.type = Type::kNumber};
  return {.type = Type::kInteger, .integer = value};
}

// What a scalar without quotes is, by the core schema (YAML 1.2.2, section 10.3.2).
Node PlainScalar(std::string text) {
  static const RE2 null_text("null|Null|NULL|~|");
  static const RE2 bool_text("(true|True|TRUE)|false|False|FALSE");
  static const RE2 integer_text("(?:([-+]?)([0-9]+)|0o([0-7]+)|0x([0-9a-fA-F]+))");
  static const RE2 float_text(
      "[-+]?(?:\\.[0-9]+|[0-9]+(?:\\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|"
      "[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)");
  re2::StringPiece truth, sign, decimal, octal, hexadecimal;
  if (RE2::FullMatch(text, null_text)) return {.type = Type::kNull};
  if (RE2::FullMatch(text, bool_text, &truth)) {
    return {.type = Type::kBool, .boolean = !truth.empty()};
  }
  if (RE2::FullMatch(text, integer_text, &sign, &decimal, &octal, &hexadecimal)) {
    const auto view = [](re2::StringPiece piece) {
      return std::string_view(piece.data(), piece.size());
    };
    if (!octal.empty()) return IntegerOf(view(octal), false, 8);
    if (!hexadecimal.empty()) return IntegerOf(view(hexadecimal), false, 16);
    return IntegerOf(view(decimal), sign == "-", 10);
  }
  if (RE2::FullMatch(text, float_text)) return {.type = Type::kNumber};
  return {.type = Type::kString, .string = std::move(text)};
}

class Reader {
 public:
  Reader(std::string_view text, std::uint32_t source, const Limits& limits,
         Diagnostics* diagnostics)
      : source_(source),
        size_(text.size()),
        limits_(limits),
        diagnostics_(diagnostics),
        offsets_(text) {
    is_ready_ = yaml_parser_initialize(&parser_) != 0;
    if (!is_ready_) return;
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                                 text.size());
    if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) ++skipped_;
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() {
    if (is_ready_) yaml_parser_delete(&parser_);
  }

  std::optional<Node> Read() {
    if (!is_ready_) {
      diagnostics_->OutOfMemory();
      return std::nullopt;
    }
    for (;;) {
      yaml_event_t event;
      if (yaml_parser_parse(&parser_, &event) == 0) {
        ReportParser();
        return std::nullopt;
      }
      const bool is_end = event.type == YAML_STREAM_END_EVENT;
      const bool ok = Take(event);
      yaml_event_delete(&event);
      if (!ok) return std::nullopt;
      if (is_end) break;
    }
    if (!root_) diagnostics_->Add(DiagId::kInvalidYaml, {source_, 0, 0}, "there is nothing here");
    return std::move(root_);
  }

 private:
  // A sequence or mapping that is not closed yet.
  struct Level {
    Node node;
    std::unordered_set<std::string> keys;
    bool has_key() const { return node.members.size() > node.elements.size(); }
  };

  bool Take(const yaml_event_t& event) {
    const Span span{source_, Offset(event.start_mark), Offset(event.end_mark)};
    switch (event.type) {
      case YAML_DOCUMENT_START_EVENT:
        return !root_ || Refuse(span, "a second document begins here");
      case YAML_ALIAS_EVENT: return Refuse(span, "aliases are not supported");
      case YAML_SCALAR_EVENT: return TakeScalar(event.data.scalar, span);
      case YAML_SEQUENCE_START_EVENT: {
        const auto& start = event.data.sequence_start;
        return Open(Type::kArray, start.anchor, start.tag, span);
      }
      case YAML_MAPPING_START_EVENT: {
        const auto& start = event.data.mapping_start;
        return Open(Type::kObject, start.anchor, start.tag, span);
      }
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT: return Close(span);
      default: return true;
    }
  }

  template <typename Scalar>  // the library has no name for it
  bool TakeScalar(const Scalar& scalar, Span span) {
    if (!IsBare(scalar.anchor, scalar.tag, span) ||
        !CheckString(scalar.length, span, limits_, diagnostics_)) {
      return false;
    }
    std::string text(reinterpret_cast<const char*>(scalar.value), scalar.length);
    if (NeedsKey()) return AddKey(std::move(text), span);
    Node node = scalar.style == YAML_PLAIN_SCALAR_STYLE
                    ? PlainScalar(std::move(text))
                    : Node{.type = Type::kString, .string = std::move(text)};
    node.span = span;
    return Put(std::move(node));
  }

  bool NeedsKey() const {
    return !open_.empty() && open_.back().node.type == Type::kObject && !open_.back().has_key();
  }

  bool AddKey(std::string key, Span span) {
    Level& level = open_.back();
    if (!level.keys.insert(key).second) {
      diagnostics_->Add(DiagId::kDuplicateMember, span,
                        "the member `" + key + "` was given before in this mapping",
                        "keep one of the two");
      return false;
    }
    level.node.members.push_back({std::move(key), span});
    return true;
  }

  bool Open(Type type, const unsigned char* anchor, const unsigned char* tag, Span span) {
    if (!IsBare(anchor, tag, span)) return false;
    if (NeedsKey()) return Refuse(span, "a key must be a text");
    if (open_.size() >= limits_.json_depth) {
      diagnostics_->Add(DiagId::kTooDeep, span,
                        "this YAML is nested more than " + std::to_string(limits_.json_depth) +
                            " deep (json_depth)");
      return false;
    }
    open_.push_back({{.type = type, .span = span}, {}});
    return true;
  }

  bool Close(Span span) {
    Node node = std::move(open_.back().node);
    open_.pop_back();
    // A block ends where the next thing begins, which may be lines further down.
    const bool is_flow = span.end > span.begin;
    if (is_flow || node.elements.empty()) {
      node.span.end = std::max(node.span.begin, span.end);
    } else {
      node.span.end = node.elements.back().span.end;
    }
    return Put(std::move(node));
  }

  bool Put(Node node) {
    if (!CheckValues(++values_, node.span, limits_, diagnostics_)) return false;
    if (open_.empty()) {
      root_ = std::move(node);
    } else {
      open_.back().node.elements.push_back(std::move(node));
    }
    return true;
  }

  bool IsBare(const unsigned char* anchor, const unsigned char* tag, Span span) {
    if (anchor != nullptr) return Refuse(span, "anchors are not supported");
    if (tag != nullptr) return Refuse(span, "tags are not supported");
    return true;
  }

  bool Refuse(Span span, std::string message) {
    diagnostics_->Add(DiagId::kInvalidYaml, span, std::move(message));
    return false;
  }

  void ReportParser() {
    if (parser_.error == YAML_MEMORY_ERROR || parser_.problem == nullptr) {
      diagnostics_->OutOfMemory();
      return;
    }
    std::uint32_t at = parser_.error == YAML_READER_ERROR
                           ? static_cast<std::uint32_t>(parser_.problem_offset)
                           : Offset(parser_.problem_mark);
    // Of what does not end, the beginning says more than the end of the text.
    if (parser_.context != nullptr && at >= size_) at = Offset(parser_.context_mark);
    std::string message = "this is not valid YAML: ";
    message += parser_.problem;
    if (parser_.context != nullptr) message += std::string(" ") + parser_.context;
    diagnostics_->Add(DiagId::kInvalidYaml, {source_, at, at + 1}, std::move(message));
  }

  std::uint32_t Offset(const yaml_mark_t& mark) const { return offsets_.Of(mark.index + skipped_); }

  yaml_parser_t parser_;
  bool is_ready_ = false;  // there was memory for the parser
  std::uint32_t source_;
  std::size_t size_;  // of the text
  const Limits& limits_;
  Diagnostics* diagnostics_;
  ByteOffsets offsets_;
  std::size_t values_ = 0;   // so far
  std::size_t skipped_ = 0;  // characters that the library does not count: a byte order mark
  std::vector<Level> open_;
  std::optional<Node> root_;
};

}  // namespace

std::optional<Node> ParseYaml(const Sources& sources, std::uint32_t source, const Limits& limits,
                              Diagnostics* diagnostics) {
  if (!CheckText(sources, source, limits, diagnostics)) return std::nullopt;
  return Reader(sources.text(source), source, limits, diagnostics).Read();
}

}  // namespace assay::cli
