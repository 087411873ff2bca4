// Schemas of Cedar: which entity types and actions there are, and what they look like. Link
// assay::compiler for this; the engine decides without a schema.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "assay/diagnostics.h"
#include "assay/export.h"
#include "assay/limits.h"
#include "assay/source.h"
#include "assay/value.h"

namespace assay {

namespace schema {
struct Model;
}

// The two forms in which schemas are written: Cedar's own syntax (.cedarschema) and JSON.
enum class SchemaFormat : std::uint8_t { kCedar, kJson };

// One file of a schema: the number of a source, and its form.
struct SchemaSource {
  std::uint32_t source = 0;
  SchemaFormat format = SchemaFormat::kCedar;
};

// Immutable; copies share; safe to use from any number of threads. Parse may be called by many, of
// which one at a time parses.
class ASSAY_API Schema {
 public:
  // A schema that declares nothing.
  Schema();

  // Reads the files, which may refer to each other, and resolves all names. Nothing if anything is
  // wrong; `diagnostics` then says what and where. Warnings are added to `diagnostics` as well and
  // do not make it fail.
  static std::optional<Schema> Parse(const Sources& sources, std::span<const SchemaSource> files,
                                     const Limits& limits, Diagnostics* diagnostics);
  // The same for one file.
  static std::optional<Schema> Parse(const Sources& sources, std::uint32_t source,
                                     SchemaFormat format, const Limits& limits,
                                     Diagnostics* diagnostics);

  // All entity types that are declared, by name; all actions, by uid.
  std::vector<std::string> EntityTypes() const;
  std::vector<EntityUid> Actions() const;
  // The entity types that an action may have as principal or resource; empty if there is no such
  // action.
  std::vector<std::string> PrincipalsOf(const EntityUid& action) const;
  std::vector<std::string> ResourcesOf(const EntityUid& action) const;

  // For the compiler's own parts.
  const schema::Model& model() const { return *model_; }

 private:
  explicit Schema(std::shared_ptr<const schema::Model> model) : model_(std::move(model)) {}
  std::shared_ptr<const schema::Model> model_;
};

enum class SchemaNames : std::uint8_t {
  kAsWritten,  // names need not be declared
  kResolved,   // each is written with its namespace, as an entity type or a common type
};

// Reads a schema in one form and writes it in the other, or in the same. JSON is one line. Nothing
// if there was an error, or if the form cannot say it: Cedar's has no shapes that are common types.
ASSAY_API std::optional<std::string> TranslateSchema(const Sources& sources, SchemaSource from,
                                                     SchemaFormat to, SchemaNames names,
                                                     const Limits& limits,
                                                     Diagnostics* diagnostics);

}  // namespace assay
