// The flags that say what is to be done and who proves which key: the same for mint and verify.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assay/mint/dpop.h"
#include "assay/mint/grant.h"
#include "compiler/cli/input.h"
#include "engine/mint/cli/command.h"

namespace assay::mint::cli {

struct TupleFlags {
  std::vector<std::string> actions, resources;
  std::string tool, context;

  void AddTo(Command* command);
  // One tuple for each action and the resource of the same place; nothing after an error was
  // printed.
  std::optional<std::vector<GrantTuple>> Read(assay::cli::Input* input) const;
  std::optional<Value::Record> ReadContext(assay::cli::Input* input) const;
};

// A file that has one token, or standard input for "-"; without white space around it. Nothing
// after an error was printed. No copy of it is left anywhere else in memory.
std::optional<CleansedText> ReadToken(assay::cli::Input* input, const std::string& path);

// A proof of possession in a file, and the request it came with.
struct ProofFlags {
  std::string path, url, method = "POST";

  void AddTo(Command* command);
};

}  // namespace assay::mint::cli
