#include "compiler/cli/manual.h"

#include <cctype>
#include <functional>
#include <iostream>
#include <memory>

namespace assay::cli {

namespace {

std::string Joined(const std::vector<std::string>& parts, const char* separator) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : separator) + part;
  return out;
}

// --- man

// A backslash, a hyphen, and a full stop or quote that begins a line mean something to troff.
std::string Roff(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if (out.empty() && (c == '.' || c == '\'')) {
      out += std::string("\\&") + c;
    } else {
      out += c;
    }
  }
  return out;
}

std::string Upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

std::string ManualOptions(const CommandInfo& command) {
  std::string out;
  for (const OptionInfo& option : command.options) {
    out += ".TP\n\\fB" + Roff(Joined(option.names, ", ")) + "\\fR";
    if (!option.words.empty()) {
      out += " \\fI" + Roff(Joined(option.words, "|")) + "\\fR";
    } else if (option.takes_value && option.names[0][0] == '-') {
      out += " \\fIVALUE\\fR";
    }
    out += "\n" + Roff(option.help);
    if (!option.usual.empty()) out += " (" + Roff(option.usual) + " if not given)";
    out += ".\n";
  }
  return out;
}

std::string ManualCommands(const CommandInfo& command, const std::string& path) {
  std::string out;
  for (const CommandInfo& below : command.commands) {
    const std::string name = path + below.name;
    out += ".SS " + Roff(name) + "\n" + Roff(below.help) + ".\n" + ManualOptions(below) +
           ManualCommands(below, name + " ");
  }
  return out;
}

// --- shells

void ForEachCommand(const CommandInfo& command, const std::string& path,
                    const std::function<void(const CommandInfo&, const std::string&)>& visit) {
  visit(command, path);
  for (const CommandInfo& below : command.commands) {
    ForEachCommand(below, path.empty() ? below.name : path + " " + below.name, visit);
  }
}

std::vector<std::string> WordsOf(const CommandInfo& command) {
  std::vector<std::string> words;
  for (const CommandInfo& below : command.commands) words.push_back(below.name);
  for (const OptionInfo& option : command.options) {
    if (option.names[0][0] != '-') continue;
    words.insert(words.end(), option.names.begin(), option.names.end());
  }
  return words;
}

// In single quotes, for any of the shells.
std::string Quoted(const std::string& text, const char* quote) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? quote : std::string(1, c);
  return out + "'";
}

std::string BashValues(const CommandInfo& program) {
  std::string out;
  ForEachCommand(program, "", [&](const CommandInfo& command, const std::string& path) {
    for (const OptionInfo& option : command.options) {
      if (option.words.empty()) continue;
      for (const std::string& name : option.names) {
        std::string place = path;
        place += " " + name;
        out += "    " + Quoted(place, "'\\''") +
               ") words=" + Quoted(Joined(option.words, " "), "'\\''") + " ;;\n";
      }
    }
  });
  return out;
}

std::string BashCommands(const CommandInfo& program) {
  std::string out;
  ForEachCommand(program, "", [&](const CommandInfo& command, const std::string& path) {
    out += "    " + Quoted(path, "'\\''") +
           ") words=" + Quoted(Joined(WordsOf(command), " "), "'\\''") + " ;;\n";
  });
  return out;
}

std::string FishOption(const std::string& program, const std::string& when,
                       const OptionInfo& option) {
  std::string out = "complete -c " + program + " -n " + when;
  for (const std::string& name : option.names) {
    out += name[1] == '-' ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  if (option.takes_value) out += " -r";
  if (!option.words.empty()) out += " -f -a " + Quoted(Joined(option.words, " "), "\\'");
  return out + " -d " + Quoted(option.help, "\\'") + "\n";
}

enum class Shell : std::uint8_t { kBash, kZsh, kFish };

}  // namespace

std::string ManualPage(const CommandInfo& program) {
  return ".TH " + Upper(program.name) + " 1\n.SH NAME\n" + program.name + " \\- " +
         Roff(program.help) + "\n.SH SYNOPSIS\n\\fB" + program.name +
         "\\fR \\fICOMMAND\\fR [\\fIOPTIONS\\fR]\n.SH OPTIONS\n" + ManualOptions(program) +
         ".SH COMMANDS\n" + ManualCommands(program, "");
}

// The path is that of the commands among the words so far: only those that are commands count.
std::string BashCompletion(const CommandInfo& program) {
  const std::string function = "_" + program.name;
  return function +
         "() {\n"
         "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} path= next i "
         "words=\n"
         "  for ((i = 1; i < COMP_CWORD; ++i)); do\n"
         "    next=\"${path:+$path }${COMP_WORDS[i]}\"\n"
         "    " +
         function +
         "_words \"$next\" && path=$next\n"
         "  done\n"
         "  words=\n"
         "  case \"$path $prev\" in\n" +
         BashValues(program) +
         "  esac\n"
         "  if [[ -z $words ]]; then\n"
         "    " +
         function +
         "_words \"$path\"\n"
         "    [[ $cur == -* || $words != -* ]] || words=\n"
         "  fi\n"
         "  if [[ -n $words ]]; then\n"
         "    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
         "  else\n"
         "    COMPREPLY=($(compgen -f -- \"$cur\"))\n"
         "  fi\n"
         "}\n" +
         function +
         "_words() {\n"
         "  case \"$1\" in\n" +
         BashCommands(program) +
         "    *) return 1 ;;\n"
         "  esac\n"
         "}\n"
         "complete -o filenames -F " +
         function + " " + program.name + "\n";
}

std::string ZshCompletion(const CommandInfo& program) {
  return "autoload -Uz bashcompinit && bashcompinit\n" + BashCompletion(program);
}

std::string FishCompletion(const CommandInfo& program) {
  std::string out;
  for (const CommandInfo& command : program.commands) {
    out += "complete -c " + program.name + " -n __fish_use_subcommand -f -a " + command.name +
           " -d " + Quoted(command.help, "\\'") + "\n";
  }
  ForEachCommand(program, "", [&](const CommandInfo& command, const std::string& path) {
    const std::string when = path.empty()
                                 ? "__fish_use_subcommand"
                                 : Quoted("__fish_seen_subcommand_from " + command.name, "\\'");
    for (const CommandInfo& below : command.commands) {
      if (path.empty()) break;
      out += "complete -c " + program.name + " -n " + when + " -f -a " + below.name + " -d " +
             Quoted(below.help, "\\'") + "\n";
    }
    for (const OptionInfo& option : command.options) {
      if (option.names[0][0] == '-') out += FishOption(program.name, when, option);
    }
  });
  return out;
}

void AddManual(Command* app, const char* name, const char* about, void (*declare)(Command*)) {
  app->Add("manual", "Print the manual page, for man -l -", [=] {
    std::cout << ManualPage(Describe(name, about, declare));
    return 0;
  });
  const auto shell = std::make_shared<Shell>(Shell::kBash);
  Command completions =
      app->Add("completions", "Print what a shell needs to complete commands", [=] {
        const CommandInfo info = Describe(name, about, declare);
        switch (*shell) {
          case Shell::kBash: std::cout << BashCompletion(info); break;
          case Shell::kZsh: std::cout << ZshCompletion(info); break;
          case Shell::kFish: std::cout << FishCompletion(info); break;
        }
        return 0;
      });
  completions.Choice("shell", shell.get(),
                     {{"bash", Shell::kBash}, {"zsh", Shell::kZsh}, {"fish", Shell::kFish}},
                     "The shell");
}

}  // namespace assay::cli
