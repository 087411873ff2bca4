// One function for each rule of the grammar. What was parsed before has no errors, so nothing is
// checked here. The reference lays out no schemas; this is how its documentation writes them.
#include "compiler/format/schema.h"

#include "compiler/format/walker.h"

namespace assay::format {

namespace {

using schema::TokenKind;

class SchemaWalker : Walker<TokenKind> {
 public:
  using Walker::Walker;

  Layout Run() {
    Declarations(TokenKind::kEnd);
    return std::move(layout_);
  }

 private:
  // --- declarations

  // All of them up to `end`. Empty lines between them stay, but none at the beginning or the end.
  void Declarations(TokenKind end) {
    for (bool is_first = true; !Is(end); is_first = false) {
      layout_.Hard();
      if (!is_first && IsAfterBlank()) layout_.Blank();
      CommentsOfBlock(is_first ? At::kBegin : At::kMiddle);
      while (Is(TokenKind::kAt)) Annotation();
      Declaration();
    }
    CommentsOfBlock(At::kEnd);
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

  void Declaration() {
    switch (Next()) {
      case TokenKind::kNamespace: return Namespace();
      case TokenKind::kEntity: return Entity();
      case TokenKind::kAction: return Action();
      default: return Type();
    }
  }

  void Namespace() {
    Token();
    layout_.Space();
    Path();
    layout_.Space();
    Token();
    if (!Is(TokenKind::kRightBrace) || HasComments()) {
      Nested([this] { Declarations(TokenKind::kRightBrace); });
      layout_.Hard();
    }
    Token();
  }

  void Entity() {
    Names();
    if (Is(TokenKind::kEnum)) Clause([this] { List(); });
    if (Is(TokenKind::kIn)) Clause([this] { OneOrList(); });
    if (Is(TokenKind::kEqual)) Word();
    if (Is(TokenKind::kLeftBrace)) Braces();
    if (Is(TokenKind::kTags)) Clause([this] { TypeExpression(); });
    Token();
  }

  void Action() {
    Names();
    if (Is(TokenKind::kIn)) Clause([this] { OneOrList(); });
    if (Is(TokenKind::kAppliesTo)) Clause([this] { Record(); });
    if (Is(TokenKind::kAttributes)) Clause([this] { Record(); });
    Token();
  }

  void Type() {
    Token();
    Word();
    Word();
    layout_.Space();
    TypeExpression();
    Token();
  }

  // `entity` or `action`, and what is declared.
  void Names() {
    Open();
    Token();
    Word();
    Nested([this] {
      while (Is(TokenKind::kComma)) {
        Token();
        layout_.Line();
        Token();
      }
    });
    Close();
  }

  void Word() {
    layout_.Space();
    Token();
  }

  // A word, and what it introduces.
  template <typename Inner>
  void Clause(Inner inner) {
    Word();
    layout_.Space();
    inner();
  }

  void Braces() {
    layout_.Space();
    Record();
  }

  // --- lists and types

  void OneOrList() {
    if (Is(TokenKind::kLeftBracket)) {
      List();
    } else {
      Path();
    }
  }

  void List() {
    Open();
    Token();
    if (!Is(TokenKind::kRightBracket)) {
      Nested([this] {
        layout_.Soft();
        Path();
        while (Is(TokenKind::kComma)) {
          Token();
          layout_.Line();
          Path();
        }
      });
      layout_.Soft();
    }
    Token();
    Close();
  }

  void TypeExpression() {
    if (Is(TokenKind::kLeftBrace)) return Record();
    if (Is(TokenKind::kLeftBracket)) return List();  // as `principal` and `resource` may have
    Path();
    if (!Is(TokenKind::kLess)) return;
    Token();
    TypeExpression();
    Token();
  }

  // Members of records, and of `appliesTo`, have lines of their own.
  void Record() {
    Token();
    if (!Is(TokenKind::kRightBrace)) {
      Nested([this] {
        layout_.Hard();
        Member();
        while (Is(TokenKind::kComma)) {
          Token();
          layout_.Hard();
          Member();
        }
      });
      layout_.Hard();
    }
    Token();
  }

  void Member() {
    while (Is(TokenKind::kAt)) Annotation();
    Token();
    if (Is(TokenKind::kQuestion)) Token();
    Token();
    layout_.Space();
    TypeExpression();
  }

  // A name, an action, or a string.
  void Path() {
    Token();
    while (Is(TokenKind::kPathSeparator)) {
      Token();
      Token();
    }
  }
};

}  // namespace

Layout LayOutSchema(const std::vector<CommentedToken<TokenKind>>& tokens,
                    std::int32_t indent_width) {
  return SchemaWalker(tokens, indent_width).Run();
}

}  // namespace assay::format
