// policyc language-version and license; and what is not there, which says so.
#include <iostream>

#include "compiler/cli/command.h"
#include "compiler/cli/input.h"

namespace assay::cli {

namespace {

constexpr const char* kLanguageVersion = "4.5";
constexpr const char* kLicense =
    "Assay is licensed under the Apache License, Version 2.0.\n"
    "See https://www.apache.org/licenses/LICENSE-2.0 for the full text.\n";

void AddText(CLI::App* app, Run* run, const char* name, const char* about,
             const std::string& text) {
  app->add_subcommand(name, about)->callback([run, text] {
    *run = [text] {
      std::cout << text;
      return int{kSuccess};
    };
  });
}

// Whatever it is given, it fails with a sentence.
void AddMissing(CLI::App* app, Run* run, const char* name, const char* about) {
  CLI::App* command = app->add_subcommand(name, std::string(about) + " (not there yet)");
  command->allow_extras();
  command->callback([run, name] {
    *run = [name] {
      PrintError("`" + std::string(name) + "` is not there yet");
      return int{kFailure};
    };
  });
}

}  // namespace

void AddAbout(CLI::App* app, Run* run) {
  AddText(app, run, "language-version", "Print the version of the Cedar language",
          "Cedar language version: " + std::string(kLanguageVersion) + "\n");
  AddText(app, run, "license", "Print the licence", kLicense);
  AddMissing(app, run, "partially-authorize", "Decide a request of which parts are unknown");
  AddMissing(app, run, "tpe", "Decide a request of which parts are unknown, with a schema");
  AddMissing(app, run, "symcc", "Prove what policies can do");
}

}  // namespace assay::cli
