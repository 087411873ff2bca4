// What a program takes on its command line: commands, their options, and where the values go. Only
// options.cc knows the library that parses it, which is large.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace CLI {  // NOLINT(readability-identifier-naming): the library's own
class App;
class Option;
}  // namespace CLI

namespace assay::cli {

// What a command does; gives the exit code.
using Action = std::function<int()>;

// An option that was declared, to say more about it. A handle: copies are the same option.
class Option {
 public:
  Option Required();
  // It may be given only together with `other`; only without it.
  Option Needs(Option other);
  Option Excludes(Option other);
  // A number from `least` to `most`.
  Option Between(std::int64_t least, std::int64_t most);
  // Without the option its value is that of this variable of the environment, if there is one.
  Option OrVariable(const char* name);
  // Another text for the help.
  Option About(const std::string& help);

 private:
  friend class Command;
  explicit Option(CLI::Option* option) : option_(option) {}
  CLI::Option* option_;
};

// A command, or the program itself, to which commands and options are added. `names` are such as
// "-p,--policies", or without dashes for an argument that is told by its place. Where a value goes
// must live until the command has run; if the option is not given it keeps what it holds, which the
// help shows unless that is empty or 0. No value that is given may be empty. A handle: copies are
// the same command.
class Command {
 public:
  // A command below this one. `declare` says what it takes, `run` does it.
  template <typename Flags>
  void Add(const char* name, const char* help, void (*declare)(Command*, Flags*),
           int (*run)(const Flags&)) {
    const auto flags = std::make_shared<Flags>();
    Command command = Add(name, help, [flags, run] { return run(*flags); });
    declare(&command, flags.get());
  }
  Command Add(const char* name, const std::string& help, Action action);
  // One that has commands below it, of which one must be given.
  Command AddGroup(const char* name, const char* help);
  // What follows may be anything, and is not looked at.
  void TakeAnything();
  // Options that are added to this are all optional, and exactly one of them must be given.
  Command ExactlyOne();

  Option Flag(const char* names, bool* to, const char* help);
  Option Text(const char* names, std::string* to, const char* help);
  // May be given more than once, and take several values.
  Option Texts(const char* names, std::vector<std::string>* to, const char* help);
  // May be given more than once, with one value each time. `take` gets each value, and gives what
  // is wrong with it, or "".
  Option Each(const char* names, std::function<std::string(const std::string&)> take,
              const char* help);
  // For std::int64_t, std::uint32_t, std::uint64_t and optionals of the second.
  template <typename Int>
  Option Number(const char* names, Int* to, const char* help);
  // One of a few words, each of which stands for a value.
  template <typename T>
  Option Choice(const char* names, T* to, std::vector<std::pair<const char*, T>> words,
                const char* help) {
    std::vector<std::string> texts;
    std::string usual;
    for (const auto& [text, value] : words) {
      texts.emplace_back(text);
      if (value == *to) usual = text;
    }
    const auto choose = [to, words = std::move(words)](std::size_t i) { *to = words[i].second; };
    return Word(names, texts, usual, choose, help);
  }

 private:
  friend struct Parsed ParseArguments(int, char**, const char*, const char*, void (*)(Command*));
  friend struct CommandInfo Describe(const char*, const char*, void (*)(Command*));
  Command(CLI::App* app, Action* chosen) : app_(app), chosen_(chosen) {}
  Option Word(const char* names, const std::vector<std::string>& words, const std::string& usual,
              const std::function<void(std::size_t)>& choose, const char* help);

  CLI::App* app_;
  Action* chosen_;  // of the command that was called
};

// What main() asks for.
struct Parsed {
  Action action;        // of the command that was called; nothing if there is nothing to do
  std::string output;   // then: what was asked for, such as help
  std::string problem;  // and what is wrong with the arguments, or ""
};

// What a program takes, for who writes manuals.
struct OptionInfo {
  std::vector<std::string> names;  // with their dashes; of an argument without, one
  std::string help;
  std::string usual;               // its value if it is not given; "" if that is none
  std::vector<std::string> words;  // all values that it may have, if they are few
  bool takes_value = false;
};
struct CommandInfo {
  std::string name, help;
  std::vector<OptionInfo> options;
  std::vector<CommandInfo> commands;
};
CommandInfo Describe(const char* name, const char* about, void (*declare)(Command*));

// Reads the arguments of a program, whose commands `declare` adds.
Parsed ParseArguments(int argc, char** argv, const char* name, const char* about,
                      void (*declare)(Command*));

}  // namespace assay::cli
