// The dice of the random worlds, and how things they draw are spelled: white space, comments,
// string literals with every kind of escape.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace assay::testing {

// Random choices that depend on the seed alone (splitmix64). What is made of them may also depend
// on the order in which a compiler evaluates arguments: a failure is kept as a file, not as a seed.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : state_(seed) {}

  std::uint64_t Next();
  // 0 … bound-1.
  std::size_t Below(std::size_t bound) { return static_cast<std::size_t>(Next() % bound); }
  // least … most.
  std::size_t Between(std::size_t least, std::size_t most) {
    return least + Below(most - least + 1);
  }
  bool Percent(unsigned chance) { return Below(100) < chance; }
  // An index, each as likely as its weight says.
  std::size_t Weighted(std::initializer_list<unsigned> weights);

  template <typename T>
  const T& Pick(const std::vector<T>& choices) {
    return choices[Below(choices.size())];
  }
  std::string Pick(std::initializer_list<const char*> choices) {
    return choices.begin()[Below(choices.size())];
  }

 private:
  std::uint64_t state_;
};

// The parts one after the other.
std::string Cat(std::initializer_list<std::string_view> parts);

// White space or a comment, or often nothing.
std::string Gap(Draw& draw);
// The same, but never nothing: to stand between two words.
std::string Space(Draw& draw);

// Some text: mostly short and tame, sometimes with controls, quotes, marks, emoji.
std::string AnyText(Draw& draw);
// `text` as a string literal, each character raw or escaped.
std::string Literal(Draw& draw, std::string_view text);
// A pattern literal that often matches `text`.
std::string PatternLiteral(Draw& draw, std::string_view text);

// Whether `text` can be written as `.text`.
bool IsPlainName(std::string_view text);
// `.name` or `["name"]`.
std::string Member(Draw& draw, std::string_view name);
// `name` or `"name"`, as record keys and `has` take them.
std::string Key(Draw& draw, std::string_view name);
// A uid as Cedar text.
std::string UidText(Draw& draw, std::string_view type, std::string_view id);
// A type name, perhaps with white space around its `::`.
std::string TypeText(Draw& draw, std::string_view type);

// `open a, b, c close`, perhaps with a comma at the end.
std::string List(Draw& draw, const char* open, const std::vector<std::string>& parts,
                 const char* close);

}  // namespace assay::testing
