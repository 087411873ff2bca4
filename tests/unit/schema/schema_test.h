// Schemas for tests, and what is wrong with them as text.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>

#include "assay/schema.h"
#include "assay/validate.h"
#include "tests/unit/compiler/compiled.h"

namespace assay::testing {

struct ParsedSchema {
  std::optional<Schema> schema;
  std::string errors;  // `name: message`, one a line
};

inline ParsedSchema ParseSchema(std::string text, SchemaFormat format = SchemaFormat::kCedar,
                                const Limits& limits = {}) {
  Sources sources;
  Diagnostics diagnostics(limits.diagnostics);
  ParsedSchema parsed;
  parsed.schema =
      Schema::Parse(sources, sources.Add("schema", std::move(text)), format, limits, &diagnostics);
  EXPECT_EQ(parsed.schema.has_value(), diagnostics.empty());
  diagnostics.Render(sources);
  parsed.errors = ErrorsOf(diagnostics);
  return parsed;
}

// The schema of a text that must be one.
inline Schema GoodSchema(std::string text) {
  ParsedSchema parsed = ParseSchema(std::move(text));
  EXPECT_EQ(parsed.errors, "");
  return parsed.schema.value_or(Schema());
}

}  // namespace assay::testing
