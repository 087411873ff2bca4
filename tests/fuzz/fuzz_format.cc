// Any text as policies to format.
//
// Covers: compiler/format/format.cc compiler/format/layout.cc compiler/format/policies.cc
// Covers: compiler/format/tokens.cc
#include "tests/fuzz/formatting.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  assay::testing::CheckFormatting(assay::FormatPolicies, data, size);
  return 0;
}
