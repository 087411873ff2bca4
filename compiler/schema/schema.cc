// The public door of schemas.
#include "assay/schema.h"

#include "compiler/schema/model.h"
#include "compiler/schema/parse.h"
#include "compiler/schema/read_json.h"
#include "compiler/schema/resolve.h"
#include "compiler/schema/write.h"
#include "engine/base/guarded.h"

namespace assay {

namespace {

std::optional<schema::Fragment> Read(const Sources& sources, SchemaSource file,
                                     const Limits& limits, Diagnostics* diagnostics) {
  return file.format == SchemaFormat::kCedar
             ? schema::ParseCedar(sources, file.source, limits, diagnostics)
             : schema::ParseJson(sources, file.source, limits, diagnostics);
}

std::vector<std::string> Texts(const schema::Model& model,
                               const std::vector<schema::NameId>& names) {
  std::vector<std::string> texts;
  texts.reserve(names.size());
  for (const schema::NameId name : names) texts.emplace_back(model.types.names()[name]);
  return texts;
}

}  // namespace

Schema::Schema() : model_(std::make_shared<const schema::Model>()) {}

std::optional<Schema> Schema::Parse(const Sources& sources, std::span<const SchemaSource> files,
                                    const Limits& limits, Diagnostics* diagnostics) {
  return Guarded(diagnostics, [&]() -> std::optional<Schema> {
    const std::size_t listed_before = diagnostics->list().size();
    std::vector<schema::Fragment> fragments;
    for (const SchemaSource& file : files) {
      auto fragment = Read(sources, file, limits, diagnostics);
      if (fragment) fragments.push_back(std::move(*fragment));
    }
    if (fragments.size() != files.size()) return std::nullopt;
    auto model = schema::Resolve(fragments, limits, diagnostics);
    diagnostics->SortFrom(listed_before);
    if (!model) return std::nullopt;
    return Schema(std::make_shared<const schema::Model>(std::move(*model)));
  });
}

std::optional<Schema> Schema::Parse(const Sources& sources, std::uint32_t source,
                                    SchemaFormat format, const Limits& limits,
                                    Diagnostics* diagnostics) {
  const SchemaSource file{source, format};
  return Parse(sources, std::span(&file, 1), limits, diagnostics);
}

std::vector<std::string> Schema::EntityTypes() const {
  std::vector<std::string> names;
  for (const schema::EntityType& type : model_->entity_types) {
    names.emplace_back(model_->types.names()[type.name]);
  }
  return names;
}

std::vector<EntityUid> Schema::Actions() const {
  std::vector<EntityUid> uids;
  for (const schema::Action& action : model_->actions) uids.push_back(action.uid);
  return uids;
}

std::vector<std::string> Schema::PrincipalsOf(const EntityUid& action) const {
  const schema::Action* found = model_->FindAction(action);
  return found != nullptr ? Texts(*model_, found->principals) : std::vector<std::string>();
}

std::vector<std::string> Schema::ResourcesOf(const EntityUid& action) const {
  const schema::Action* found = model_->FindAction(action);
  return found != nullptr ? Texts(*model_, found->resources) : std::vector<std::string>();
}

std::optional<std::string> TranslateSchema(const Sources& sources, SchemaSource from,
                                           SchemaFormat to, SchemaNames names, const Limits& limits,
                                           Diagnostics* diagnostics) {
  return Guarded(diagnostics, [&]() -> std::optional<std::string> {
    auto fragment = Read(sources, from, limits, diagnostics);
    if (fragment && names == SchemaNames::kResolved) {
      fragment = schema::WithResolvedNames(*fragment, diagnostics);
    }
    if (!fragment) return std::nullopt;
    if (to == SchemaFormat::kJson) return schema::WriteJson(*fragment);
    return schema::WriteCedar(*fragment, diagnostics);
  });
}

}  // namespace assay
