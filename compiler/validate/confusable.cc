#include "compiler/validate/confusable.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "compiler/validate/unicode_identifiers.h"
#include "compiler/validate/unicode_scripts.h"
#include "compiler/validate/walk.h"
#include "engine/base/escape.h"
#include "engine/base/utf8.h"

namespace assay::validate {

namespace {

// Embeddings, overrides and isolates, and what ends them.
bool IsBidiControl(char32_t c) {
  return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

template <typename Visit>
void ForEachScalar(std::string_view text, const Visit& visit) {
  for (std::size_t i = 0; i < text.size();) {
    const utf8::Decoded next = utf8::Decode(text, i);
    visit(next.code_point);
    i += next.length;
  }
}

bool HasBidiControl(std::string_view text) {
  bool found = false;
  ForEachScalar(text, [&](char32_t c) { found = found || IsBidiControl(c); });
  return found;
}

// Some one script has all characters of the text.
bool IsSingleScript(std::string_view text) {
  ScriptSet common = {~std::uint64_t{0}, ~std::uint64_t{0}, ~std::uint64_t{0}};
  ForEachScalar(text, [&](char32_t c) {
    const auto* const range =
        std::lower_bound(std::begin(kScriptRanges), std::end(kScriptRanges), c,
                         [](const ScriptRange& r, char32_t wanted) { return r.last < wanted; });
    if (range == std::end(kScriptRanges) || c < range->first) return;
    for (std::size_t i = 0; i < common.size(); ++i) common[i] &= kScriptSets[range->set][i];
  });
  return std::any_of(common.begin(), common.end(), [](std::uint64_t bits) { return bits != 0; });
}

bool IsAllowedInIdentifier(char32_t c) {
  const auto* const range =
      std::lower_bound(std::begin(kIdentifierRanges), std::end(kIdentifierRanges), c,
                       [](const char32_t(&r)[2], char32_t wanted) { return r[1] < wanted; });
  return range != std::end(kIdentifierRanges) && c >= (*range)[0];
}

// The first character that is neither printable ASCII nor fit for identifiers.
std::optional<char32_t> Suspicious(std::string_view text) {
  std::optional<char32_t> found;
  ForEachScalar(text, [&](char32_t c) {
    const bool is_printable_ascii = c >= 0x20 && c < 0x7F;
    if (!found && !is_printable_ascii && !IsAllowedInIdentifier(c)) found = c;
  });
  return found;
}

// As the reference prints patterns: character by character.
std::string PatternText(std::string_view pattern) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size();) {
    if (pattern[i] == cedar::kWildcard || pattern[i] == '*') {
      out += pattern[i] == '*' ? "\\*" : "*";
      ++i;
      continue;
    }
    const std::size_t length = utf8::Decode(pattern, i).length;
    out += EscapeText(pattern.substr(i, length));
    i += length;
  }
  return out;
}

class TextChecker {
 public:
  explicit TextChecker(Findings* findings) : findings_(*findings) {}

  void String(std::string_view text, Span span) {
    const std::string shown = "string `\"" + std::string(text) + "\"` contains ";
    if (HasBidiControl(text)) {
      Add(FindingKind::kBidiCharsInString, span, shown + "BIDI control characters");
    } else if (!IsSingleScript(text)) {
      Add(FindingKind::kMixedScriptString, span, shown + "mixed scripts");
    }
  }

  void Identifier(std::string_view text, std::optional<Span> span) {
    const std::string shown = "identifier `" + std::string(text) + "` contains ";
    if (HasBidiControl(text)) {
      Add(FindingKind::kBidiCharsInIdentifier, span, shown + "BIDI control characters");
    } else if (const auto c = Suspicious(text)) {
      std::string character;
      utf8::Append(*c, &character);
      Add(FindingKind::kConfusableIdentifier, span,
          "identifier `" + EscapeText(text) + "` contains the character `" + EscapeText(character) +
              "` which is not a printable ASCII character and falls outside of the "
              "General Security Profile for Identifiers");
    } else if (!IsSingleScript(text)) {
      Add(FindingKind::kMixedScriptIdentifier, span, shown + "mixed scripts");
    }
  }

  // What is in the expression itself, not in its operands.
  void Expression(const cedar::Ast& ast, const cedar::Expr& e, Span place) {
    switch (e.kind) {
      case cedar::ExprKind::kString: return String(e.text, e.span);
      case cedar::ExprKind::kUid:
      case cedar::ExprKind::kAttribute: return Identifier(e.text, place);
      case cedar::ExprKind::kHas:
      case cedar::ExprKind::kRecord:
        for (const std::string_view name : ast.names(e)) Identifier(name, e.span);
        return;
      case cedar::ExprKind::kLike: return String(PatternText(e.text), e.span);
      default: return;
    }
  }

 private:
  // Each time counts, also at one place.
  void Add(FindingKind kind, std::optional<Span> span, const std::string& message) {
    findings_.AddFor(kind, span, message, {}, std::to_string(++count_));
  }

  Findings& findings_;
  std::size_t count_ = 0;
};

}  // namespace

// Types, functions and keywords are ASCII anyway, so ids, attributes and texts are all there is.
void CheckConfusable(const cedar::Ast& ast, const cedar::Policy& policy, ScopePlaces places,
                     Findings* findings) {
  TextChecker texts(findings);
  for (const auto* scope : {&policy.principal, &policy.action, &policy.resource}) {
    for (const cedar::EntityRef& ref : scope->entities) {
      const bool has_place = places == ScopePlaces::kExact;
      texts.Identifier(ref.id, has_place ? std::optional(ref.span) : std::nullopt);
    }
  }
  ForEachExpr(ast, policy, [&](const cedar::Expr& e, bool twice, Span place) {
    texts.Expression(ast, e, place);
    if (twice) texts.Expression(ast, e, place);
  });
}

}  // namespace assay::validate
