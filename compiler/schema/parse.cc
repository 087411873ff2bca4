// The ANTLR seam of schemas, built like that of policies in compiler/cedar/parse.cc. No exception
// leaves this file.
#include "compiler/schema/parse.h"

#include <CedarSchema.h>
#include <antlr4-runtime.h>

#include <memory>
#include <string>
#include <vector>

#include "compiler/cedar/stop_strategy.h"
#include "compiler/cedar/token_window.h"
#include "compiler/schema/fragment_builder.h"
#include "compiler/schema/lex.h"
#include "compiler/schema/scope.h"

namespace assay::schema {

namespace {

using GrammarParser = grammar::CedarSchema;
using cedar::GrammarType;

#define TOKEN(Name, GRAMMAR_NAME, text) \
  static_assert(static_cast<std::size_t>(TokenKind::Name) == GrammarParser::GRAMMAR_NAME);
#include "compiler/schema/tokens.def"

// The tokens that could stand at the place of an error; where any word could, "a name".
std::string DescribeExpected(const antlr4::misc::IntervalSet& expected) {
  const bool any_word = expected.contains(GrammarType(TokenKind::kIdent));
  std::vector<std::string> parts;
  if (any_word) parts.emplace_back("a name");
  for (const ssize_t type : expected.toList()) {
    const bool is_end = type == static_cast<ssize_t>(antlr4::Token::EOF);
    const auto kind = is_end ? TokenKind::kEnd : static_cast<TokenKind>(type);
    if (kind == TokenKind::kBad) continue;
    if (any_word && kind != TokenKind::kEnd && kind <= TokenKind::kEnum) continue;
    parts.emplace_back(TokenText(kind));
  }
  return cedar::JoinWithOr(parts);
}

std::string HintFor(TokenKind found, const antlr4::misc::IntervalSet& expected) {
  const auto could_be = [&](TokenKind kind) { return expected.contains(GrammarType(kind)); };
  if (found == TokenKind::kLeftBrace && could_be(TokenKind::kAppliesTo)) {
    return "what an action applies to stands in `appliesTo { … }`";
  }
  const bool any_word = could_be(TokenKind::kIdent);
  if (found == TokenKind::kSemicolon && could_be(TokenKind::kNamespace) && !any_word) {
    return "no `;` follows the `}` of a namespace";
  }
  if (could_be(TokenKind::kSemicolon)) return "a declaration ends with `;`";
  return {};
}

using DeclarationStop = cedar::StopStrategy<TokenKind, FragmentBuilder>;

class Session {
 public:
  Session(const Sources& sources, std::uint32_t source, const Limits& limits, Fragment* fragment,
          Diagnostics* diagnostics)
      : source_(source),
        errors_before_(diagnostics->total()),
        tokens_(Lex(sources, source, limits, diagnostics)),
        builder_(sources, source, tokens_, limits, fragment),
        window_(tokens_),
        parser_(&window_),
        diagnostics_(diagnostics),
        strategy_(
            std::make_shared<DeclarationStop>(tokens_, &builder_, DescribeExpected, HintFor)) {
    parser_.b = &builder_;
    parser_.removeErrorListeners();
    parser_.setErrorHandler(strategy_);
    parser_.setBuildParseTree(false);
  }

  void Parse() {
    const std::size_t end = tokens_.tokens.size() - 1;
    for (std::size_t begin = 0; begin < end;) {
      begin = ParseItem(begin, end);
    }
    if (!builder_.in_namespace() || diagnostics_->total() > errors_before_) return;
    const std::uint32_t at = tokens_.tokens[end].begin;
    diagnostics_->Add(DiagId::kUnexpectedToken, {source_, at, at},
                      "expected `}` at the end of the namespace, found the end of the text");
  }

 private:
  // Returns where the next item begins.
  std::size_t ParseItem(std::size_t begin, std::size_t end) {
    builder_.Reset();
    bool complete = Run(begin, end, /*explain=*/false);
    if (!complete && !builder_.has_errors()) {
      builder_.Reset();
      complete = Run(begin, end, /*explain=*/true);
    }
    builder_.Flush(diagnostics_);
    return complete ? window_.index() : SkipItem(begin, end);
  }

  // `;` ends a declaration and stands nowhere else.
  std::size_t SkipItem(std::size_t begin, std::size_t end) const {
    if (tokens_.tokens[begin].kind == TokenKind::kRightBrace) return begin + 1;
    while (begin < end && tokens_.tokens[begin].kind != TokenKind::kSemicolon) ++begin;
    return begin < end ? begin + 1 : end;
  }

  bool Run(std::size_t begin, std::size_t end, bool explain) {
    strategy_->explain = explain;
    parser_.reset();
    window_.Show(begin, end);
    const std::scoped_lock lock(cedar::AutomatonMutex());
    try {
      parser_.item();
      return true;
    } catch (const ParseStop&) {
      return false;
    }
  }

  std::uint32_t source_;
  std::uint64_t errors_before_;  // those of other files
  const Tokens tokens_;
  FragmentBuilder builder_;
  cedar::TokenWindow window_;
  GrammarParser parser_;
  Diagnostics* diagnostics_;
  std::shared_ptr<DeclarationStop> strategy_;
};

void WarnOfShadowing(const Fragment& fragment, Diagnostics* diagnostics) {
  const auto warn_builtin = [&](const std::string& name, Span span) {
    if (!IsBuiltinType(name)) return;
    diagnostics->AddWarning(DiagId::kShadowsBuiltin, span,
                            "`" + name + "` hides the built-in type of that name",
                            "the built-in one is `__cedar::" + name + "`");
  };
  for (const auto& [space, declarations] : fragment.namespaces) {
    for (const auto& [name, common] : declarations.common_types) {
      warn_builtin(name, common.span);
      if (!declarations.entity_types.contains(name)) continue;
      diagnostics->AddWarning(DiagId::kShadowsEntity, common.span,
                              "the common type `" + name + "` hides the entity type of that name");
    }
    for (const auto& [name, entity] : declarations.entity_types) warn_builtin(name, entity.span);
  }
}

}  // namespace

std::optional<Fragment> ParseCedar(const Sources& sources, std::uint32_t source,
                                   const Limits& limits, Diagnostics* diagnostics) {
  const std::uint64_t errors_before = diagnostics->total();
  const std::size_t listed_before = diagnostics->list().size();
  Fragment fragment;
  Session(sources, source, limits, &fragment, diagnostics).Parse();
  diagnostics->SortFrom(listed_before);  // the lexer has reported before the parser
  if (diagnostics->total() != errors_before) return std::nullopt;
  WarnOfShadowing(fragment, diagnostics);
  return fragment;
}

}  // namespace assay::schema
