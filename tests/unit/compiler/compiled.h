// Policies and expressions compiled for a test, and their errors as text.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "assay/compile.h"
#include "assay/evaluator.h"

namespace assay::testing {

// Each error as `name: message`, one a line.
inline std::string ErrorsOf(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& d : diagnostics.list()) {
    text += std::string(DiagName(d.id)) + ": " + d.message + "\n";
  }
  return text;
}

// A policy set with the errors that adding to it gave.
struct TestSet {
  explicit TestSet(const Limits& limits = {}) : set(limits) {}

  bool AddCedar(std::string text) {
    return set.AddCedar(sources, sources.Add("p.cedar", std::move(text)), &diagnostics);
  }
  bool AddPolicy(std::string id, std::string text) {
    return set.AddPolicy(std::move(id), sources, sources.Add("p.cedar", std::move(text)),
                         &diagnostics);
  }
  bool AddJson(std::string text) {
    return set.AddJson(&sources, sources.Add("p.json", std::move(text)), &diagnostics);
  }
  // The ids of the program's policies, in order, each followed by a space.
  std::string Ids() const {
    const Program program = set.Compile().value();
    std::string ids;
    for (std::size_t i = 0; i < program.policy_count(); ++i) {
      ids += std::string(program.policy_id(i)) + " ";
    }
    return ids;
  }

  Sources sources;
  Diagnostics diagnostics;
  PolicySet set;
};

inline Request AnyRequest() {
  return {{"User", "u"}, {"Action", "a"}, {"Doc", "d"}, {{"n", 1}, {"yes", true}, {"no", false}}};
}

// What an expression gives for AnyRequest(), as Cedar text, or its errors.
inline std::string Evaluated(std::string expression, const Limits& limits = {}) {
  Sources sources;
  Diagnostics diagnostics;
  const std::uint32_t source = sources.Add("e", std::move(expression));
  const auto program = CompileExpression(sources, source, limits, &diagnostics);
  EXPECT_EQ(program.has_value(), diagnostics.empty());
  if (!program) return ErrorsOf(diagnostics);
  const Result<Snapshot> snapshot = Snapshot::Create(*program, Entities());
  if (!snapshot.ok()) return "snapshot: " + snapshot.error().message;
  Scratch scratch;
  const Result<Value> value = Evaluate(snapshot.value(), AnyRequest(), scratch);
  return value.ok() ? value.value().ToCedar() : "error: " + value.error().message;
}

// `text`, `count` times, with `separator` between.
inline std::string Repeated(const std::string& text, int count, const std::string& separator) {
  std::string out;
  for (int i = 0; i < count; ++i) out += (i > 0 ? separator : "") + text;
  return out;
}

}  // namespace assay::testing
