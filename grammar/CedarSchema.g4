// Cedar schemas, LL(1) throughout; see Cedar.g4 and README.md for how that works. Declarations are
// parsed one by one: `item` is one of them, or the beginning or the end of a namespace. Actions
// build the fragment through FragmentBuilder, which keeps open types on a stack.
parser grammar CedarSchema;

options { language = Cpp; }

tokens {
  IDENT, NAMESPACE, ENTITY, ACTION, TYPE, IN, APPLIES_TO, PRINCIPAL, RESOURCE, CONTEXT, ATTRIBUTES,
  TAGS, ENUM, NUMBER, STRING, AT, LPAREN, RPAREN, LBRACE, RBRACE, LBRACKET, RBRACKET, LT_, GT,
  COMMA, SEMI, COLON, PATH, QUESTION, EQ, BAD
}

@parser::postinclude {
#include "compiler/schema/fragment_builder.h"
}

@parser::members {
  assay::schema::FragmentBuilder* b = nullptr;

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

item
  : RBRACE { b->CloseNamespace(Last()); }
  | annotation*
    ( begin=NAMESPACE path LBRACE { b->OpenNamespace(At($begin)); }
    | entity
    | action
    | typeDeclaration
    )
  ;

annotation
  : AT anyWord { b->Annotation(Last()); }
    ( LPAREN STRING RPAREN { b->AnnotationValue(Last() - 1); } )?
  ;

entity
  : begin=ENTITY { b->BeginDeclaration(At($begin)); }
    entityName ( COMMA entityName )*
    ( ENUM LBRACKET choice ( COMMA choice )* RBRACKET
    | ( IN entityTypes { b->MemberOf(); } )?
      ( EQ record { b->Shape(); } | record { b->Shape(); } )?
      ( TAGS typeExpr { b->Tags(); } )?
    )
    SEMI { b->EndEntity(Last()); }
  ;

entityName : anyWord { b->DeclaredIdent(Last()); } ;

choice : STRING { b->Choice(Last()); } ;

action
  : begin=ACTION { b->BeginDeclaration(At($begin)); }
    actionName ( COMMA actionName )*
    ( IN ( actionRef | LBRACKET actionRef ( COMMA actionRef )* RBRACKET ) )?
    ( APPLIES_TO LBRACE { b->BeginAppliesTo(); }
      applies ( COMMA ( applies | { TrailingComma(RBRACE); } ) )* RBRACE
      { b->EndAppliesTo(); }
    )?
    ( ATTRIBUTES LBRACE RBRACE )?
    SEMI { b->EndAction(Last()); }
  ;

actionName
  : STRING { b->DeclaredString(Last()); }
  | anyWord { b->DeclaredIdent(Last()); }
  ;

actionRef
  : STRING { b->ActionRefString(Last()); }
  | path { b->ActionRefPath(Last()); }
  ;

applies
  : ( kind=PRINCIPAL | kind=RESOURCE ) COLON entityTypes { b->AppliesTo(At($kind), Last()); }
  | kind=CONTEXT COLON ( path { b->NamedContext(); } | record ) { b->Context(At($kind), Last()); }
  ;

typeDeclaration
  : begin=TYPE { b->BeginDeclaration(At($begin)); }
    anyWord { b->DeclaredIdent(Last()); }
    EQ typeExpr SEMI { b->EndType(Last()); }
  ;

// A list of entity types, or one.
entityTypes
  : { b->BeginList(); }
    ( path { b->Listed(); }
    | LBRACKET ( path { b->Listed(); } ( COMMA path { b->Listed(); } )* )? RBRACKET
    )
  ;

typeExpr
  : { b->Enter(Next()); }
    ( path
      ( open=LT_ { b->BeginSet(At($open)); } typeExpr GT { b->EndSet(Last()); }
      | { b->NamedType(); }
      )
    | record
    )
    { b->Leave(); }
  ;

record
  : open=LBRACE { b->BeginRecord(At($open)); }
    ( attribute ( COMMA ( attribute | { TrailingComma(RBRACE); } ) )* )?
    RBRACE { b->EndRecord(Last()); }
  ;

attribute
  : annotation* attributeName ( QUESTION { b->OptionalAttribute(); } )? COLON typeExpr
    { b->EndAttribute(); }
  ;

attributeName
  : STRING { b->AttributeString(Last()); }
  | anyWord { b->AttributeIdent(Last()); }
  ;

// `Name`, `A::B`, or, as an action only, `A::Action::"id"`.
path
  : anyWord { b->PathBegin(Last()); }
    ( PATH ( anyWord { b->PathPart(Last()); } | STRING { b->PathId(Last()); } ) )*
  ;

anyWord
  : IDENT | NAMESPACE | ENTITY | ACTION | TYPE | IN | APPLIES_TO | PRINCIPAL | RESOURCE | CONTEXT
  | ATTRIBUTES | TAGS | ENUM
  ;
