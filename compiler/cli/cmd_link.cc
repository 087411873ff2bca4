// policyc link: fills the slots of a template.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>

#include "compiler/cedar/print.h"
#include "compiler/cli/command.h"
#include "compiler/cli/input.h"
#include "compiler/cli/links.h"
#include "compiler/cli/replace_file.h"

namespace assay::cli {

namespace {

struct Flags {
  PolicyFlags policies;
  std::string template_id, new_id, arguments;
};

int Link(Flags flags) {
  Input input;
  // The file is made by the first link.
  const std::string linked = flags.policies.linked;
  if (!linked.empty() && !std::filesystem::exists(linked)) flags.policies.linked.clear();
  auto set = flags.policies.Read(&input);
  if (!set) return kFailure;
  cedar::TemplateLink link{flags.template_id, flags.new_id, {}, {}};
  if (!ReadSlotValues(&input, "--arguments", flags.arguments, &link)) {
    input.Check();
    return kFailure;
  }
  set->Link(link.template_id, link.new_id, link.principal, link.resource, &input.diagnostics());
  if (!input.Check()) return kFailure;
  const cedar::PolicySetSyntax& syntax = set->syntax();
  if (!linked.empty() && !ReplaceFile(linked, WriteLinks(syntax.links))) return kFailure;
  const auto policy = std::find_if(
      syntax.ast.policies.begin(), syntax.ast.policies.end(),
      [&](const cedar::Policy& candidate) { return candidate.id == link.template_id; });
  std::cout << "Template-linked policy added: " << PrintLink(syntax.ast, *policy, link) << "\n";
  return kSuccess;
}

}  // namespace

void AddLink(CLI::App* app, Run* run) {
  CLI::App* command = app->add_subcommand("link", "Link a template: fill its slots");
  auto flags = std::make_shared<Flags>();
  flags->policies.AddTo(command);
  command->add_option("--template-id", flags->template_id, "The id of the template")->required();
  command->add_option("-n,--new-id", flags->new_id, "The id of the linked policy")->required();
  command
      ->add_option("-a,--arguments", flags->arguments,
                   "The values of the slots, such as {\"?principal\": \"User::\\\"alice\\\"\"}")
      ->required();
  command->callback([flags, run] { *run = [flags] { return Link(*flags); }; });
}

}  // namespace assay::cli
