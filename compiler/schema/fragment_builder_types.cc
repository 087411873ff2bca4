// Types, attributes and names.
#include <algorithm>
#include <utility>

#include "compiler/schema/fragment_builder.h"
#include "engine/base/escape.h"
#include "engine/base/names.h"

namespace assay::schema {

namespace {

std::string Quoted(std::string_view text) { return "`" + std::string(text) + "`"; }

}  // namespace

std::string_view FragmentBuilder::Text(std::uint32_t token) const {
  const Token& t = tokens_.tokens[token];
  return sources_.text(source_).substr(t.begin, t.end - t.begin);
}

Span FragmentBuilder::SpanOf(std::uint32_t first, std::uint32_t last) const {
  return {source_, tokens_.tokens[first].begin, tokens_.tokens[last].end};
}

std::string FragmentBuilder::Unquoted(std::uint32_t token) {
  std::string_view raw = Text(token);
  raw = raw.substr(1, raw.size() - 2);
  std::string text;
  if (const auto error = Unescape(raw, StringForm::kText, &text)) {
    const auto begin = tokens_.tokens[token].begin + 1 + static_cast<std::uint32_t>(error->offset);
    Report(DiagId::kInvalidEscape,
           {source_, begin, begin + static_cast<std::uint32_t>(error->length)}, error->message);
  }
  return text;
}

void FragmentBuilder::NotReservedWord(std::uint32_t token) {
  if (!IsReservedWord(Text(token))) return;
  Report(
      DiagId::kReservedIdentifier, SpanOf(token),
      Quoted(Text(token)) + " is a reserved word and cannot be a name here",
      "attributes and actions may be called so as strings: `\"" + std::string(Text(token)) + "\"`");
}

// --- names

void FragmentBuilder::PathBegin(std::uint32_t token) {
  NotReservedWord(token);
  paths_.push_back({std::string(Text(token)), token, token, 1, std::nullopt});
}

void FragmentBuilder::PathPart(std::uint32_t token) {
  NotReservedWord(token);
  Path& path = paths_.back();
  if (path.id) {
    Report(DiagId::kUnexpectedToken, SpanOf(token), "nothing can follow the id of an action");
  }
  path.text += "::";
  path.text += Text(token);
  path.last = token;
  ++path.parts;
}

void FragmentBuilder::PathId(std::uint32_t token) {
  Path& path = paths_.back();
  if (path.id) {
    Report(DiagId::kUnexpectedToken, SpanOf(token), "nothing can follow the id of an action");
  }
  path.id = Unquoted(token);
  path.last = token;
}

Name FragmentBuilder::TakeName() {
  Path path = std::move(paths_.back());
  paths_.pop_back();
  const Span span = SpanOf(path.first, path.last);
  if (path.id) {
    Report(DiagId::kInvalidUid, span, "here stands a type, and this is an action or entity",
           "leave the string out: " + Quoted(path.text));
  }
  return {std::move(path.text), span};
}

void FragmentBuilder::Listed() { list_.push_back(TakeName()); }

// --- types

void FragmentBuilder::Enter(std::uint32_t token) {
  if (++depth_ <= limits_.type_depth) return;
  Report(DiagId::kTooDeep, SpanOf(token),
         "types are nested more than " + std::to_string(limits_.type_depth) +
             " deep here (type_depth)");
  throw ParseStop();
}

TypeExpr FragmentBuilder::TakeType() {
  TypeExpr type = std::move(types_.back());
  types_.pop_back();
  return type;
}

void FragmentBuilder::BeginSet(std::uint32_t open) {
  const Name name = TakeName();
  if (name.text == "Set") return;
  Report(DiagId::kUnexpectedToken, SpanOf(open), "only `Set` has a type in `<>`",
         "write `Set<Type>`");
}

void FragmentBuilder::EndSet(std::uint32_t close) {
  TypeExpr element = TakeType();
  TypeExpr set{
      .form = TypeForm::kSet, .attributes = {}, .span = Cover(element.span, SpanOf(close))};
  set.element.push_back(std::move(element));
  types_.push_back(std::move(set));
}

void FragmentBuilder::NamedType() {
  Name name = TakeName();
  types_.push_back({.form = TypeForm::kEntityOrCommon,
                    .name = std::move(name.text),
                    .attributes = {},
                    .span = name.span});
}

void FragmentBuilder::BeginRecord(std::uint32_t open) { records_.push_back({open, {}}); }

void FragmentBuilder::EndRecord(std::uint32_t close) {
  OpenRecord record = std::move(records_.back());
  records_.pop_back();
  TypeExpr type{.form = TypeForm::kRecord, .attributes = {}, .span = SpanOf(record.open, close)};
  // Of an attribute given twice the last one counts; the reference is silent about it.
  std::stable_sort(record.attributes.begin(), record.attributes.end(),
                   [](const auto& a, const auto& b) { return a.name < b.name; });
  for (AttributeDecl& attribute : record.attributes) {
    if (!type.attributes.empty() && type.attributes.back().name == attribute.name) {
      type.attributes.back() = std::move(attribute);
    } else {
      type.attributes.push_back(std::move(attribute));
    }
  }
  types_.push_back(std::move(type));
}

void FragmentBuilder::StartAttribute(std::string name) {
  attributes_.push_back({std::move(name), {}, true, std::exchange(annotations_, {})});
}

void FragmentBuilder::AttributeIdent(std::uint32_t token) {
  NotReservedWord(token);
  StartAttribute(std::string(Text(token)));
}

void FragmentBuilder::AttributeString(std::uint32_t token) { StartAttribute(Unquoted(token)); }

void FragmentBuilder::EndAttribute() {
  AttributeDecl attribute = std::move(attributes_.back());
  attributes_.pop_back();
  attribute.type = TakeType();
  records_.back().attributes.push_back(std::move(attribute));
}

}  // namespace assay::schema
