// What someone sees who embeds the compiler: from text to an answer with its reason, and errors of
// the text as values. Objects made by one shared library are used by the other.
#include <assay/compile.h>
#include <assay/evaluator.h>

#include <cstdio>
#include <string>
#include <utility>

namespace {

bool RejectsBadText() {
  assay::Sources sources;
  const auto source = sources.Add("bad.cedar", "permit(principal, action);");
  assay::Diagnostics diagnostics;
  assay::PolicySet policies;
  return !policies.AddCedar(sources, source, &diagnostics) && !diagnostics.empty() &&
         !diagnostics.Render(sources).empty();
}

int Fail(const std::string& why) {
  std::fputs(why.c_str(), stderr);
  return 2;
}

}  // namespace

int main() {
  if (!RejectsBadText()) return 1;

  const std::string text =
      "@id(\"viewers\")\n"
      "permit(principal in Group::\"staff\", action, resource)\n"
      "when { decimal(\"1.5\").lessThan(context.score) };\n";
  // The part between the marks is in README.md.
  // README begins
  assay::Sources sources;
  const auto source = sources.Add("view.cedar", text);
  assay::Diagnostics diagnostics;
  assay::PolicySet policies;
  if (!policies.AddCedar(sources, source, &diagnostics)) return Fail(diagnostics.Render(sources));
  auto program = policies.Compile();  // a Result: .ok(), .value(), .error()
  auto entities = assay::Entities::Create({{{"User", "alice"}, {}, {{"Group", "staff"}}, {}}});
  auto snapshot = assay::Snapshot::Create(program.value(), entities.value());
  auto request = assay::RequestBuilder()
                     .Principal("User", "alice")
                     .Action("Action", "view")
                     .Resource("Photo", "beach")
                     .Context("score", assay::Decimal{20'000})
                     .Build();

  assay::Scratch scratch;  // one for each thread
  const assay::Decision decision = assay::Decide(snapshot.value(), request.value(), scratch);
  if (decision.is_allow()) std::puts("allowed");
  // README ends
  if (!decision.is_allow() || decision.determining().size() != 1) return 6;
  const auto id = snapshot.value().policy_id(decision.determining()[0]);
  std::printf("%.*s\n", static_cast<int>(id.size()), id.data());
  return id == "viewers" ? 0 : 7;
}
