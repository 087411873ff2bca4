#include "compiler/cli/limits.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <limits>
#include <string>

namespace assay::cli {

namespace {

struct Row {
  std::string_view name, what, why;
  std::uint64_t usual, most;
  void (*set)(Limits*, std::uint64_t);
};

constexpr Row kRows[] = {
#define LIMIT(type, name, usual, what, why) \
  {#name,                                   \
   what,                                    \
   why,                                     \
   usual,                                   \
   std::numeric_limits<type>::max(),        \
   [](Limits* limits, std::uint64_t number) { limits->name = static_cast<type>(number); }},
#include "assay/limits.def"
};

// Places in a source are 32 bits wide, and one is behind its end.
constexpr std::uint64_t kMostSourceBytes = 4'294'967'294;

std::uint64_t MostOf(const Row& row) {
  return row.name == "source_bytes" ? kMostSourceBytes : row.most;
}

const Row* Find(std::string_view name) {
  const auto* row = std::find_if(std::begin(kRows), std::end(kRows),
                                 [&](const Row& candidate) { return candidate.name == name; });
  return row == std::end(kRows) ? nullptr : row;
}

std::string Text(const Row& row) {
  return std::string(row.name) + ": " + std::string(row.what) + "; " + std::to_string(row.usual) +
         " if nothing else is said\n  why: " + std::string(row.why) + "\n";
}

// Sets what NAME=N says; gives what is wrong with it, or "".
std::string Set(const std::string& text) {
  const std::size_t equal = text.find('=');
  if (equal == std::string::npos) return "a limit is given as NAME=N, such as json_depth=200";
  const std::string name = text.substr(0, equal);
  const Row* row = Find(name);
  if (row == nullptr) {
    return "there is no limit `" + name + "`; `policyc help limits` lists them all";
  }
  std::uint64_t number = 0;
  const char* begin = text.data() + equal + 1;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(begin, end, number);
  if (begin == end || read.ec != std::errc() || read.ptr != end || number > MostOf(*row)) {
    return "the limit " + name + " is a number from 0 to " + std::to_string(MostOf(*row));
  }
  row->set(&TheLimits(), number);
  return "";
}

}  // namespace

Limits& TheLimits() {
  static Limits limits;
  return limits;
}

void AddLimitFlag(Command* command) {
  command->Each("--set-limit", Set,
                "Change a limit, as in json_depth=200; `policyc help limits` lists them");
}

std::optional<std::string> LimitHelp(std::string_view name) {
  if (name != "limits") {
    const Row* row = Find(name);
    return row != nullptr ? std::optional(Text(*row)) : std::nullopt;
  }
  std::string all;
  for (const Row& row : kRows) all += Text(row);
  return all;
}

}  // namespace assay::cli
