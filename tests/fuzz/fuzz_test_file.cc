// Any text as a file of tests, as JSON or as YAML: errors, or tests each of which is one that can
// be run or says why not. Paths that it names are looked for where there is nothing.
#include <cstdlib>
#include <sstream>

#include "compiler/cli/test_case.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace assay;
  const std::string text(reinterpret_cast<const char*>(data), size);
  for (const char* path : {"/nowhere/tests.json", "/nowhere/tests.yaml"}) {
    // An absolute path would be read.
    if (text.find('/') != std::string::npos) return 0;
    std::ostringstream errors;
    cli::Input input(errors);
    input.CloseStdin();
    const std::uint32_t source = input.AddText(path, text);
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
