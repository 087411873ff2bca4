// Declarations. Types and names are in fragment_builder_types.cc.
#include "compiler/schema/fragment_builder.h"

#include <utility>

#include "engine/base/names.h"

namespace assay::schema {

namespace {

constexpr const char* kReservedHint = "no part of a name of yours may be `__cedar`";

std::string Quoted(std::string_view text) { return "`" + std::string(text) + "`"; }

}  // namespace

FragmentBuilder::FragmentBuilder(const Sources& sources, std::uint32_t source, const Tokens& tokens,
                                 const Limits& limits, Fragment* fragment)
    : sources_(sources), source_(source), tokens_(tokens), limits_(limits), fragment_(fragment) {}

void FragmentBuilder::Reset() {
  found_.clear();
  annotations_.clear();
  names_.clear();
  entity_ = {};
  action_ = {};
  has_principals_ = has_resources_ = has_context_ = false;
  paths_.clear();
  types_.clear();
  records_.clear();
  attributes_.clear();
  depth_ = 0;
}

void FragmentBuilder::Flush(Diagnostics* diagnostics) {
  for (Diagnostic& d : found_) {
    diagnostics->Add(d.id, d.span, std::move(d.message), std::move(d.hint));
  }
  found_.clear();
}

void FragmentBuilder::SyntaxError(std::uint32_t token, const std::string& expected,
                                  std::string hint) {
  const TokenKind kind = tokens_.tokens[token].kind;
  const bool show_text = kind == TokenKind::kIdent || kind == TokenKind::kNumber;
  Report(DiagId::kUnexpectedToken, SpanOf(token),
         "expected " + expected + ", found " +
             (show_text ? Quoted(Text(token)) : std::string(TokenText(kind))),
         std::move(hint));
}

void FragmentBuilder::Report(DiagId id, Span span, std::string message, std::string hint) {
  found_.push_back({id, span, true, std::move(message), std::move(hint)});
}

// --- namespaces

// A namespace that should not be there is opened all the same, so that its `}` is no error, too.
void FragmentBuilder::OpenNamespace(std::uint32_t keyword) {
  const Name name = TakeName();
  if (++open_namespaces_ > 1) {
    return Report(DiagId::kUnexpectedToken, SpanOf(keyword),
                  "a namespace cannot stand inside another",
                  "close the first with `}`, or write its name as " +
                      Quoted(Qualified(namespace_, name.text)));
  }
  namespace_ = name.text;
  if (IsReservedName(name.text)) {
    return Report(DiagId::kReservedName, name.span, Quoted(name.text) + " is a reserved name",
                  kReservedHint);
  }
  const auto [found, is_new] = fragment_->namespaces.try_emplace(name.text);
  if (!is_new) {
    return Report(DiagId::kDuplicateNamespace, name.span,
                  "the namespace " + Quoted(name.text) + " was there before",
                  "put all of its declarations into one");
  }
  found->second.annotations = std::move(annotations_);
  found->second.span = name.span;
}

void FragmentBuilder::CloseNamespace(std::uint32_t close) {
  if (open_namespaces_ == 0) {
    return Report(DiagId::kUnexpectedToken, SpanOf(close), "there is no namespace to close here");
  }
  if (--open_namespaces_ == 0) namespace_.clear();
}

void FragmentBuilder::Annotation(std::uint32_t key) {
  annotation_ = std::string(Text(key));
  // In Cedar's syntax `@key` is `@key("")`; only JSON tells the two apart.
  if (annotations_.try_emplace(annotation_, "").second) return;
  Report(DiagId::kDuplicateAnnotation, SpanOf(key),
         "the annotation " + Quoted("@" + annotation_) + " was given before");
}

void FragmentBuilder::AnnotationValue(std::uint32_t value) {
  annotations_[annotation_] = Unquoted(value);
}

// --- declarations

void FragmentBuilder::BeginDeclaration(std::uint32_t) {
  declared_annotations_ = std::exchange(annotations_, {});
}

void FragmentBuilder::DeclaredIdent(std::uint32_t token) {
  NotReservedWord(token);
  names_.push_back({std::string(Text(token)), SpanOf(token)});
}

void FragmentBuilder::DeclaredString(std::uint32_t token) {
  names_.push_back({Unquoted(token), SpanOf(token)});
}

void FragmentBuilder::CheckDeclaredNames() {
  for (const Name& name : names_) {
    if (!IsReservedName(name.text)) continue;
    Report(DiagId::kReservedName, name.span, Quoted(name.text) + " is a reserved name",
           kReservedHint);
  }
}

template <typename Map, typename Decl>
void FragmentBuilder::Add(Map* map, Decl decl, std::string_view what) {
  if (has_errors()) return;
  decl.annotations = declared_annotations_;
  for (const Name& name : names_) {
    decl.span = name.span;
    if (map->try_emplace(name.text, decl).second) continue;
    Report(DiagId::kDuplicateDeclaration, name.span,
           "the " + std::string(what) + " " + Quoted(name.text) + " was declared before");
  }
}

void FragmentBuilder::EndType(std::uint32_t) {
  CheckDeclaredNames();
  const Name& name = names_.back();
  if (IsReservedCommonType(name.text)) {
    Report(DiagId::kReservedName, name.span,
           Quoted(name.text) + " is a reserved name of the schema language",
           "call the common type something else");
  }
  Add(&fragment_->namespaces[namespace_].common_types, CommonTypeDecl{TakeType(), {}, {}},
      "common type");
}

void FragmentBuilder::Choice(std::uint32_t token) { entity_.choices.push_back(Unquoted(token)); }

void FragmentBuilder::MemberOf() { entity_.member_of = std::move(list_); }

void FragmentBuilder::Shape() { entity_.shape = TakeType(); }

void FragmentBuilder::Tags() { entity_.tags = TakeType(); }

void FragmentBuilder::EndEntity(std::uint32_t) {
  CheckDeclaredNames();
  Add(&fragment_->namespaces[namespace_].entity_types, std::move(entity_), "entity type");
}

// --- actions

void FragmentBuilder::ActionRefString(std::uint32_t token) {
  if (!action_.member_of) action_.member_of.emplace();
  action_.member_of->push_back({std::nullopt, Unquoted(token), SpanOf(token)});
}

void FragmentBuilder::ActionRefPath(std::uint32_t) {
  Path path = std::move(paths_.back());
  paths_.pop_back();
  if (!action_.member_of) action_.member_of.emplace();
  const Span span = SpanOf(path.first, path.last);
  if (path.id) {
    action_.member_of->push_back({std::move(path.text), std::move(*path.id), span});
  } else if (path.parts == 1) {
    action_.member_of->push_back({std::nullopt, std::move(path.text), span});
  } else {
    Report(DiagId::kInvalidUid, span, Quoted(path.text) + " is a type, not an action",
           "write `" + path.text + "::\"id\"`");
  }
}

void FragmentBuilder::BeginAppliesTo() { action_.applies_to.emplace(); }

void FragmentBuilder::AppliesTo(std::uint32_t keyword, std::uint32_t last) {
  const bool is_principal = tokens_.tokens[keyword].kind == TokenKind::kPrincipal;
  bool& seen = is_principal ? has_principals_ : has_resources_;
  const std::string what = Quoted(Text(keyword));
  if (seen) {
    Report(DiagId::kInvalidAppliesTo, SpanOf(keyword, last), what + " was given before",
           "name all entity types in one list");
  } else if (list_.empty()) {
    Report(DiagId::kInvalidAppliesTo, SpanOf(keyword, last), "the list of " + what + " is empty",
           "leave `appliesTo` out if the action applies to nothing");
  }
  seen = true;
  (is_principal ? action_.applies_to->principals : action_.applies_to->resources) =
      std::move(list_);
}

void FragmentBuilder::NamedContext() {
  Name name = TakeName();
  types_.push_back({.form = TypeForm::kCommon,
                    .name = std::move(name.text),
                    .attributes = {},
                    .span = name.span});
}

void FragmentBuilder::Context(std::uint32_t keyword, std::uint32_t last) {
  if (has_context_) {
    Report(DiagId::kInvalidAppliesTo, SpanOf(keyword, last), "`context` was given before",
           "merge the two");
  }
  has_context_ = true;
  action_.applies_to->context = TakeType();
}

void FragmentBuilder::EndAppliesTo() {
  for (const auto& [seen, what] :
       {std::pair(has_principals_, "`principal`"), std::pair(has_resources_, "`resource`")}) {
    if (seen) continue;
    Report(DiagId::kInvalidAppliesTo, names_.front().span,
           "the `appliesTo` of this action has no " + std::string(what),
           "it needs both `principal` and `resource`");
  }
}

void FragmentBuilder::EndAction(std::uint32_t) {
  // An action without appliesTo applies to nothing, and the JSON form says so.
  if (!action_.applies_to) action_.applies_to.emplace();
  Add(&fragment_->namespaces[namespace_].actions, std::move(action_), "action");
}

}  // namespace assay::schema
