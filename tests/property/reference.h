// The reference implementation as a child process: one JSON line in, one JSON line out. Its source
// is tests/differential/reference.
#pragma once

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/oracle/oracle.h"
#include "tests/support/world.h"

namespace assay::testing {

class Reference {
 public:
  // The program named by the environment's ASSAY_REFERENCE, or the one built beside its source.
  // Nothing, and the reason in `why`, if there is none.
  static std::unique_ptr<Reference> Start(std::string* why);
  ~Reference();
  Reference(const Reference&) = delete;
  Reference& operator=(const Reference&) = delete;

  // The answers to all requests of the world, or nothing and the reason in `error`.
  std::optional<std::vector<oracle::Answer>> Ask(const World& world, std::string* error);

  // Whether it takes the text for entities ("entities") or a context ("context"); if not, `error`
  // says why.
  bool Accepts(const std::string& kind, const std::string& text, std::string* error);

  // What it makes of a text by the operation `op`: the JSON of its answer on one line with the
  // members in its order, or its text; or nothing, and why in `error`, if it refuses the text.
  std::optional<std::string> Translate(const std::string& op, const std::string& text,
                                       std::string* error);
  // The answer to a question as it is, both JSON; see the program's source. "" if the child is
  // gone.
  std::string AskJson(const std::string& question) { return Exchange(question); }

 private:
  Reference(int process, std::FILE* to, std::FILE* from)
      : process_(process), to_(to), from_(from) {}
  // The line that answers this line; empty if the child is gone.
  std::string Exchange(const std::string& line);

  int process_;
  std::FILE* to_;
  std::FILE* from_;
};

}  // namespace assay::testing
