// The only user of the JSON library in the engine. Its SAX parser does not say where an event
// stands, so it reads through an iterator that counts, and each token is found again between the
// counts.
#include "engine/base/json.h"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <unordered_set>
#include <utility>

#include "engine/base/check_text.h"

namespace assay::json {

namespace {

class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, const char** shared) : at_(at), shared_(shared) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    *shared_ = ++at_;
    return *this;
  }
  CountingIterator operator++(int) {
    const CountingIterator before = *this;
    ++*this;
    return before;
  }
  [[maybe_unused]] friend bool operator==(const CountingIterator& a, const CountingIterator& b) {
    return a.at_ == b.at_;
  }
  friend bool operator!=(const CountingIterator& a, const CountingIterator& b) {
    return a.at_ != b.at_;
  }

 private:
  const char* at_;
  const char** shared_;
};

bool IsNumberPart(char c) {
  return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

class TreeBuilder {
 public:
  TreeBuilder(std::string_view text, std::uint32_t source, const char** position,
              const Limits& limits, Diagnostics* diagnostics)
      : text_(text),
        source_(source),
        position_(position),
        limits_(limits),
        diagnostics_(diagnostics) {}

  Node TakeRoot() { return std::move(root_); }

  // --- what the parser calls; false stops it

  bool null() { return Scalar({.type = Type::kNull}); }
  bool boolean(bool value) { return Scalar({.type = Type::kBool, .boolean = value}); }
  bool number_integer(std::int64_t value) {
    return Scalar({.type = Type::kInteger, .integer = value});
  }
  // `-0` arrives here as well; the reference takes it for a floating-point number.
  bool number_unsigned(std::uint64_t value) {
    if (value > static_cast<std::uint64_t>(INT64_MAX)) return Scalar({.type = Type::kNumber});
    return Scalar({.type = Type::kInteger, .integer = static_cast<std::int64_t>(value)});
  }
  bool number_float(double, const std::string&) { return Scalar({.type = Type::kNumber}); }
  bool string(std::string& value) {
    return Scalar({.type = Type::kString, .string = std::move(value)});
  }
  bool binary(nlohmann::json::binary_t&) { return false; }

  bool start_object(std::size_t) { return Open(Type::kObject); }
  bool start_array(std::size_t) { return Open(Type::kArray); }
  bool end_object() { return Close(); }
  bool end_array() { return Close(); }

  bool key(std::string& key) {
    const Span span = TakeToken(false);
    Level& level = open_.back();
    if (!CheckString(key.size(), span, limits_, diagnostics_)) return false;
    if (!IsNew(&level, key)) {
      diagnostics_->Add(DiagId::kDuplicateMember, span,
                        "the member `" + key + "` was given before in this object",
                        "keep one of the two");
      return false;
    }
    level.node.members.push_back({std::move(key), span});
    return true;
  }

  template <typename Exception>
  bool parse_error(std::size_t read, const std::string&, const Exception& error) {
    // The last character read is the one that was not expected; the end of the text counts as one.
    const std::size_t at = std::min(std::max(read, std::size_t{1}) - 1, text_.size());
    const auto begin = static_cast<std::uint32_t>(at);
    diagnostics_->Add(DiagId::kInvalidJson, {source_, begin, begin + (at < text_.size() ? 1U : 0U)},
                      "this is not valid JSON: " + Reason(error.what()));
    return false;
  }

 private:
  // An array or object that is not closed yet.
  struct Level {
    Node node;
    std::unordered_set<std::string> keys;  // of its members, once they are many
  };

  // Few members are compared one by one: a set of them would cost as much as reading them.
  static bool IsNew(Level* level, const std::string& key) {
    constexpr std::size_t kFew = 32;
    const std::vector<Member>& members = level->node.members;
    if (members.size() < kFew) {
      return std::none_of(members.begin(), members.end(),
                          [&](const Member& member) { return member.key == key; });
    }
    if (level->keys.empty()) {
      for (const Member& member : members) level->keys.insert(member.key);
    }
    return level->keys.insert(key).second;
  }

  // Keeps of the library's message what it found and what it expected:
  // `[…] parse error at …: syntax error while parsing WHERE - FOUND; last read: …; expected WHAT`.
  static std::string Reason(std::string_view what) {
    const std::size_t dash = what.find(" - ");
    if (dash != std::string_view::npos) what.remove_prefix(dash + 3);
    const std::size_t last_read = what.find("; last read: ");
    const std::size_t expected = what.find("; expected ");
    std::string reason(what.substr(0, std::min(last_read, expected)));
    if (expected != std::string_view::npos) reason += what.substr(expected);
    return reason;
  }

  // The span of the token that ends at the current position. The lexer has read one character more
  // than a number has.
  Span TakeToken(bool is_number) {
    std::size_t begin = token_end_;
    while (begin < text_.size() &&
           (text_[begin] == ' ' || text_[begin] == '\t' || text_[begin] == '\n' ||
            text_[begin] == '\r' || text_[begin] == ',' || text_[begin] == ':')) {
      ++begin;
    }
    std::size_t end = static_cast<std::size_t>(*position_ - text_.data());
    if (is_number) {
      end = begin;
      while (end < text_.size() && IsNumberPart(text_[end])) ++end;
    }
    token_end_ = end;
    return {source_, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  }

  bool Scalar(Node node) {
    const bool is_number = node.type == Type::kInteger || node.type == Type::kNumber;
    node.span = TakeToken(is_number);
    if (is_number) {
      const std::string_view digits =
          text_.substr(node.span.begin, node.span.end - node.span.begin);
      if (digits == "-0") node.type = Type::kNumber;
    }
    if (!CheckString(node.string.size(), node.span, limits_, diagnostics_)) return false;
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

  bool Open(Type type) {
    const Span span = TakeToken(false);
    if (open_.size() >= limits_.json_depth) {
      diagnostics_->Add(DiagId::kTooDeep, span,
                        "this JSON is nested more than " + std::to_string(limits_.json_depth) +
                            " deep (json_depth)");
      return false;
    }
    open_.push_back({{.type = type, .span = span}, {}});
    return true;
  }

  bool Close() {
    const Span span = TakeToken(false);
    Node node = std::move(open_.back().node);
    open_.pop_back();
    node.span.end = span.end;
    return Put(std::move(node));
  }

  std::string_view text_;
  std::uint32_t source_;
  const char** position_;
  const Limits& limits_;
  Diagnostics* diagnostics_;
  std::size_t token_end_ = 0;
  std::size_t values_ = 0;  // so far
  std::vector<Level> open_;
  Node root_;
};

bool HasNoByteOrderMark(std::string_view text, std::uint32_t source, Diagnostics* diagnostics) {
  if (text.substr(0, 3) != "\xEF\xBB\xBF") return true;
  diagnostics->Add(DiagId::kInvalidJson, {source, 0, 3},
                   "JSON does not start with a byte order mark",
                   "save the file as UTF-8 without it");
  return false;
}

}  // namespace

std::string_view TypeText(Type type) {
  switch (type) {
    case Type::kNull: return "null";
    case Type::kBool: return "a boolean";
    case Type::kInteger: return "an integer";
    case Type::kNumber: return "a number that is no 64-bit integer";
    case Type::kString: return "a string";
    case Type::kArray: return "an array";
    case Type::kObject: return "an object";
  }
  return "";
}

const Node* Node::Find(std::string_view key) const {
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](const Member& member) { return member.key == key; });
  return found == members.end() ? nullptr
                                : &elements[static_cast<std::size_t>(found - members.begin())];
}

std::optional<Node> Parse(const Sources& sources, std::uint32_t source, const Limits& limits,
                          Diagnostics* diagnostics) {
  const std::string_view text = sources.text(source);
  if (!CheckText(sources, source, limits, diagnostics)) return std::nullopt;
  if (!HasNoByteOrderMark(text, source, diagnostics)) return std::nullopt;
  const char* position = text.data();
  TreeBuilder builder(text, source, &position, limits, diagnostics);
  const bool ok =
      nlohmann::json::sax_parse(CountingIterator(text.data(), &position),
                                CountingIterator(text.data() + text.size(), &position), &builder);
  if (!ok) return std::nullopt;
  return builder.TakeRoot();
}

}  // namespace assay::json
