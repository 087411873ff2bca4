// What tests reach of policies: whether each was satisfied, and what each of its clauses came to.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "compiler/cli/clauses.h"

namespace assay::cli {

// How often a clause came to what. Spans are offsets in the text of its source.
struct ClauseCoverage {
  std::uint32_t begin = 0, end = 0;
  std::string text;  // as Cedar, with `unless ` before one
  std::uint64_t was_true = 0, was_false = 0, failed = 0;

  std::uint64_t asked() const { return was_true + was_false + failed; }
  std::size_t reached() const { return std::size_t{was_true > 0} + std::size_t{was_false > 0}; }
};

// A static policy, or a template with all of its links.
struct PolicyCoverage {
  std::string id;
  std::uint32_t begin = 0, end = 0;
  std::uint64_t satisfied = 0, not_satisfied = 0, failed = 0;  // with the request in its scope
  std::vector<ClauseCoverage> clauses;

  // A policy should be satisfied once, and each clause be true once and false once.
  std::size_t outcomes() const { return 1 + 2 * clauses.size(); }
  std::size_t reached() const;
};

struct SourceCoverage {
  std::string text;
  std::vector<PolicyCoverage> policies;  // as they stand in it

  std::size_t outcomes() const;
  std::size_t reached() const;
};

// Of any number of tests on any number of policies, by name of source.
class Coverage {
 public:
  // All policies of the index; those that are known are kept.
  void Declare(const Sources& sources, const PolicyIndex& index);
  // A run of a policy of an index that was declared, whose scope the request is in.
  void Add(const PolicyIndex& index, const PolicyCode& code, const PolicyTrace& trace);
  void Merge(const Coverage& other);

  const std::map<std::string, SourceCoverage>& sources() const { return sources_; }
  std::size_t outcomes() const;
  std::size_t reached() const;
  // Of 100; 100 if there is nothing to reach.
  double percent() const;

 private:
  std::map<std::string, SourceCoverage> sources_;
  // Where the rules of the index that was declared last are.
  const PolicyIndex* declared_ = nullptr;
  std::vector<std::pair<SourceCoverage*, std::size_t>> rules_;
};

}  // namespace assay::cli
