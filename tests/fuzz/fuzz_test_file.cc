// Any text as a file of tests, as JSON or as YAML: errors, or tests each of which is one that can
// be run or says why not. Paths that it names are looked for where there is nothing.
//
// Covers: compiler/cli/test_case.cc compiler/cli/yaml.cc
#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "compiler/cli/test_case.h"
#include "compiler/cli/yaml.h"
#include "engine/base/json.h"

namespace {

using namespace assay;

// Whether a member that may be a path is one that leads out of the folder.
bool LeadsAway(const json::Node& node) {
  for (std::size_t i = 0; i < node.members.size(); ++i) {
    const std::string& key = node.members[i].key;
    const bool is_path = key == "policies" || key == "schema" || key == "entities";
    if (is_path && node.elements[i].string.find('/') != std::string::npos) return true;
  }
  return std::any_of(node.elements.begin(), node.elements.end(), LeadsAway);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  for (const char* path : {"/nowhere/tests.json", "/nowhere/tests.yaml"}) {
    std::ostringstream errors;
    cli::Input input(errors);
    input.CloseStdin();
    const std::uint32_t source = input.AddText(path, text);
    const bool is_json = std::string_view(path).ends_with("json");
    Diagnostics ignored;
    const auto root = is_json ? json::Parse(input.sources(), source, Limits{}, &ignored)
                              : cli::ParseYaml(input.sources(), source, Limits{}, &ignored);
    if (root && LeadsAway(*root)) continue;
    const auto file = cli::ReadTests(&input, path, source, {});
    const bool ok = input.Check();
    if (!file && ok && errors.str().empty()) std::abort();
    if (!file) continue;
    for (const cli::TestCase& test : file->tests) {
      if (test.problem.empty() && test.entities >= file->entities.size()) std::abort();
    }
  }
  return 0;
}
