// policyc translate-schema: a schema in its other form.
#include <iostream>
#include <memory>

#include "assay/schema.h"
#include "compiler/cli/command.h"
#include "compiler/cli/input.h"

namespace assay::cli {

namespace {

struct Flags {
  std::string direction, schema;
};

int Translate(const Flags& flags) {
  Input input;
  const auto source = input.Add(flags.schema);
  if (!source) return kFailure;
  const bool from_json = flags.direction == "json-to-cedar";
  const SchemaNames names = flags.direction == "cedar-to-json-with-resolved-types"
                                ? SchemaNames::kResolved
                                : SchemaNames::kAsWritten;
  const auto text = TranslateSchema(
      input.sources(), {*source, from_json ? SchemaFormat::kJson : SchemaFormat::kCedar},
      from_json ? SchemaFormat::kCedar : SchemaFormat::kJson, names, input.limits(),
      &input.diagnostics());
  if (!input.Check() || !text) return kFailure;
  std::cout << *text << "\n";
  return kSuccess;
}

}  // namespace

void AddTranslateSchema(CLI::App* app, Run* run) {
  CLI::App* command = app->add_subcommand("translate-schema", "Write a schema in its other form");
  auto flags = std::make_shared<Flags>();
  command
      ->add_option("--direction", flags->direction,
                   "json-to-cedar, cedar-to-json or cedar-to-json-with-resolved-types")
      ->required()
      ->check(
          CLI::IsMember({"json-to-cedar", "cedar-to-json", "cedar-to-json-with-resolved-types"}));
  command->add_option("-s,--schema", flags->schema, "The schema; standard input if not given");
  command->callback([flags, run] { *run = [flags] { return Translate(*flags); }; });
}

}  // namespace assay::cli
