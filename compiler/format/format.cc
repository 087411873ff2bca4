// The door of the formatter, and its proof: what comes out is what went in.
#include "assay/format.h"

#include <algorithm>

#include "compiler/cedar/dump.h"
#include "compiler/cedar/parse.h"
#include "compiler/format/policies.h"
#include "compiler/format/schema.h"
#include "compiler/schema/parse.h"
#include "compiler/schema/write.h"
#include "engine/base/guarded.h"

namespace assay {

namespace {

constexpr std::uint32_t kMostIndent = 100;

// What the two languages differ in: `Kind` of tokens; `Read`, which gives what a text says, for
// comparison, or nothing after an error; `Lex` and `LayOut`.
struct Policies {
  using Kind = cedar::TokenKind;
  static constexpr const char* kRefusal =
      "formatted, these policies would not be the same, and they are left alone";

  static std::optional<std::string> Read(const Sources& sources, std::uint32_t source,
                                         const Limits& limits, Diagnostics* diagnostics) {
    cedar::PolicySetSyntax syntax;
    if (!cedar::ParsePolicies(sources, source, limits, &syntax.ast, diagnostics)) {
      return std::nullopt;
    }
    return cedar::Dump(syntax);
  }
  static constexpr auto kLex = cedar::Lex;
  static constexpr auto kLayOut = format::LayOutPolicies;
};

struct Schemas {
  using Kind = schema::TokenKind;
  static constexpr const char* kRefusal =
      "formatted, this schema would not be the same, and it is left alone";

  static std::optional<std::string> Read(const Sources& sources, std::uint32_t source,
                                         const Limits& limits, Diagnostics* diagnostics) {
    const auto fragment = schema::ParseCedar(sources, source, limits, diagnostics);
    return fragment ? std::optional(schema::WriteJson(*fragment)) : std::nullopt;
  }
  static constexpr auto kLex = schema::Lex;
  static constexpr auto kLayOut = format::LayOutSchema;
};

// A text: what it says, and its comments in order.
template <typename Language>
struct Parsed {
  std::string meaning;
  std::vector<format::CommentedToken<typename Language::Kind>> tokens;
};

template <typename Language>
std::optional<Parsed<Language>> Parse(const Sources& sources, std::uint32_t source,
                                      const Limits& limits, Diagnostics* diagnostics) {
  auto meaning = Language::Read(sources, source, limits, diagnostics);
  if (!meaning) return std::nullopt;
  const auto tokens = Language::kLex(sources, source, limits, diagnostics);
  return Parsed<Language>{*std::move(meaning), format::AttachComments(sources, source, tokens)};
}

template <typename Kind>
bool SameTokens(const std::vector<format::CommentedToken<Kind>>& a,
                const std::vector<format::CommentedToken<Kind>>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.kind == y.kind && x.text == y.text;
  });
}

template <typename Language>
std::optional<std::string> Format(const Sources& sources, std::uint32_t source,
                                  const FormatOptions& options, const Limits& limits,
                                  Diagnostics* diagnostics) {
  const auto before = Parse<Language>(sources, source, limits, diagnostics);
  if (!before) return std::nullopt;
  const auto indent = static_cast<std::int32_t>(std::min(options.indent_width, kMostIndent));
  std::string text = Language::kLayOut(before->tokens, indent).Render(options.line_width);

  Sources results;
  Diagnostics problems;
  const auto after = Parse<Language>(results, results.Add("", text), limits, &problems);
  if (after && before->meaning == after->meaning && SameTokens(before->tokens, after->tokens) &&
      PlacedComments(before->tokens) == PlacedComments(after->tokens)) {
    return text;
  }
  diagnostics->Add(DiagId::kNotFormatted, {source, 0, 0}, Language::kRefusal);
  return std::nullopt;
}

}  // namespace

std::optional<std::string> FormatPolicies(const Sources& sources, std::uint32_t source,
                                          const FormatOptions& options, const Limits& limits,
                                          Diagnostics* diagnostics) {
  return Guarded(diagnostics,
                 [&] { return Format<Policies>(sources, source, options, limits, diagnostics); });
}

std::optional<std::string> FormatSchema(const Sources& sources, std::uint32_t source,
                                        const FormatOptions& options, const Limits& limits,
                                        Diagnostics* diagnostics) {
  return Guarded(diagnostics,
                 [&] { return Format<Schemas>(sources, source, options, limits, diagnostics); });
}

}  // namespace assay
