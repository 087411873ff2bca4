// policyc link: fills the slots of a template.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <utility>

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

// The links that the file should hold: those of the policy set itself stay where they are.
std::string LinksFrom(std::size_t first, const std::vector<cedar::TemplateLink>& links) {
  return WriteLinks({links.begin() + static_cast<std::ptrdiff_t>(first), links.end()});
}

int Link(const Flags& flags) {
  Input input;
  PolicyFlags unlinked = flags.policies;
  const std::string linked = std::exchange(unlinked.linked, "");
  auto set = unlinked.Read(&input);
  if (!set) return kFailure;
  const std::size_t own_links = set->syntax().links.size();
  // The file is made by the first link.
  const bool has_file = !linked.empty() && std::filesystem::exists(linked);
  if (has_file && !ReadLinks(&input, linked, &*set)) return kFailure;
  if (!input.Check()) return kFailure;
  cedar::TemplateLink link{flags.template_id, flags.new_id, {}, {}};
  if (!ReadSlotValues(&input, "--arguments", flags.arguments, &link)) {
    input.Check();
    return kFailure;
  }
  set->Link(link.template_id, link.new_id, link.principal, link.resource, &input.diagnostics());
  if (!input.Check()) return kFailure;
  const cedar::PolicySetSyntax& syntax = set->syntax();
  if (!linked.empty() && !ReplaceFile(linked, LinksFrom(own_links, syntax.links))) return kFailure;
  const auto policy = std::find_if(
      syntax.ast.policies.begin(), syntax.ast.policies.end(),
      [&](const cedar::Policy& candidate) { return candidate.id == link.template_id; });
  std::cout << "Template-linked policy added: " << PrintLink(syntax.ast, *policy, link) << "\n";
  return kSuccess;
}

void Declare(Command* command, Flags* flags) {
  flags->policies.AddTextTo(command);
  command->Text("--template-id", &flags->template_id, "The id of the template").Required();
  command->Text("-n,--new-id", &flags->new_id, "The id of the linked policy").Required();
  command
      ->Text("-a,--arguments", &flags->arguments,
             "The values of the slots, such as {\"?principal\": \"User::\\\"alice\\\"\"}")
      .Required();
}

}  // namespace

void AddLink(Command* app) {
  app->Add<Flags>("link", "Link a template: fill its slots", Declare, Link);
}

}  // namespace assay::cli
