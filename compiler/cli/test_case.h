// Tests of policies, as files say them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "assay/entities.h"
#include "assay/request.h"
#include "compiler/cli/input.h"

namespace assay::cli {

// A policy that should almost have made the other decision.
struct ExpectedMiss {
  std::string policy;
  // What must have said no, as Cedar; nothing: whatever did.
  std::optional<std::vector<std::string>> clauses;
};

// A request, and what the policies should answer.
struct TestCase {
  std::string name;
  Request request;
  std::size_t entities = 0;  // which of the file's
  bool is_allow = false;
  std::vector<std::string> reasons;                // ids that must be among the determining ones
  std::optional<std::uint64_t> error_count;        // how many policies fail
  std::optional<std::vector<std::string>> errors;  // the ids of those that fail, sorted
  std::vector<ExpectedMiss> near;
  std::string problem;  // why it cannot be run; "" if it can
};

struct TestFile {
  std::string policies;            // a path from where the tests are; "" if the file names none
  std::optional<Schema> schema;    // that requests and entities were validated against
  std::vector<Entities> entities;  // shared by tests
  std::vector<TestCase> tests;
};

// Reads the tests of a file. An array is the reference's form, of
// `{name?, request: {principal, action, resource, context}, entities, decision, reason,
// num_errors}`; members of other names are ignored, as it ignores them. An object is ours:
// `{policies?, schema?, entities?, context?, tests: [{name?, principal, action, resource, context?,
// entities?, expect: "allow" | "deny", because?, errors?, near?}]}`, where `entities` is a path or
// an array, and principal, action and resource may be arrays: then each combination is a test.
// `near` is an array of ids, or an object from ids to the clauses that must have said no.
//
// Files called *.yaml or *.yml, those of entities as well, are YAML and say the same.
//
// With a schema, that of the flags or else that of the file, all is read and validated as it says.
//
// Nothing, after the error was added to `input`, if the file is no list of tests. A single test
// that is wrong says so in `problem`.
std::optional<TestFile> ReadTests(Input* input, const std::string& path, const SchemaFlags& schema);
// The same of a source that was read from the path already.
std::optional<TestFile> ReadTests(Input* input, const std::string& path, std::uint32_t source,
                                  const SchemaFlags& schema);

}  // namespace assay::cli
