// What tests gave, for people and for programs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "compiler/cli/test_files.h"

namespace assay::cli {

struct Totals {
  std::size_t passed = 0;
  std::size_t failed = 0;  // and those that could not be run; a file that could not is one
};

enum class TestFormat : std::uint8_t {
  kHuman,  // a line for each test, and why it failed
  kJson,   // one object
  kJUnit,  // the XML that CI servers read
};

// Prints to standard output.
Totals PrintReports(const std::vector<FileReport>& reports, TestFormat format);

}  // namespace assay::cli
