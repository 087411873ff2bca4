#include "compiler/cli/input.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <utility>

#include "assay/image.h"
#include "assay/validate.h"
#include "compiler/cli/links.h"

namespace assay::cli {

namespace {

namespace fs = std::filesystem;

bool EndsWith(const std::string& text, std::string_view end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

// All .cedar files below a folder, sorted bytewise by path.
std::optional<std::vector<std::string>> CedarFiles(Input* input, const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  input->Note(folder);
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    if (it->is_directory(error)) input->Note(it->path().string());
    if (it->is_regular_file(error) && EndsWith(it->path().string(), ".cedar")) {
      files.push_back(it->path().string());
    }
  }
  if (error) {
    input->Fail(folder + ": " + error.message());
    return std::nullopt;
  }
  std::sort(files.begin(), files.end());
  if (!files.empty()) return files;
  input->Fail(folder + ": there are no .cedar files in this folder");
  return std::nullopt;
}

// No more of it than that: files such as /dev/zero have no end.
std::string ReadUpTo(std::istream& in, std::size_t most) {
  constexpr std::size_t kBlock = std::size_t{1} << 16;
  std::string text;
  while (in && text.size() < most) {
    const std::size_t size = text.size(), block = std::min(kBlock, most - size);
    text.resize(size + block);
    in.read(&text[size], static_cast<std::streamsize>(block));
    text.resize(size + static_cast<std::size_t>(in.gcount()));
  }
  return text;
}

// The next line without its end; nothing if there is none, or if it has more than `most` bytes:
// then the stream is not at its end.
std::optional<std::string> ReadLine(std::istream& in, std::size_t most) {
  std::array<char, 4096> block{};
  std::string line;
  for (;;) {
    in.getline(block.data(), block.size());
    const bool ends = in.good();  // then the end of the line was taken as well
    line.append(block.data(), static_cast<std::size_t>(in.gcount()) - (ends ? 1 : 0));
    if (line.size() > most) {
      in.clear(std::ios::failbit);
      return std::nullopt;
    }
    if (ends) return line;
    if (in.eof() || in.bad()) break;
    in.clear();  // it is longer than a block
  }
  if (line.empty()) return std::nullopt;
  return line;
}

}  // namespace

std::string SourceName(const std::string& path) {
  return path.empty() || path == "-" ? "<stdin>" : path;
}

void Input::Fail(const std::string& message) { PrintError(message, &errors_); }

bool Input::TakeStdin() {
  if (std::exchange(stdin_is_open_, false)) return true;
  Fail("standard input cannot be read here: only one input can come from there");
  return false;
}

bool Input::WithFile(const std::string& path, const std::function<bool(std::istream&)>& read) {
  if (path.empty() || path == "-") return TakeStdin() && read(std::cin);
  Note(path);
  std::error_code code;
  if (fs::is_directory(path, code)) {
    Fail(path + ": this is a folder");
    return false;
  }
  std::ifstream file(path, std::ios::binary);
  const bool ok = file.is_open() && read(file);
  if (!file.is_open() || file.bad()) {
    Fail(path + ": this file cannot be read");
    return false;
  }
  return ok;
}

std::optional<std::string> Input::ReadFile(const std::string& path) {
  std::optional<std::string> text;
  const bool ok = WithFile(path, [&](std::istream& in) {
    text = ReadUpTo(in, limits_.source_bytes + 1);
    if (text->size() <= limits_.source_bytes) return true;
    Fail(SourceName(path) + ": there are more than " + std::to_string(limits_.source_bytes) +
         " bytes (source_bytes)");
    return false;
  });
  return ok ? std::move(text) : std::nullopt;
}

bool Input::ForEachLine(const std::string& path, const LineVisitor& visit) {
  return WithFile(path, [&](std::istream& in) {
    std::uint32_t number = 0;
    for (std::optional<std::string> line; (line = ReadLine(in, limits_.source_bytes));) {
      ++number;
      if (line->find_first_not_of(" \t\r") == std::string::npos) continue;
      if (!visit(std::move(*line), number)) return false;
    }
    if (in.eof() || in.bad()) return !in.bad();
    Fail(SourceName(path) + ": line " + std::to_string(number + 1) + " has more than " +
         std::to_string(limits_.source_bytes) + " bytes (source_bytes)");
    return false;
  });
}

std::optional<std::uint32_t> Input::Add(const std::string& path) {
  std::optional<std::string> text = ReadFile(path);
  if (!text) return std::nullopt;
  return sources_.Add(SourceName(path), std::move(*text));
}

std::uint32_t Input::AddText(std::string name, std::string text) {
  return sources_.Add(std::move(name), std::move(text));
}

bool Input::Check() {
  const bool ok = diagnostics_.empty();
  PrintDiagnostics(diagnostics_, sources_, &errors_);
  diagnostics_ = Diagnostics(limits_.diagnostics);
  return ok;
}

namespace {

std::optional<PolicySet> ReadPolicies(Input* input, const PolicyFlags& flags) {
  PolicySet set(input->limits());
  std::vector<std::string> files = {flags.path};
  std::error_code error;
  if (fs::is_directory(flags.path, error)) {
    const auto found = CedarFiles(input, flags.path);
    if (!found) return std::nullopt;
    files = *found;
  }
  for (const std::string& file : files) {
    const auto source = input->Add(file);
    if (!source) return std::nullopt;
    const bool looks_json = EndsWith(file, ".json");
    if (flags.format.value_or(looks_json ? PolicyFormat::kJson : PolicyFormat::kCedar) ==
        PolicyFormat::kJson) {
      set.AddJson(&input->sources(), *source, &input->diagnostics());
    } else {
      set.AddCedar(input->sources(), *source, &input->diagnostics());
    }
  }
  if (!input->Check()) return std::nullopt;
  return set;
}

bool IsImageFile(const std::string& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return false;
  char head[8] = {};
  std::ifstream(path, std::ios::binary).read(head, sizeof(head));
  return IsImage({head, sizeof(head)});
}

std::optional<Program> ReadImageProgram(Input* input, const PolicyFlags& flags) {
  if (!flags.linked.empty()) {
    input->Fail("--template-linked links templates of text; an image has its links in it");
    return std::nullopt;
  }
  ImageFileOptions options{.limits = input->limits()};
  if (!flags.image_key.empty()) {
    options.public_key = input->ReadFile(flags.image_key);
    if (!options.public_key) return std::nullopt;
  }
  Result<Program> program = LoadImageFile(flags.path, options);
  if (program.ok()) return std::move(program).value();
  input->Fail(program.error().message);
  return std::nullopt;
}

}  // namespace

Option PolicyFlags::AddTo(Command* command) {
  const Option policies = AddTextTo(command).About(
      "A .cedar file, a folder of them, a .json policy set, an image, or - for standard input");
  command->Text("--image-key", &image_key,
                "A PEM file with a public key: take nothing but an image that its owner signed");
  return policies;
}

Option PolicyFlags::AddTextTo(Command* command) {
  const Option policies =
      command->Text("-p,--policies", &path,
                    "A .cedar file, a folder of them, a .json policy set, or - for standard input");
  AddFormsTo(command);
  return policies;
}

void PolicyFlags::AddFormsTo(Command* command) {
  command->Choice("--policy-format", &format,
                  {{"cedar", PolicyFormat::kCedar}, {"json", PolicyFormat::kJson}},
                  "The form of the policies; else what the file's name says");
  command->Text("-k,--template-linked", &linked, "A file that `link` has written");
}

bool PolicyFlags::NamesImage() const { return !image_key.empty() || IsImageFile(path); }

std::optional<PolicySet> PolicyFlags::Read(Input* input) const {
  if (NamesImage()) {
    input->Fail(path + ": this is an image; the text of the policies is needed here");
    return std::nullopt;
  }
  auto set = ReadPolicies(input, *this);
  if (!set) return std::nullopt;
  if (!linked.empty() && !ReadLinks(input, linked, &*set)) return std::nullopt;
  if (!input->Check()) return std::nullopt;
  return set;
}

std::optional<Program> ReadProgram(Input* input, const PolicyFlags& flags, const Schema* schema) {
  if (flags.NamesImage()) return ReadImageProgram(input, flags);
  const auto policies = flags.Read(input);
  return policies ? CompileProgram(input, *policies, schema) : std::nullopt;
}

std::optional<Program> CompileProgram(Input* input, const PolicySet& policies,
                                      const Schema* schema) {
  Result<Program> program = schema != nullptr ? policies.Compile(*schema) : policies.Compile();
  if (program.ok()) return std::move(program).value();
  input->Fail(program.error().message);
  return std::nullopt;
}

Option SchemaFlags::AddTo(Command* command) {
  const Option option = command->Text("-s,--schema", &schema, "A file with the schema");
  command->Choice("--schema-format", &format,
                  {{"cedar", SchemaFormat::kCedar}, {"json", SchemaFormat::kJson}},
                  "The form of the schema");
  return option;
}

std::optional<SchemaFlags::Loaded> SchemaFlags::Read(Input* input) const {
  if (schema.empty()) return Loaded{};
  const auto source = input->Add(schema);
  if (!source) return std::nullopt;
  auto parsed =
      Schema::Parse(input->sources(), *source, format, input->limits(), &input->diagnostics());
  if (!input->Check() || !parsed) return std::nullopt;
  return Loaded{std::move(parsed)};
}

std::optional<Entities> ReadEntities(Input* input, const std::string& path, const Schema* schema) {
  if (path.empty() && schema == nullptr) return Entities();
  if (path.empty()) {
    Result<Entities> actions = AddActions(*schema, Entities(), input->limits());
    if (actions.ok()) return std::move(actions).value();
    input->Fail(actions.error().message);
    return std::nullopt;
  }
  const auto source = input->Add(path);
  if (!source) return std::nullopt;
  const Sources& sources = input->sources();
  Diagnostics* diagnostics = &input->diagnostics();
  auto entities = schema != nullptr
                      ? ParseEntitiesJson(*schema, sources, *source, input->limits(), diagnostics)
                      : Entities::FromJson(sources, *source, input->limits(), diagnostics);
  if (!input->Check()) return std::nullopt;
  return entities;
}

void RequestFlags::AddTo(Command* command) {
  command->Text("-l,--principal", &principal, "The principal, such as User::\"alice\"");
  command->Text("-a,--action", &action, "The action, such as Action::\"view\"");
  command->Text("-r,--resource", &resource, "The resource, such as Photo::\"p1\"");
  command->Text("-c,--context", &context, "A JSON file with the context");
  command->Text("--request-json", &request_json,
                "A JSON file with principal, action, resource and context");
  command->Choice("--request-validation", &validates, {{"true", true}, {"false", false}},
                  "Check the request against the schema, if there is one");
}

std::optional<Request> ParseRequest(const Schema* schema, const Sources& sources,
                                    std::uint32_t source, Diagnostics* diagnostics) {
  return schema != nullptr ? ParseRequestJson(*schema, sources, source, TheLimits(), diagnostics)
                           : ParseRequestJson(sources, source, TheLimits(), diagnostics);
}

std::string RequestProblem(const Schema* schema, const Request& request) {
  if (schema == nullptr) return {};
  const Result<bool> valid = ValidateRequest(*schema, request);
  return valid.ok() ? std::string() : valid.error().message;
}

std::string WhyUndecided(const Snapshot& snapshot, const Request& request) {
  BoundRequest bound;
  const Result<bool> result = bound.Bind(snapshot, request);
  return result.ok() ? "the request could not be decided" : result.error().message;
}

namespace {

std::optional<Request> ReadOneFile(Input* input, const std::string& path, const Schema* schema) {
  const auto source = input->Add(path);
  if (!source) return std::nullopt;
  auto request = ParseRequest(schema, input->sources(), *source, &input->diagnostics());
  if (!input->Check()) return std::nullopt;
  return request;
}

}  // namespace

std::optional<Request> RequestFlags::Read(Input* input, const Schema* schema) const {
  std::optional<Request> request = request_json.empty() ? ReadParts(input, schema) : std::nullopt;
  if (!request_json.empty()) {
    if (!(principal + action + resource + context).empty()) {
      input->Fail("--request-json takes the place of --principal, --action, --resource, --context");
      return std::nullopt;
    }
    request = ReadOneFile(input, request_json, schema);
  }
  if (!request || !validates) return request;
  const std::string problem = RequestProblem(schema, *request);
  if (problem.empty()) return request;
  input->Fail(problem);
  return std::nullopt;
}

std::optional<Request> RequestFlags::ReadParts(Input* input, const Schema* schema) const {
  if (principal.empty() || action.empty() || resource.empty()) {
    input->Fail("all three of --principal, --action and --resource must be given");
    return std::nullopt;
  }
  Diagnostics* diagnostics = &input->diagnostics();
  const auto uid = [&](const char* flag, const std::string& text) {
    return ParseEntityUid(input->sources(), input->AddText(flag, text), diagnostics);
  };
  const auto p = uid("--principal", principal);
  const auto a = uid("--action", action);
  const auto r = uid("--resource", resource);
  std::optional<Record> values = Record();
  if (!context.empty()) {
    const auto source = input->Add(context);
    if (!source) return std::nullopt;
    const Limits& limits = input->limits();
    if (schema == nullptr) {
      values = ParseContextJson(input->sources(), *source, limits, diagnostics);
    } else if (a) {
      values = ParseContextJson(*schema, *a, input->sources(), *source, limits, diagnostics);
    }
  }
  if (!input->Check() || !p || !a || !r || !values) return std::nullopt;
  return Request{*p, *a, *r, std::move(*values)};
}

}  // namespace assay::cli
