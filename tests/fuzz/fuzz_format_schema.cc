// Any text as a schema to format.
//
// Covers: compiler/format/layout.cc compiler/format/schema.cc compiler/format/tokens.cc
#include "tests/fuzz/formatting.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  assay::testing::CheckFormatting(assay::FormatSchema, data, size);
  return 0;
}
