// policyc format: lays out policies and schemas.
#include <filesystem>
#include <iostream>

#include "assay/format.h"
#include "compiler/cli/command.h"
#include "compiler/cli/input.h"
#include "compiler/cli/replace_file.h"

namespace assay::cli {

namespace {

struct Flags {
  std::vector<std::string> files;
  FormatOptions options;
  bool write = false, check = false;
};

bool IsSchema(const std::string& path) {
  return std::filesystem::path(path).extension() == ".cedarschema";
}

int FormatFile(const Flags& flags, const std::string& path) {
  Input input;
  const auto source = input.Add(path);
  if (!source) return kFailure;
  const auto format = IsSchema(path) ? FormatSchema : FormatPolicies;
  const auto text =
      format(input.sources(), *source, flags.options, input.limits(), &input.diagnostics());
  if (!input.Check() || !text) return kFailure;
  const bool is_formatted = *text == input.sources().text(*source);
  if (flags.write) return is_formatted || ReplaceFile(path, *text) ? kSuccess : kFailure;
  std::cout << *text;
  return flags.check && !is_formatted ? kFailure : kSuccess;
}

int Format(const Flags& flags) {
  const std::vector<std::string> stdin_only = {"-"};
  int code = kSuccess;
  for (const std::string& file : flags.files.empty() ? stdin_only : flags.files) {
    if (flags.write && file == "-") {
      PrintError("--write needs a file to write to");
      return kFailure;
    }
    if (FormatFile(flags, file) != kSuccess) code = kFailure;
  }
  return code;
}

void Declare(Command* command, Flags* flags) {
  command->Texts(
      "-p,--policies,files", &flags->files,
      "The files: schemas if they are called *.cedarschema, else policies; standard input if "
      "none is given");
  command->Number("-l,--line-width", &flags->options.line_width,
                  "Characters that a line should not exceed");
  command->Number("-i,--indent-width", &flags->options.indent_width, "Spaces to indent by")
      .Between(0, 100);
  const Option write =
      command->Flag("-w,--write", &flags->write, "Write the files back, and print nothing");
  command
      ->Flag("-c,--check", &flags->check, "Exit with 1 if a file is not laid out as it is printed")
      .Excludes(write);
}

}  // namespace

void AddFormat(Command* app) {
  app->Add<Flags>("format", "Lay out policies or schemas, and print them", Declare, Format);
}

}  // namespace assay::cli
