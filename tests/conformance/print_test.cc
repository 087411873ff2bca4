// Every policy of the corpus is the same after it was printed.
#include "compiler/cedar/print.h"

#include <gtest/gtest.h>

#include <iostream>

#include "compiler/cedar/parse.h"
#include "tests/conformance/cases.h"
#include "tests/support/random_ast.h"

namespace assay::conformance {
namespace {

cedar::Ast Parsed(const std::string& name, const std::string& text) {
  Sources sources;
  Diagnostics diagnostics;
  cedar::Ast ast;
  const std::uint32_t source = sources.Add(name, text);
  EXPECT_TRUE(cedar::ParsePolicies(sources, source, Limits{}, &ast, &diagnostics))
      << diagnostics.Render(sources);
  return ast;
}

TEST(Conformance, PrintedCorpus) {
  const auto folder = Unpacked("corpus");
  if (!folder) GTEST_SKIP() << "skipped: this checkout has no ../shared/conformance";
  std::size_t policies = 0;
  for (const std::string& file : FilesIn(*folder, ".cedar")) {
    const cedar::Ast ast = Parsed(file, ReadText(file));
    std::string printed;
    for (const cedar::Policy& policy : ast.policies) printed += PrintPolicy(ast, policy) + "\n";
    ASSERT_EQ(testing::DumpPolicies(ast), testing::DumpPolicies(Parsed("printed", printed)))
        << printed;
    policies += ast.policies.size();
  }
  std::cout << "corpus: " << policies << " policies printed" << std::endl;
  EXPECT_GT(policies, 3000U);
}

}  // namespace
}  // namespace assay::conformance
