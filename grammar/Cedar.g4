// Cedar policies, LL(1) throughout: every decision is a switch on one token, so the parser never
// falls back to adaptive prediction. There is no parse tree; actions build the syntax tree through
// AstBuilder, a stack machine: each expression rule leaves exactly one expression on its stack.
//
// Tokens come from compiler/cedar/lex.cc and are named by index; At() gives it.
parser grammar Cedar;

options { language = Cpp; }

tokens {
  IDENT, PERMIT, FORBID, WHEN, UNLESS, PRINCIPAL, ACTION, RESOURCE, CONTEXT, TRUE_, FALSE_, IF,
  THEN, ELSE, IN, IS, LIKE, HAS, NUMBER, STRING, SLOT, AT, LPAREN, RPAREN, LBRACE, RBRACE,
  LBRACKET, RBRACKET, COMMA, SEMI, COLON, PATH, DOT, EQ, NE, LT_, LE, GT, GE, AND, OR, NOT, PLUS,
  MINUS, STAR, BAD
}

@parser::postinclude {
#include "compiler/cedar/ast_builder.h"
}

@parser::members {
  assay::cedar::AstBuilder* b = nullptr;

  static std::uint32_t At(antlr4::Token* token) {
    return static_cast<std::uint32_t>(token->getTokenIndex());
  }
  std::uint32_t Next() { return static_cast<std::uint32_t>(_input->index()); }
  std::uint32_t Last() { return Next() - 1; }
  // After a comma an item may be missing only before the closing bracket of the list.
  void TrailingComma(std::size_t closing) {
    if (_input->LA(1) != closing) throw antlr4::InputMismatchException(this);
  }
}

// One policy with its semicolon.
policy
  : { b->BeginPolicy(Next()); }
    annotation*
    ( effect=PERMIT | effect=FORBID ) { b->SetEffect(At($effect)); }
    LPAREN ( scopeEntry ( COMMA ( scopeEntry | { TrailingComma(RPAREN); } ) )* )? RPAREN
    { b->EndScope(Last()); }
    condition*
    SEMI { b->EndPolicy(Last()); }
  ;

annotation
  : at=AT anyWord { std::uint32_t key = Last(); b->Annotation(At($at), key); }
    ( LPAREN value=STRING RPAREN { b->AnnotationValue(At($value), Last()); } )?
  ;

scopeEntry
  : anyWord { b->BeginScopeEntry(Last()); }
    ( COLON { b->ScopeColon(Last()); } path )?
    ( op=EQ { b->ScopeOp(At($op)); } scopeOperand
    | op=IN { b->ScopeOp(At($op)); } scopeOperand
    | op=IS { b->ScopeOp(At($op)); } scopeType
      ( in_=IN { b->ScopeOp(At($in_)); } scopeOperand )?
    )?
    { b->EndScopeEntry(Last()); }
  ;

scopeOperand
  : slot=SLOT { b->ScopeSlot(At($slot)); }
  | path { b->ScopeEntity(Last()); }
  | open=LBRACKET { b->ScopeListBegin(At($open)); }
    ( scopeListed ( COMMA ( scopeListed | { TrailingComma(RBRACKET); } ) )* )? RBRACKET
    { b->ScopeListEnd(Last()); }
  | LPAREN { b->Enter(Last()); } scopeOperand RPAREN { b->Leave(); }
  ;

scopeListed
  : path { b->ScopeEntity(Last()); }
  | slot=SLOT { b->ScopeSlot(At($slot)); }
  | LPAREN { b->Enter(Last()); } scopeListed RPAREN { b->Leave(); }
  ;

scopeType : path { b->ScopeType(Last()); } ;

condition
  : ( kind=WHEN | kind=UNLESS )
    LBRACE
    expr
    RBRACE { b->Condition(At($kind), Last()); }
  ;

// `Name`, `A::B`, or `A::B::"id"`; the builder is told every part.
path
  : anyIdent { b->PathBegin(Last()); }
    ( PATH ( pathWord { b->PathPart(Last()); } | STRING { b->PathId(Last()); } ) )*
  ;

expr
  : { b->Enter(Next()); }
    ( if_=IF expr THEN expr ELSE expr { b->If(At($if_)); }
    | disjunction
    )
    { b->Leave(); }
  ;

// Only an expression that fills its source.
wholeExpr : expr EOF ;

disjunction
  : { std::uint32_t count = 1; }
    conjunction ( OR conjunction { ++count; } )* { if (count > 1) b->Or(count); }
  ;

conjunction
  : { std::uint32_t count = 1; }
    relation ( AND relation { ++count; } )* { if (count > 1) b->And(count); }
  ;

relation
  : sum
    ( ( op=EQ | op=NE | op=LT_ | op=LE | op=GT | op=GE | op=IN ) sum { b->Binary(At($op)); }
    | HAS hasTarget
    | LIKE STRING { b->Like(Last()); }
    | IS path { b->Is(Last()); } ( IN sum { b->IsIn(); } )?
    )?
  ;

hasTarget
  : STRING { b->HasString(Last()); }
  | fieldName { b->HasBegin(Last()); } ( DOT fieldName { b->HasMore(Last()); } )*
    { b->HasEnd(Last()); }
  ;

sum : product ( ( op=PLUS | op=MINUS ) product { b->Binary(At($op)); } )* ;

product : unary ( op=STAR unary { b->Binary(At($op)); } )* ;

unary
  : { std::uint32_t first = Next(); std::uint32_t count = 0; }
    ( ( NOT { ++count; } )+ { b->Prefix(first, count); } member { b->ApplyNot(first, count); }
    | ( MINUS { ++count; } )+ { b->Prefix(first, count); } member { b->ApplyNegate(first, count); }
    | member
    )
  ;

// One loop for all that can follow a value. What is called is known only at the parenthesis, so the
// builder looks back; a rule for calls would need to look ahead.
member
  : primary
    ( DOT fieldName { b->Attribute(Last()); }
    | LBRACKET STRING RBRACKET { b->Index(Last()); }
    | LPAREN { b->CallBegin(Last()); } arguments RPAREN { b->CallEnd(Last()); }
    )*
  ;

arguments
  : ( expr ( COMMA ( expr | { TrailingComma(RPAREN); } ) )* )?
  ;

primary
  : ( t=TRUE_ | t=FALSE_ ) { b->Bool(At($t)); }
  | NUMBER { b->Number(Last()); }
  | STRING { b->String(Last()); }
  | SLOT { b->SlotInCondition(Last()); }
  | name
  | open=LPAREN expr RPAREN { b->Parentheses(At($open), Last()); }
  | open=LBRACKET { b->ListBegin(); }
    ( expr ( COMMA ( expr | { TrailingComma(RBRACKET); } ) )* )?
    RBRACKET { b->Set(At($open), Last()); }
  | open=LBRACE { b->RecordBegin(); }
    ( recordMember ( COMMA ( recordMember | { TrailingComma(RBRACE); } ) )* )?
    RBRACE { b->Record(At($open), Last()); }
  ;

// A variable, an entity, or, before a parenthesis, the name of a function.
name : path { b->PathEnds(Last()); } ;

recordMember : recordKey COLON expr ;

recordKey
  : STRING { b->RecordKeyString(Last()); }
  | fieldName { b->RecordKey(Last()); }
  ;

// Identifiers: in names, where reserved words are reported by the builder; and everywhere.
anyIdent
  : IDENT | PERMIT | FORBID | WHEN | UNLESS | PRINCIPAL | ACTION | RESOURCE | CONTEXT
  ;

anyWord
  : IDENT | PERMIT | FORBID | WHEN | UNLESS | PRINCIPAL | ACTION | RESOURCE | CONTEXT
  | TRUE_ | FALSE_ | IF | THEN | ELSE | IN | IS | LIKE | HAS
  ;

pathWord : anyWord { b->NotReserved(Last()); } ;

fieldName : anyWord { b->NotReserved(Last()); } ;
