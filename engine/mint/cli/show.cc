#include "engine/mint/cli/show.h"

#include "engine/mint/cli/command.h"

namespace assay::mint::cli {

void TupleFlags::AddTo(CLI::App* command) {
  command->add_option("-a,--action", actions, "The action, such as Action::\"send\"")->required();
  command->add_option("-r,--resource", resources, "The resource of each action")->required();
  command->add_option("--tool", tool, "The tool that does it");
  command->add_option("--context", context, "A file with the context, in Cedar's JSON form");
}

std::optional<std::vector<GrantTuple>> TupleFlags::Read(assay::cli::Input* input) const {
  if (actions.size() != resources.size()) {
    PrintError("there must be as many --action as --resource");
    return std::nullopt;
  }
  std::vector<GrantTuple> tuples;
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const auto read = [&](const char* name, const std::string& text) {
      return ParseEntityUid(input->sources(), input->AddText(name, text), &input->diagnostics());
    };
    auto action = read("--action", actions[i]);
    auto resource = read("--resource", resources[i]);
    if (!input->Check() || !action || !resource) return std::nullopt;
    tuples.push_back({tool, *std::move(action), *std::move(resource)});
  }
  return tuples;
}

std::optional<Value::Record> TupleFlags::ReadContext(assay::cli::Input* input) const {
  if (context.empty()) return Value::Record();
  const auto source = input->Add(context);
  if (!source) return std::nullopt;
  auto record = ParseContextJson(input->sources(), *source, input->limits(), &input->diagnostics());
  return input->Check() ? record : std::nullopt;
}

std::optional<CleansedText> ReadToken(assay::cli::Input* input, const std::string& path) {
  auto text = input->ReadFile(path);
  if (!text) return std::nullopt;
  CleansedText whole(std::move(*text));
  std::string_view token = whole.view();
  while (!token.empty() && token.back() <= ' ') token.remove_suffix(1);
  while (!token.empty() && token.front() <= ' ') token.remove_prefix(1);
  return CleansedText(std::string(token));
}

void ProofFlags::AddTo(CLI::App* command) {
  CLI::Option* proof = command->add_option("--dpop-proof", path, "A file with the header `DPoP`");
  command->add_option("--dpop-url", url, "The address the proof is for")->needs(proof);
  command->add_option("--dpop-method", method, "The method the proof is for (POST if not given)")
      ->needs(proof);
}

}  // namespace assay::mint::cli
