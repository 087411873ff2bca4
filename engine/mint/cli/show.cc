#include "engine/mint/cli/show.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "assay/mint/limits.h"
#include "engine/mint/base/file.h"
#include "engine/mint/cli/command.h"

namespace assay::mint::cli {

void TupleFlags::AddTo(Command* command) {
  command->Texts("-a,--action", &actions, "The action, such as Action::\"send\"").Required();
  command->Texts("-r,--resource", &resources, "The resource of each action").Required();
  command->Text("--tool", &tool, "The tool that does it");
  command->Text("--context", &context, "A file with the context, in Cedar's JSON form");
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

namespace {

constexpr std::string_view kWhiteSpace = " \t\r\n";

std::optional<CleansedText> Fail(const std::string& path, const std::string& what) {
  PrintError(path + ": " + what);
  return std::nullopt;
}

}  // namespace

std::optional<CleansedText> ReadToken(assay::cli::Input* input, const std::string& path) {
  const bool is_input = path == "-";
  if (is_input && !input->TakeStdin()) return std::nullopt;
  const File file(is_input ? dup(STDIN_FILENO) : open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.ok()) return Fail(path, "this file cannot be read");
  // Never grows: memory that it left behind would not be overwritten.
  CleansedText text(std::string(limits::kTokenBytes + 1024, '\0'));
  std::string& bytes = *text.get();
  std::size_t size = 0;
  for (ssize_t got = 1; got != 0 && size < bytes.size();) {
    got = read(file.get(), bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno != EINTR) return Fail(path, "this file cannot be read");
    if (got > 0) size += static_cast<std::size_t>(got);
  }
  if (size == bytes.size()) return Fail(path, "this is too long for a token");
  bytes.resize(size);
  bytes.resize(bytes.find_last_not_of(kWhiteSpace) + 1);
  bytes.erase(0, bytes.find_first_not_of(kWhiteSpace));
  return text;
}

void ProofFlags::AddTo(Command* command) {
  const Option proof = command->Text("--dpop-proof", &path, "A file with the header `DPoP`");
  command->Text("--dpop-url", &url, "The address the proof is for").Needs(proof);
  command->Text("--dpop-method", &method, "The method the proof is for").Needs(proof);
}

}  // namespace assay::mint::cli
