// Every policy and every schema of the corpus can be laid out, as it is and with a comment at every
// place, and stays as it then is. The formatter itself compares what comes out with what went in.
#include "assay/format.h"

#include <gtest/gtest.h>

#include <iostream>
#include <vector>

#include "compiler/cedar/lex.h"
#include "compiler/schema/lex.h"
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

struct Commented {
  std::vector<std::string> comments;  // those of the text, without white space at their ends
  std::string text;                   // with one more before each of its tokens
};

// The new comments stand on the line of the token before and on lines of their own, by turns.
template <typename Lex>
Commented WithComments(Lex lex, const std::string& text) {
  Sources sources;
  Diagnostics diagnostics;
  const auto lexed = lex(sources, sources.Add("text", text), Limits{}, &diagnostics);
  Commented out;
  for (const Span span : lexed.comments) {
    out.comments.emplace_back(sources.Slice(span));
    out.comments.back().erase(out.comments.back().find_last_not_of(" \t\v\f") + 1);
  }
  std::uint32_t end = 0;
  std::size_t count = 0;
  for (const auto& token : lexed.tokens) {
    out.text += text.substr(end, token.begin - end);
    out.text += (count % 2 == 0 ? "// " : "\n// ") + std::to_string(count) + "\n";
    ++count;
    end = token.begin;
  }
  out.text += text.substr(end);
  return out;
}

struct Tally {
  std::size_t files = 0, comments = 0;
};

template <typename Lex>
Tally CheckAll(const std::string& folder, const std::string& ending,
               decltype(&FormatPolicies) format, Lex lex) {
  Tally tally;
  for (const std::string& path : FilesIn(folder, ending)) {
    const std::string text = ReadText(path);
    const std::string commented = WithComments(lex, text).text;
    for (const std::string& given : {text, commented}) {
      const std::string once = Formatted(format, given);
      EXPECT_EQ(once, Formatted(format, once)) << path;
      const auto comments = WithComments(lex, given).comments;
      EXPECT_EQ(WithComments(lex, once).comments, comments) << path;
      tally.comments += comments.size();
    }
    ++tally.files;
  }
  return tally;
}

TEST(Conformance, FormattedCorpus) {
  const auto folder = Unpacked("corpus");
  if (!folder) GTEST_SKIP() << "skipped: this checkout has no ../shared/conformance";
  const Tally policies = CheckAll(*folder, ".cedar", FormatPolicies, cedar::Lex);
  const Tally schemas = CheckAll(*folder, ".cedarschema", FormatSchema, schema::Lex);
  std::cout << "formatted as they are and with comments: " << policies.files
            << " files of policies, " << policies.comments << " comments; " << schemas.files
            << " schemas, " << schemas.comments << " comments\n";
  EXPECT_GE(policies.files, 3000U);
  EXPECT_GE(schemas.files, 3000U);
  EXPECT_GT(policies.comments, 20 * policies.files);
}

}  // namespace
}  // namespace assay::conformance
