// Any text as a schema to format.
#include "tests/fuzz/formatting.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  assay::testing::CheckFormatting(assay::FormatSchema, data, size);
  return 0;
}
