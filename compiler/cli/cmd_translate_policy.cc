// policyc translate-policy: policies from Cedar text to JSON, and back.
#include <iostream>

#include "compiler/cli/command.h"
#include "compiler/cli/input.h"

namespace assay::cli {

namespace {

enum class Direction : std::uint8_t { kNone, kCedarToJson, kJsonToCedar };

struct Flags {
  std::string policies;
  Direction direction = Direction::kNone;
};

int TranslatePolicy(const Flags& flags) {
  Input input;
  const auto source = input.Add(flags.policies);
  if (!source) return kFailure;
  PolicySet set(input.limits());
  const bool to_json = flags.direction == Direction::kCedarToJson;
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

void Declare(Command* command, Flags* flags) {
  command
      ->Choice(
          "--direction", &flags->direction,
          {{"cedar-to-json", Direction::kCedarToJson}, {"json-to-cedar", Direction::kJsonToCedar}},
          "From which form to which")
      .Required();
  command->Text("-p,--policies", &flags->policies,
                "The file to translate; standard input if none is given");
}

}  // namespace

void AddTranslatePolicy(Command* app) {
  app->Add<Flags>("translate-policy", "Translate policies between Cedar text and JSON", Declare,
                  TranslatePolicy);
}

}  // namespace assay::cli
