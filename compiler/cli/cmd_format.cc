// policyc format: lays out policies.
#include <iostream>
#include <memory>

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

int FormatFile(const Flags& flags, const std::string& path) {
  Input input;
  const auto source = input.Add(path);
  if (!source) return kFailure;
  const auto text =
      FormatPolicies(input.sources(), *source, flags.options, input.limits(), &input.diagnostics());
  if (!input.Check() || !text) return kFailure;
  const bool is_formatted = *text == input.sources().text(*source);
  if (flags.write) return is_formatted || ReplaceFile(path, *text) ? kSuccess : kFailure;
  std::cout << *text;
  return flags.check && !is_formatted ? kFailure : kSuccess;
}

int Format(Flags flags) {
  if (flags.files.empty()) flags.files.emplace_back("-");
  int code = kSuccess;
  for (const std::string& file : flags.files) {
    if (flags.write && file == "-") {
      PrintError("--write needs a file to write to");
      return kFailure;
    }
    if (FormatFile(flags, file) != kSuccess) code = kFailure;
  }
  return code;
}

}  // namespace

void AddFormat(CLI::App* app, Run* run) {
  CLI::App* command = app->add_subcommand("format", "Lay out policies, and print them");
  auto flags = std::make_shared<Flags>();
  command->add_option("-p,--policies,files", flags->files,
                      "The files with policies; standard input if none is given");
  command
      ->add_option("-l,--line-width", flags->options.line_width,
                   "Characters that a line should not exceed")
      ->capture_default_str();
  command->add_option("-i,--indent-width", flags->options.indent_width, "Spaces to indent by")
      ->capture_default_str()
      ->check(CLI::Range(0, 100));
  auto* write = command->add_flag("-w,--write", flags->write,
                                  "Write the policies back to their files, and print nothing");
  command
      ->add_flag("-c,--check", flags->check,
                 "Exit with 1 if a file is not laid out as it is printed")
      ->excludes(write);
  command->callback([flags, run] { *run = [flags] { return Format(*flags); }; });
}

}  // namespace assay::cli
