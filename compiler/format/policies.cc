// One function for each rule of the grammar. What was parsed before has no errors, so nothing is
// checked here; parentheses stay as they were written.
#include "compiler/format/policies.h"

#include "compiler/format/walker.h"

namespace assay::format {

namespace {

using cedar::TokenKind;

class PolicyWalker : Walker<TokenKind> {
 public:
  using Walker::Walker;

  Layout Run() {
    while (Next() != TokenKind::kEnd) {
      if (!IsFirst()) layout_.Blank();
      Policy();
    }
    CommentsOfBlock();
    return std::move(layout_);
  }

 private:
  // --- policies

  void Policy() {
    CommentsOfBlock();
    while (Is(TokenKind::kAt)) Annotation();
    Open();
    Token();
    layout_.Line();
    Token();
    Close();
    Scope();
    while (!Is(TokenKind::kSemicolon)) {
      layout_.Hard();
      Condition();
    }
    Token();
  }

  void Annotation() {
    Token();
    Token();
    if (Is(TokenKind::kLeftParen)) {
      Token();
      Token();
      Token();
    }
    layout_.Hard();
  }

  // From the first variable to the closing parenthesis.
  void Scope() {
    const bool is_plain = After(1) == TokenKind::kComma && After(3) == TokenKind::kComma &&
                          After(5) == TokenKind::kRightParen;
    layout_.Nest(indent_);
    if (!is_plain) layout_.Hard();
    ScopeEntry();
    while (Is(TokenKind::kComma)) {
      Token();
      if (is_plain) {
        layout_.Space();
      } else {
        layout_.Hard();
      }
      ScopeEntry();
    }
    layout_.Nest(-indent_);
    if (!is_plain) layout_.Hard();
    Token();
  }

  void ScopeEntry() {
    Open();
    Open();
    Token();
    if (Is(TokenKind::kIs)) {
      layout_.Nest(indent_);
      Open();
      layout_.Line();
      Token();
      Close();
      layout_.Line();
      Path();
      layout_.Nest(-indent_);
    }
    const bool has_operator = Is(TokenKind::kEqual) || Is(TokenKind::kIn);
    if (has_operator) {
      layout_.Line();
      Token();
    }
    Close();
    if (has_operator) {
      layout_.Nest(indent_);
      layout_.Line();
      Member();
      layout_.Nest(-indent_);
    }
    Close();
  }

  void Condition() {
    Open();
    Token();
    layout_.Line();
    Open();
    Token();
    layout_.Nest(indent_);
    layout_.Line();
    Open();
    Expression();
    Close();
    layout_.Nest(-indent_);
    layout_.Line();
    Token();
    Close();
    Close();
  }

  // --- expressions

  void Expression() {
    if (!Is(TokenKind::kIf)) return Disjunction();
    Open();
    Branch();
    layout_.Line();
    Branch();
    layout_.Line();
    Branch();
    Close();
  }

  // `if`, `then` or `else` and its expression.
  void Branch() {
    Token();
    layout_.Nest(indent_);
    layout_.Line();
    Expression();
    layout_.Nest(-indent_);
  }

  // Chains have no group: they break with what they stand in.
  void Disjunction() {
    Conjunction();
    while (Is(TokenKind::kOr)) {
      layout_.Space();
      Token();
      layout_.Line();
      Conjunction();
    }
  }

  void Conjunction() {
    Relation();
    while (Is(TokenKind::kAnd)) {
      layout_.Space();
      Token();
      layout_.Line();
      Relation();
    }
  }

  void Relation() {
    Open();
    Sum();
    switch (Next()) {
      case TokenKind::kEqual:
      case TokenKind::kNotEqual:
      case TokenKind::kLess:
      case TokenKind::kLessEqual:
      case TokenKind::kGreater:
      case TokenKind::kGreaterEqual:
      case TokenKind::kIn:
        layout_.Space();
        Token();
        layout_.Space();
        Sum();
        break;
      case TokenKind::kHas:
      case TokenKind::kLike:
        layout_.Line();
        Token();
        layout_.Line();
        Nested([this] { Member(); });
        break;
      case TokenKind::kIs: IsType(); break;
      default: break;
    }
    Close();
  }

  void IsType() {
    layout_.Space();
    Token();
    layout_.Space();
    Nested([this] { Path(); });
    if (!Is(TokenKind::kIn)) return;
    layout_.Line();
    Token();
    layout_.Space();
    Nested([this] { Sum(); });
  }

  void Sum() {
    Open();
    Product();
    while (Is(TokenKind::kPlus) || Is(TokenKind::kMinus)) {
      layout_.Space();
      Token();
      layout_.Line();
      Product();
    }
    Close();
  }

  void Product() {
    Open();
    Unary();
    while (Is(TokenKind::kStar)) {
      layout_.Space();
      Token();
      layout_.Line();
      Unary();
    }
    Close();
  }

  void Unary() {
    while (Is(TokenKind::kNot) || Is(TokenKind::kMinus)) Token();
    Member();
  }

  // --- values

  // What is accessed first stays with the value; further accesses have lines of their own.
  void Member() {
    Open();
    Primary();
    layout_.Nest(indent_);
    for (bool is_first = true; IsAccess(); is_first = false) {
      if (!is_first) layout_.Soft();
      Access();
    }
    layout_.Nest(-indent_);
    Close();
  }

  bool IsAccess() const {
    return Is(TokenKind::kDot) || Is(TokenKind::kLeftBracket) || Is(TokenKind::kLeftParen);
  }

  void Access() {
    if (Is(TokenKind::kDot)) {
      Token();
      return Token();
    }
    const bool is_index = Is(TokenKind::kLeftBracket);
    Token();
    if (is_index) {
      Token();
    } else if (!Is(TokenKind::kRightParen)) {
      Nested([this] {
        layout_.Soft();
        Items(TokenKind::kRightParen);
      });
      layout_.Soft();
    }
    Token();
  }

  void Primary() {
    switch (Next()) {
      case TokenKind::kLeftParen: return Parentheses();
      case TokenKind::kLeftBracket: return List();
      case TokenKind::kLeftBrace: return Record();
      case TokenKind::kString:
      case TokenKind::kNumber:
      case TokenKind::kSlot: return Token();
      default: return Path();
    }
  }

  // A name, an entity, or a literal of one word.
  void Path() {
    Token();
    while (Is(TokenKind::kPathSeparator)) {
      Token();
      Token();
    }
  }

  void Parentheses() {
    Open();
    Token();
    layout_.Nest(1);
    Expression();
    layout_.Nest(-1);
    Token();
    Close();
  }

  void Items(TokenKind close) {
    Expression();
    while (!Is(close)) {
      Token();
      layout_.Line();
      Expression();
    }
  }

  // Breaks with the value that it is, or begins.
  void List() {
    Token();
    layout_.Nest(1);
    if (!Is(TokenKind::kRightBracket)) Items(TokenKind::kRightBracket);
    layout_.Nest(-1);
    Token();
  }

  void Record() {
    Open();
    Token();
    if (!Is(TokenKind::kRightBrace)) {
      layout_.Nest(indent_);
      layout_.Line();
      RecordMember();
      while (Is(TokenKind::kComma)) {
        Token();
        layout_.Line();
        RecordMember();
      }
      layout_.Nest(-indent_);
      layout_.Line();
    }
    Token();
    Close();
  }

  void RecordMember() {
    Token();
    Token();
    layout_.Space();
    Expression();
  }
};

}  // namespace

Layout LayOutPolicies(const std::vector<CommentedToken<TokenKind>>& tokens,
                      std::int32_t indent_width) {
  return PolicyWalker(tokens, indent_width).Run();
}

}  // namespace assay::format
