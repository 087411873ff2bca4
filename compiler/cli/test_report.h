// What tests gave, for people and for programs.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "compiler/cli/test_files.h"

namespace assay::cli {

struct Totals {
  std::size_t passed = 0;
  std::size_t failed = 0;  // and those that could not be run; a file that could not is one
};

// Prints to standard output. "human" is a line for each test, and why it failed; "json" one object;
// "junit" the XML that CI servers read.
Totals PrintReports(const std::vector<FileReport>& reports, const std::string& format);

}  // namespace assay::cli
