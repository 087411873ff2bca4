#include "compiler/cli/options.h"

#include <CLI/CLI.hpp>
#include <sstream>
#include <utility>

#include "compiler/cli/version.h"

namespace assay::cli {

namespace {

// Has no name, so that the help does not show it.
const CLI::Validator& NotEmpty() {
  static const CLI::Validator validator(
      [](const std::string& value) {
        return std::string(value.empty() ? "this value is empty" : "");
      },
      "");
  return validator;
}

template <typename Int>
std::string Shown(const Int& value) {
  return value == 0 ? "" : std::to_string(value);
}

std::string Shown(const std::optional<std::uint32_t>& value) { return value ? Shown(*value) : ""; }

CLI::Option* AddValue(CLI::Option* option, const std::string& usual) {
  if (!usual.empty()) option->default_str(usual);
  return option->check(NotEmpty());
}

}  // namespace

Option Option::Required() {
  option_->required();
  return *this;
}

Option Option::Needs(Option other) {
  option_->needs(other.option_);
  return *this;
}

Option Option::Excludes(Option other) {
  option_->excludes(other.option_);
  return *this;
}

Option Option::Between(std::int64_t least, std::int64_t most) {
  option_->check(CLI::Range(least, most));
  return *this;
}

Option Option::OrVariable(const char* name) {
  option_->envname(name);
  return *this;
}

Option Option::About(const std::string& help) {
  option_->description(help);
  return *this;
}

Command Command::Add(const char* name, const std::string& help, Action action) {
  CLI::App* command = app_->add_subcommand(name, help);
  command->fallthrough();  // Options of the program may follow the command.
  command->callback([chosen = chosen_, action = std::move(action)] { *chosen = action; });
  return {command, chosen_};
}

Command Command::AddGroup(const char* name, const char* help) {
  CLI::App* group = app_->add_subcommand(name, help);
  group->require_subcommand(1);
  return {group, chosen_};
}

void Command::TakeAnything() {
  app_->fallthrough(false);
  app_->allow_extras();
}

Command Command::ExactlyOne() {
  CLI::Option_group* group = app_->add_option_group("one of these");
  group->require_option(1);
  return {group, chosen_};
}

Option Command::Flag(const char* names, bool* to, const char* help) {
  return Option(app_->add_flag(names, *to, help));
}

Option Command::Text(const char* names, std::string* to, const char* help) {
  return Option(AddValue(app_->add_option(names, *to, help), *to));
}

Option Command::Texts(const char* names, std::vector<std::string>* to, const char* help) {
  return Option(AddValue(app_->add_option(names, *to, help), ""));
}

Option Command::Each(const char* names, std::function<std::string(const std::string&)> take,
                     const char* help) {
  CLI::Option* option = app_->add_option_function<std::vector<std::string>>(
      names, [](const std::vector<std::string>&) {}, help);
  option->allow_extra_args(false);
  return Option(
      AddValue(option, "")
          ->check(CLI::Validator(
              [take = std::move(take)](const std::string& value) { return take(value); }, "")));
}

template <typename Int>
Option Command::Number(const char* names, Int* to, const char* help) {
  return Option(AddValue(app_->add_option(names, *to, help), Shown(*to)));
}

template Option Command::Number(const char*, std::int64_t*, const char*);
template Option Command::Number(const char*, std::uint32_t*, const char*);
template Option Command::Number(const char*, std::uint64_t*, const char*);
template Option Command::Number(const char*, std::optional<std::uint32_t>*, const char*);

Option Command::Word(const char* names, const std::vector<std::string>& words,
                     const std::string& usual, const std::function<void(std::size_t)>& choose,
                     const char* help) {
  const auto chosen = [words, choose](const std::string& text) {
    choose(static_cast<std::size_t>(std::find(words.begin(), words.end(), text) - words.begin()));
  };
  CLI::Option* option = app_->add_option_function<std::string>(names, chosen, help);
  return Option(AddValue(option, usual)->check(CLI::IsMember(words)));
}

namespace {

// The words of `Word`, as their check names them: "{a,b}".
std::vector<std::string> WordsOf(const std::string& type) {
  std::vector<std::string> words;
  const std::size_t open = type.find('{'), close = type.find('}');
  if (open == std::string::npos || close == std::string::npos) return words;
  std::istringstream list(type.substr(open + 1, close - open - 1));
  for (std::string word; std::getline(list, word, ',');) words.push_back(word);
  return words;
}

OptionInfo InfoOf(const CLI::Option& option) {
  OptionInfo info;
  for (const std::string& name : option.get_snames()) info.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) info.names.push_back("--" + name);
  if (info.names.empty()) info.names.push_back(option.get_name());
  info.help = option.get_description();
  info.usual = option.get_default_str();
  info.takes_value = option.get_items_expected_max() > 0;
  info.words = WordsOf(option.get_type_name());
  return info;
}

// Options of a group below are those of the command.
CommandInfo InfoOf(const CLI::App& app) {
  CommandInfo info{app.get_name(), app.get_description(), {}, {}};
  for (const CLI::Option* option : app.get_options()) info.options.push_back(InfoOf(*option));
  for (const CLI::App* below : app.get_subcommands(nullptr)) {
    CommandInfo command = InfoOf(*below);
    if (!command.name.empty()) {
      info.commands.push_back(std::move(command));
      continue;
    }
    for (OptionInfo& option : command.options) info.options.push_back(std::move(option));
  }
  return info;
}

}  // namespace

CommandInfo Describe(const char* name, const char* about, void (*declare)(Command*)) {
  Action ignored;
  CLI::App app(about, name);
  app.set_version_flag("-V,--version", VersionText);
  Command root(&app, &ignored);
  declare(&root);
  return InfoOf(std::as_const(app));
}

Parsed ParseArguments(int argc, char** argv, const char* name, const char* about,
                      void (*declare)(Command*)) {
  Parsed parsed;
  CLI::App app(about, name);
  app.set_version_flag("-V,--version", VersionText);
  app.require_subcommand(1);
  Command root(&app, &parsed.action);
  declare(&root);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::ostringstream output, ignored;
    const bool ok = app.exit(error, output, ignored) == 0;
    parsed = {{}, output.str(), ok ? "" : error.what()};
  }
  return parsed;
}

}  // namespace assay::cli
