// policyc translate-schema: a schema in its other form.
#include <iostream>

#include "assay/schema.h"
#include "compiler/cli/command.h"
#include "compiler/cli/input.h"
#include "compiler/cli/json_text.h"

namespace assay::cli {

namespace {

enum class Direction : std::uint8_t { kNone, kJsonToCedar, kCedarToJson, kCedarToResolvedJson };

struct Flags {
  std::string schema;
  Direction direction = Direction::kNone;
};

int Translate(const Flags& flags) {
  Input input;
  const auto source = input.Add(flags.schema);
  if (!source) return kFailure;
  const bool from_json = flags.direction == Direction::kJsonToCedar;
  const SchemaNames names = flags.direction == Direction::kCedarToResolvedJson
                                ? SchemaNames::kResolved
                                : SchemaNames::kAsWritten;
  const auto text = TranslateSchema(
      input.sources(), {*source, from_json ? SchemaFormat::kJson : SchemaFormat::kCedar},
      from_json ? SchemaFormat::kCedar : SchemaFormat::kJson, names, input.limits(),
      &input.diagnostics());
  if (!input.Check() || !text) return kFailure;
  std::cout << (names == SchemaNames::kResolved ? PrettyJson(*text) : *text) << "\n";
  return kSuccess;
}

void Declare(Command* command, Flags* flags) {
  command
      ->Choice("--direction", &flags->direction,
               {{"json-to-cedar", Direction::kJsonToCedar},
                {"cedar-to-json", Direction::kCedarToJson},
                {"cedar-to-json-with-resolved-types", Direction::kCedarToResolvedJson}},
               "From which form to which")
      .Required();
  command->Text("-s,--schema", &flags->schema, "The schema; standard input if not given");
}

}  // namespace

void AddTranslateSchema(Command* app) {
  app->Add<Flags>("translate-schema", "Write a schema in its other form", Declare, Translate);
}

}  // namespace assay::cli
