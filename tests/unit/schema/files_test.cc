// Schemas of several files.
#include <gtest/gtest.h>

#include "tests/unit/schema/schema_test.h"

namespace assay {
namespace {

// A mistake in one file hides none in another.
TEST(SchemaFiles, EachIsReadToItsEnd) {
  Sources sources;
  Diagnostics diagnostics;
  const SchemaSource files[] = {
      {sources.Add("a", "entity if;"), SchemaFormat::kCedar},
      {sources.Add("b", "namespace N { entity E;"), SchemaFormat::kCedar}};
  EXPECT_FALSE(Schema::Parse(sources, files, Limits{}, &diagnostics).has_value());
  EXPECT_EQ(diagnostics.total(), 2U) << diagnostics.Render(sources);
  EXPECT_NE(diagnostics.Render(sources).find("at the end of the namespace"), std::string::npos);
}

}  // namespace
}  // namespace assay
