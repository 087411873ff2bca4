// The table of functions: every example gives its value, and names are found.
#include "stdlib/functions.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "assay/compile.h"
#include "assay/evaluator.h"

namespace assay::stdlib {
namespace {

Result<Value> Evaluated(std::string_view expression) {
  Sources sources;
  Diagnostics diagnostics;
  const auto program =
      CompileExpression(sources, sources.Add("e", std::string(expression)), Limits{}, &diagnostics);
  if (!program) return Error{ErrorCode::kInvalidArgument, diagnostics.Render(sources)};
  const Request request{{"U", "u"}, {"Action", "a"}, {"R", "r"}, {}};
  Scratch scratch;
  return Evaluate(Snapshot::Create(*program, Entities()).value(), request, scratch);
}

TEST(Functions, EveryExampleGivesItsValue) {
  for (const FunctionInfo& function : Functions()) {
    EXPECT_NE(function.example.find(function.name), std::string_view::npos) << function.name;
    const Result<Value> value = Evaluated(function.example);
    ASSERT_TRUE(value.ok()) << function.example << ": " << value.error().message;
    EXPECT_EQ(value.value().ToCedar(), function.value) << function.example;
  }
}

TEST(Functions, AreNumberedByTheirPlaceAndFoundByTheirName) {
  for (std::size_t i = 0; i < Functions().size(); ++i) {
    const FunctionInfo& function = Functions()[i];
    EXPECT_EQ(static_cast<std::size_t>(function.id), i);
    EXPECT_EQ(FindFunction(function.name), &function);
    EXPECT_EQ(BuiltinMethodArity(function.name), std::nullopt) << function.name;
    EXPECT_FALSE(function.doc.empty() || function.signature.empty()) << function.name;
  }
  EXPECT_EQ(FindFunction("contains"), nullptr);
  EXPECT_EQ(FindFunction(""), nullptr);
  EXPECT_EQ(FindFunction("IP"), nullptr);
}

TEST(Functions, MethodsOfTheLanguageAreApart) {
  EXPECT_EQ(BuiltinMethodArity("contains"), 1U);
  EXPECT_EQ(BuiltinMethodArity("isEmpty"), 0U);
  EXPECT_EQ(BuiltinMethodArity("getTag"), 1U);
  EXPECT_EQ(BuiltinMethodArity("isIpv4"), std::nullopt);
}

TEST(Functions, SuggestionsComeFromTheRightList) {
  const auto has = [](auto names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  EXPECT_TRUE(has(MethodNames(), "contains"));
  EXPECT_TRUE(has(MethodNames(), "toDate"));
  EXPECT_FALSE(has(MethodNames(), "ip"));
  EXPECT_TRUE(has(FunctionNames(), "ip"));
  EXPECT_FALSE(has(FunctionNames(), "toDate"));
  EXPECT_EQ(FunctionNames().size(), 4U);
}

}  // namespace
}  // namespace assay::stdlib
