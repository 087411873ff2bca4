// What the schema grammar's actions drive: checks what the grammar cannot, and builds the fragment.
// Knows tokens by index, and nothing of ANTLR. A declaration enters the fragment at its end only,
// so one with an error leaves nothing behind.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assay/diagnostics.h"
#include "assay/limits.h"
#include "assay/source.h"
#include "compiler/cedar/ast_builder.h"
#include "compiler/schema/fragment.h"
#include "compiler/schema/lex.h"

namespace assay::schema {

using cedar::ParseStop;

class FragmentBuilder {
 public:
  FragmentBuilder(const Sources& sources, std::uint32_t source, const Tokens& tokens,
                  const Limits& limits, Fragment* fragment);

  // Forgets the declaration that was begun, and what was wrong with it.
  void Reset();
  void Flush(Diagnostics* diagnostics);
  bool has_errors() const { return !found_.empty(); }
  void SyntaxError(std::uint32_t token, const std::string& expected, std::string hint);
  bool in_namespace() const { return open_namespaces_ > 0; }

  // --- namespaces and declarations
  void OpenNamespace(std::uint32_t keyword);
  void CloseNamespace(std::uint32_t close);
  void Annotation(std::uint32_t key);
  void AnnotationValue(std::uint32_t value);
  void BeginDeclaration(std::uint32_t keyword);
  void DeclaredIdent(std::uint32_t token);
  void DeclaredString(std::uint32_t token);
  void EndType(std::uint32_t semicolon);

  // --- entity types
  void Choice(std::uint32_t token);
  void MemberOf();
  void Shape();
  void Tags();
  void EndEntity(std::uint32_t semicolon);

  // --- actions
  void ActionRefString(std::uint32_t token);
  void ActionRefPath(std::uint32_t last);
  void BeginAppliesTo();
  void AppliesTo(std::uint32_t keyword, std::uint32_t last);
  void NamedContext();
  void Context(std::uint32_t keyword, std::uint32_t last);
  void EndAppliesTo();
  void EndAction(std::uint32_t semicolon);

  // --- types and names
  void BeginList() { list_.clear(); }
  void Listed();
  void Enter(std::uint32_t token);
  void Leave() { --depth_; }
  void BeginSet(std::uint32_t open);
  void EndSet(std::uint32_t close);
  void NamedType();
  void BeginRecord(std::uint32_t open);
  void EndRecord(std::uint32_t close);
  void AttributeIdent(std::uint32_t token);
  void AttributeString(std::uint32_t token);
  void OptionalAttribute() { attributes_.back().required = false; }
  void EndAttribute();
  void PathBegin(std::uint32_t token);
  void PathPart(std::uint32_t token);
  void PathId(std::uint32_t token);

 private:
  struct Path {
    std::string text;
    std::uint32_t first = 0, last = 0;
    std::uint32_t parts = 0;
    std::optional<std::string> id;
  };
  struct OpenRecord {
    std::uint32_t open = 0;
    std::vector<AttributeDecl> attributes;
  };

  std::string_view Text(std::uint32_t token) const;
  std::string Unquoted(std::uint32_t token);
  Span SpanOf(std::uint32_t first, std::uint32_t last) const;
  Span SpanOf(std::uint32_t token) const { return SpanOf(token, token); }
  void Report(DiagId id, Span span, std::string message, std::string hint = {});
  void NotReservedWord(std::uint32_t token);
  Name TakeName();
  TypeExpr TakeType();
  void StartAttribute(std::string name);
  void CheckDeclaredNames();
  template <typename Map, typename Decl>
  void Add(Map* map, Decl decl, std::string_view what);

  const Sources& sources_;
  std::uint32_t source_;
  const Tokens& tokens_;
  const Limits& limits_;
  Fragment* fragment_;
  std::vector<Diagnostic> found_;

  std::string namespace_;              // the one that is open, or ""
  std::uint32_t open_namespaces_ = 0;  // more than one is an error

  Annotations annotations_;           // read, and not yet given to what follows them
  std::string annotation_;            // the last key
  Annotations declared_annotations_;  // of the declaration
  std::vector<Name> names_;
  EntityDecl entity_;
  ActionDecl action_;
  bool has_principals_ = false, has_resources_ = false, has_context_ = false;
  std::vector<Name> list_;
  std::vector<Path> paths_;
  std::vector<TypeExpr> types_;
  std::vector<OpenRecord> records_;
  std::vector<AttributeDecl> attributes_;  // begun, and not ended
  std::uint32_t depth_ = 0;
};

}  // namespace assay::schema
