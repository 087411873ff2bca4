// Any text as policies to format.
#include "tests/fuzz/formatting.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  assay::testing::CheckFormatting(assay::FormatPolicies, data, size);
  return 0;
}
