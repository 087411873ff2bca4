// The door of the formatter, and its proof: what comes out is what went in.
#include "assay/format.h"

#include <algorithm>
#include <new>

#include "compiler/cedar/dump.h"
#include "compiler/cedar/parse.h"
#include "compiler/format/policies.h"

namespace assay {

namespace {

constexpr std::uint32_t kMostIndent = 100;

// A text as policies: its tree, and its comments in order.
struct Parsed {
  cedar::PolicySetSyntax syntax;
  std::vector<format::CommentedToken> tokens;
};

std::optional<Parsed> Parse(const Sources& sources, std::uint32_t source, const Limits& limits,
                            Diagnostics* diagnostics) {
  Parsed parsed;
  if (!cedar::ParsePolicies(sources, source, limits, &parsed.syntax.ast, diagnostics)) {
    return std::nullopt;
  }
  const cedar::Tokens tokens = cedar::Lex(sources, source, limits, diagnostics);
  parsed.tokens = format::AttachComments(sources, source, tokens);
  return parsed;
}

// Comments with the number of the token that they stand before. One behind a token may have become
// one before the next, and the other way round.
std::vector<std::pair<std::size_t, std::string_view>> PlacedComments(const Parsed& parsed) {
  std::vector<std::pair<std::size_t, std::string_view>> comments;
  for (std::size_t i = 0; i < parsed.tokens.size(); ++i) {
    for (const format::Comment& comment : parsed.tokens[i].before) {
      comments.emplace_back(i, comment.text);
    }
    if (!parsed.tokens[i].after.empty()) comments.emplace_back(i + 1, parsed.tokens[i].after);
  }
  return comments;
}

bool IsSame(const Parsed& a, const Parsed& b) {
  return cedar::Dump(a.syntax) == cedar::Dump(b.syntax) && PlacedComments(a) == PlacedComments(b);
}

std::optional<std::string> Format(const Sources& sources, std::uint32_t source,
                                  const FormatOptions& options, const Limits& limits,
                                  Diagnostics* diagnostics) {
  const auto before = Parse(sources, source, limits, diagnostics);
  if (!before) return std::nullopt;
  const auto indent = static_cast<std::int32_t>(std::min(options.indent_width, kMostIndent));
  std::string text = format::LayOutPolicies(before->tokens, indent).Render(options.line_width);

  Sources results;
  Diagnostics problems;
  const auto after = Parse(results, results.Add("", text), limits, &problems);
  if (after && IsSame(*before, *after)) return text;
  diagnostics->Add(DiagId::kNotFormatted, {source, 0, 0},
                   "formatted, these policies would not be the same, and they are left alone");
  return std::nullopt;
}

}  // namespace

std::optional<std::string> FormatPolicies(const Sources& sources, std::uint32_t source,
                                          const FormatOptions& options, const Limits& limits,
                                          Diagnostics* diagnostics) {
  try {
    return Format(sources, source, options, limits, diagnostics);
  } catch (const std::bad_alloc&) {
    diagnostics->OutOfMemory();
    return std::nullopt;
  }
}

}  // namespace assay
