// Every policy and every schema of the corpus can be laid out, and stays as it then is. The
// formatter itself compares what comes out with what went in.
#include "assay/format.h"

#include <gtest/gtest.h>

#include <iostream>

#include "tests/conformance/cases.h"

namespace assay::conformance {
namespace {

std::string Formatted(decltype(&FormatPolicies) format, const std::string& text) {
  Sources sources;
  Diagnostics diagnostics;
  const auto out = format(sources, sources.Add("text", text), {}, Limits{}, &diagnostics);
  EXPECT_TRUE(out) << text << diagnostics.Render(sources);
  return out.value_or("");
}

std::size_t CheckAll(const std::string& folder, const std::string& ending,
                     decltype(&FormatPolicies) format) {
  std::size_t count = 0;
  for (const std::string& path : FilesIn(folder, ending)) {
    const std::string once = Formatted(format, ReadText(path));
    EXPECT_EQ(once, Formatted(format, once)) << path;
    ++count;
  }
  return count;
}

TEST(Conformance, FormattedCorpus) {
  const auto folder = Unpacked("corpus");
  if (!folder) GTEST_SKIP() << "skipped: this checkout has no ../shared/conformance";
  const std::size_t policies = CheckAll(*folder, ".cedar", FormatPolicies);
  const std::size_t schemas = CheckAll(*folder, ".cedarschema", FormatSchema);
  std::cout << "formatted: " << policies << " files of policies, " << schemas << " schemas\n";
  EXPECT_GE(policies, 3000U);
  EXPECT_GE(schemas, 3000U);
}

}  // namespace
}  // namespace assay::conformance
