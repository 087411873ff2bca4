#include "compiler/cli/input.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
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
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
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

}  // namespace

std::string SourceName(const std::string& path) {
  return path.empty() || path == "-" ? "<stdin>" : path;
}

void PrintError(const std::string& message) { std::cerr << "error: " << message << "\n"; }

void Input::Fail(const std::string& message) { errors_ << "error: " << message << "\n"; }

std::optional<std::string> Input::ReadFile(const std::string& path) {
  if (path.empty() || path == "-") {
    if (std::exchange(stdin_read_, true)) {
      Fail("standard input is read already: only one input can come from there");
      return std::nullopt;
    }
    return std::string(std::istreambuf_iterator<char>(std::cin), {});
  }
  std::error_code code;
  if (fs::is_directory(path, code)) {
    Fail(path + ": this is a folder");
    return std::nullopt;
  }
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file && file.peek() != std::ifstream::traits_type::eof()) text << file.rdbuf();
  if (file.bad() || !file.is_open() || text.bad()) {
    Fail(path + ": this file cannot be read");
    return std::nullopt;
  }
  return text.str();
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
  errors_ << diagnostics_.Render(sources_);
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
    if (flags.format == "json" || (flags.format.empty() && EndsWith(file, ".json"))) {
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

CLI::Option* PolicyFlags::AddTo(CLI::App* command) {
  CLI::Option* option = command->add_option(
      "-p,--policies", path,
      "A .cedar file, a folder of them, a .json policy set, an image, or - for standard input");
  command->add_option("--policy-format", format, "cedar or json; else what the file's name says")
      ->check(CLI::IsMember({"cedar", "json"}));
  command->add_option("-k,--template-linked", linked, "A file that `link` has written");
  command->add_option("--image-key", image_key,
                      "A PEM file with a public key: take nothing but an image that its owner "
                      "signed");
  return option;
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
  if (!policies) return std::nullopt;
  Result<Program> program = schema != nullptr ? policies->Compile(*schema) : policies->Compile();
  if (program.ok()) return std::move(program).value();
  input->Fail(program.error().message);
  return std::nullopt;
}

void SchemaFlags::AddTo(CLI::App* command, bool is_required) {
  CLI::Option* option = command->add_option("-s,--schema", schema, "A file with the schema");
  if (is_required) option->required();
  command->add_option("--schema-format", format, "cedar or json")
      ->check(CLI::IsMember({"cedar", "json"}));
}

std::optional<SchemaFlags::Loaded> SchemaFlags::Read(Input* input) const {
  if (schema.empty()) return Loaded{};
  const auto source = input->Add(schema);
  if (!source) return std::nullopt;
  auto parsed = Schema::Parse(input->sources(), *source,
                              format == "json" ? SchemaFormat::kJson : SchemaFormat::kCedar,
                              input->limits(), &input->diagnostics());
  if (!input->Check() || !parsed) return std::nullopt;
  return Loaded{std::move(parsed)};
}

std::optional<Entities> ReadEntities(Input* input, const std::string& path, const Schema* schema) {
  if (path.empty() && schema == nullptr) return Entities();
  if (path.empty()) {
    Result<Entities> actions = AddActions(*schema, Entities());
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

void RequestFlags::AddTo(CLI::App* command) {
  command->add_option("-l,--principal", principal, "The principal, such as User::\"alice\"");
  command->add_option("-a,--action", action, "The action, such as Action::\"view\"");
  command->add_option("-r,--resource", resource, "The resource, such as Photo::\"p1\"");
  command->add_option("-c,--context", context, "A JSON file with the context");
  command->add_option("--request-json", request_json,
                      "A JSON file with principal, action, resource and context");
  command->add_option("--request-validation", validates,
                      "Check the request against the schema, if there is one: true or false");
}

namespace {

std::optional<Request> ReadOneFile(Input* input, const std::string& path, const Schema* schema) {
  const auto source = input->Add(path);
  if (!source) return std::nullopt;
  Diagnostics* diagnostics = &input->diagnostics();
  auto request =
      schema != nullptr
          ? ParseRequestJson(*schema, input->sources(), *source, input->limits(), diagnostics)
          : ParseRequestJson(input->sources(), *source, input->limits(), diagnostics);
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
  if (!request || schema == nullptr || !validates) return request;
  const Result<bool> valid = ValidateRequest(*schema, *request);
  if (valid.ok()) return request;
  input->Fail(valid.error().message);
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
