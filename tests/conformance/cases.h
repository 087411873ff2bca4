// Cases of the shared conformance data, whatever their layout, in one form.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "assay/compile.h"
#include "assay/entities.h"
#include "assay/request.h"
#include "assay/schema.h"
#include "engine/base/json.h"

namespace assay::conformance {

struct Expected {
  bool allow = false;
  std::set<std::string> reason;
  std::set<std::string> errors;  // ids of erroring policies
  friend bool operator==(const Expected&, const Expected&) = default;
};

struct Counts {
  std::size_t cases = 0;
  std::size_t requests = 0;
  std::size_t wrong = 0;
};

// Where the archives are, unpacked into the build directory on first use. Nothing if this checkout
// has no ../shared.
std::optional<std::string> Unpacked(const std::string& archive);

// The files of a folder that end so, sorted.
std::vector<std::string> FilesIn(const std::string& folder, const std::string& ending);

std::string ReadText(const std::string& path);

// Decides requests against one policy set and compares; prints the first few that are wrong.
class Runner {
 public:
  // With a schema, contexts are read as it says, and requests must pass its validation.
  Runner(std::string name, const PolicySet& policies, Entities entities,
         std::optional<Schema> schema = {});

  // `request` as in a case file; its answer is compared with `expected`.
  void Check(const std::string& label, const Sources& sources, const json::Node& request,
             const Expected& expected, Counts* counts);

 private:
  Record ReadContext(const Sources& sources, const json::Node& request, const EntityUid& action,
                     Diagnostics* diagnostics) const;

  struct State;
  std::string name_;
  std::optional<Schema> schema_;
  std::shared_ptr<State> state_;
};

Expected ReadExpected(const json::Node& node);

}  // namespace assay::conformance
