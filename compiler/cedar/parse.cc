// The ANTLR seam of policies: feeds tokens to the generated parser and turns its errors into
// diagnostics. No exception leaves this file.
#include "compiler/cedar/parse.h"

#include <Cedar.h>
#include <antlr4-runtime.h>

#include <algorithm>
#include <string>
#include <vector>

#include "compiler/cedar/ast_builder.h"
#include "compiler/cedar/lex.h"
#include "compiler/cedar/stop_strategy.h"
#include "compiler/cedar/token_window.h"

namespace assay::cedar {

namespace {

using GrammarParser = grammar::Cedar;

#define TOKEN(Name, GRAMMAR_NAME, text) \
  static_assert(static_cast<std::size_t>(TokenKind::Name) == GrammarParser::GRAMMAR_NAME);
#include "compiler/cedar/tokens.def"

// "`,`, `)` or an operator": the tokens that could stand at the place of an error.
std::string DescribeExpected(const antlr4::misc::IntervalSet& expected) {
  static constexpr TokenKind kOperators[] = {TokenKind::kAnd, TokenKind::kOr, TokenKind::kEqual,
                                             TokenKind::kPlus};
  const bool any_operator = std::all_of(std::begin(kOperators), std::end(kOperators),
                                        [&](auto k) { return expected.contains(GrammarType(k)); });
  const bool any_word = expected.contains(GrammarType(TokenKind::kContext));
  const bool any_value = any_word && expected.contains(GrammarType(TokenKind::kNumber));
  std::vector<std::string> parts;
  if (any_value) {
    parts.emplace_back("an expression");
  } else if (any_word) {
    parts.emplace_back("a name");
  }
  for (const ssize_t type : expected.toList()) {
    const bool is_end = type == static_cast<ssize_t>(antlr4::Token::EOF);
    const auto kind = is_end ? TokenKind::kEnd : static_cast<TokenKind>(type);
    if (kind == TokenKind::kBad) continue;
    const bool is_operator = (kind >= TokenKind::kEqual && kind <= TokenKind::kStar) ||
                             (kind >= TokenKind::kIn && kind <= TokenKind::kHas);
    const bool continues_value =
        kind == TokenKind::kDot || kind == TokenKind::kLeftBracket || kind == TokenKind::kLeftParen;
    if (any_operator && (is_operator || continues_value)) continue;
    const bool starts_value = kind == TokenKind::kNot || kind == TokenKind::kMinus ||
                              kind == TokenKind::kIf || kind == TokenKind::kLeftParen ||
                              kind == TokenKind::kLeftBrace || kind == TokenKind::kLeftBracket ||
                              (kind >= TokenKind::kTrue && kind <= TokenKind::kFalse) ||
                              (kind >= TokenKind::kNumber && kind <= TokenKind::kSlot);
    if (any_value && starts_value) continue;
    if (any_word && (kind <= TokenKind::kHas) && kind != TokenKind::kEnd) continue;
    parts.emplace_back(TokenText(kind));
  }
  if (any_operator) parts.emplace_back("an operator");
  return JoinWithOr(parts);
}

bool IsRelation(TokenKind kind) {
  return (kind >= TokenKind::kEqual && kind <= TokenKind::kGreaterEqual) ||
         (kind >= TokenKind::kIn && kind <= TokenKind::kHas);
}

std::string HintFor(TokenKind found, const antlr4::misc::IntervalSet& expected) {
  const auto could_be = [&](TokenKind kind) { return expected.contains(GrammarType(kind)); };
  if (found == TokenKind::kIf && could_be(TokenKind::kNumber)) {
    return "put the `if` into parentheses";
  }
  if (IsRelation(found) && could_be(TokenKind::kAnd)) {
    return "relations do not chain: use parentheses, or `&&` between two relations";
  }
  if (could_be(TokenKind::kSemicolon)) return "a policy ends with `;`";
  return {};
}

using PolicyStop = StopStrategy<TokenKind, AstBuilder>;

class Session {
 public:
  Session(const Sources& sources, std::uint32_t source, const Limits& limits, Ast* ast,
          Diagnostics* diagnostics)
      : tokens_(Lex(sources, source, limits, diagnostics)),
        builder_(sources, source, tokens_, limits, ast),
        window_(tokens_),
        parser_(&window_),
        diagnostics_(diagnostics),
        strategy_(std::make_shared<PolicyStop>(tokens_, &builder_, DescribeExpected, HintFor)) {
    parser_.b = &builder_;
    parser_.removeErrorListeners();
    parser_.setErrorHandler(strategy_);
    parser_.setBuildParseTree(false);
  }

  const Tokens& tokens() const { return tokens_; }
  const AstBuilder& builder() const { return builder_; }

  // Runs one grammar rule over the tokens [begin, end). True if it left no error.
  template <typename Rule>
  bool Parse(std::size_t begin, std::size_t end, Rule rule) {
    builder_.Checkpoint();
    if (Run(begin, end, rule, /*explain=*/false) && !builder_.has_errors()) return true;
    builder_.Rollback();
    if (Run(begin, end, rule, /*explain=*/true) && !builder_.has_errors()) return true;
    builder_.Flush(diagnostics_);
    builder_.Rollback();
    return false;
  }

 private:
  template <typename Rule>
  bool Run(std::size_t begin, std::size_t end, Rule rule, bool explain) {
    strategy_->explain = explain;
    parser_.reset();
    window_.Show(begin, end);
    const std::scoped_lock lock(AutomatonMutex());
    try {
      (parser_.*rule)();
      return true;
    } catch (const ParseStop&) {
      return false;
    }
  }

  const Tokens tokens_;
  AstBuilder builder_;
  TokenWindow window_;
  GrammarParser parser_;
  Diagnostics* diagnostics_;
  std::shared_ptr<PolicyStop> strategy_;
};

}  // namespace

bool ParsePolicies(const Sources& sources, std::uint32_t source, const Limits& limits, Ast* ast,
                   Diagnostics* diagnostics) {
  const std::uint64_t errors_before = diagnostics->total();
  const std::size_t listed_before = diagnostics->list().size();
  Session session(sources, source, limits, ast, diagnostics);
  const std::vector<Token>& tokens = session.tokens().tokens;
  ast->comments.insert(ast->comments.end(), session.tokens().comments.begin(),
                       session.tokens().comments.end());
  // `;` stands nowhere but at the end of a policy, so it is where parsing goes on after an error.
  for (std::size_t begin = 0; tokens[begin].kind != TokenKind::kEnd;) {
    std::size_t end = begin;
    while (tokens[end].kind != TokenKind::kSemicolon && tokens[end].kind != TokenKind::kEnd) ++end;
    if (tokens[end].kind == TokenKind::kSemicolon) ++end;
    session.Parse(begin, end, &GrammarParser::policy);
    begin = end;
  }
  diagnostics->SortFrom(listed_before);  // the lexer has reported before the parser
  return diagnostics->total() == errors_before;
}

std::optional<ExprId> ParseExpression(const Sources& sources, std::uint32_t source,
                                      const Limits& limits, Ast* ast, Diagnostics* diagnostics) {
  const std::uint64_t errors_before = diagnostics->total();
  Session session(sources, source, limits, ast, diagnostics);
  session.Parse(0, session.tokens().tokens.size() - 1, &GrammarParser::wholeExpr);
  if (diagnostics->total() != errors_before) return std::nullopt;
  return session.builder().Result();
}

}  // namespace assay::cedar
