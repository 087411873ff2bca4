// policyc translate-policy: policies from Cedar text to JSON, and back.
#include <iostream>
#include <memory>

#include "compiler/cli/command.h"
#include "compiler/cli/input.h"

namespace assay::cli {

namespace {

struct Flags {
  std::string policies, direction;
};

int TranslatePolicy(const Flags& flags) {
  Input input;
  const auto source = input.Add(flags.policies);
  if (!source) return kFailure;
  PolicySet set(input.limits());
  const bool to_json = flags.direction == "cedar-to-json";
  if (to_json) {
    set.AddCedar(input.sources(), *source, &input.diagnostics());
  } else {
    set.AddJson(&input.sources(), *source, &input.diagnostics());
  }
  if (!input.Check()) return kFailure;
  const Result<std::string> text = to_json ? set.ToJson() : set.ToCedar();
  if (!text.ok()) {
    PrintError(text.error().message);
    return kFailure;
  }
  std::cout << text.value() << (to_json ? "\n" : "");
  return kSuccess;
}

}  // namespace

void AddTranslatePolicy(CLI::App* app, Run* run) {
  CLI::App* command =
      app->add_subcommand("translate-policy", "Translate policies between Cedar text and JSON");
  auto flags = std::make_shared<Flags>();
  command->add_option("--direction", flags->direction, "cedar-to-json or json-to-cedar")
      ->required()
      ->check(CLI::IsMember({"cedar-to-json", "json-to-cedar"}));
  command->add_option("-p,--policies", flags->policies,
                      "The file to translate; standard input if none is given");
  command->callback([flags, run] { *run = [flags] { return TranslatePolicy(*flags); }; });
}

}  // namespace assay::cli
