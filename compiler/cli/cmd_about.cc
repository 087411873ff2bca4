// policyc language-version and license; and what is not there, which says so.
#include <iostream>

#include "compiler/cli/command.h"
#include "compiler/cli/errors.h"

namespace assay::cli {

namespace {

constexpr const char* kLanguageVersion = "4.5";
constexpr const char* kLicense =
    "Assay is licensed under the Apache License, Version 2.0.\n"
    "See https://www.apache.org/licenses/LICENSE-2.0 for the full text.\n";

void AddText(Command* app, const char* name, const char* about, const std::string& text) {
  app->Add(name, about, [text] {
    std::cout << text;
    return int{kSuccess};
  });
}

// Whatever it is given, it fails with a sentence.
void AddMissing(Command* app, const char* name, const char* about) {
  const std::string sentence = "`" + std::string(name) + "` is not there yet";
  app->Add(name, std::string(about) + " (not there yet)",
           [sentence] {
             PrintError(sentence);
             return int{kFailure};
           })
      .TakeAnything();
}

}  // namespace

void AddAbout(Command* app) {
  AddText(app, "language-version", "Print the version of the Cedar language",
          "Cedar language version: " + std::string(kLanguageVersion) + "\n");
  AddText(app, "license", "Print the licence", kLicense);
  AddMissing(app, "partially-authorize", "Decide a request of which parts are unknown");
  AddMissing(app, "tpe", "Decide a request of which parts are unknown, with a schema");
  AddMissing(app, "symcc", "Prove what policies can do");
}

}  // namespace assay::cli
