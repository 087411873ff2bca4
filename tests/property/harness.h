// What the property tests share: a world loaded into the engine and into the oracle, the answers of
// both in one form, the mix of what was asked, the settings.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "assay/compile.h"
#include "assay/evaluator.h"
#include "assay/snapshot.h"
#include "tests/oracle/oracle.h"
#include "tests/support/world.h"

namespace assay::testing {

// Policies and entities as the engine has them, on three ways that must lead to the same.
struct EngineWorld {
  Sources sources;
  PolicySet policies;
  std::optional<Snapshot> compiled;
  std::optional<Snapshot> from_image;  // of the program after a round trip through an image
  std::optional<Snapshot> edited;      // of a store that held other things before
};

// The policies alone, parsed and linked.
std::unique_ptr<EngineWorld> ParseWorld(const World& world, std::string* error);
// Nothing, and the reason in `error`, if the product refuses anything of the world, or if the
// snapshots differ in their policy digests.
std::unique_ptr<EngineWorld> LoadEngine(const World& world, std::string* error);

// The engine's answer, in the oracle's form. Nothing, and the reason in `error`, unless all three
// snapshots give it.
std::optional<oracle::Answer> AskEngine(const EngineWorld& world, const std::string& request,
                                        Scratch& scratch, std::string* error);

// The answer of a snapshot. Nothing, and the reason in `error`, unless the decision with the tree,
// without it, and of the outcome alone agree, and the tree leads to no policy out of scope.
std::optional<oracle::Answer> AskSnapshot(const Snapshot& snapshot, const Request& request,
                                          Scratch& scratch, std::string* error);

// One line for people.
std::string Show(const oracle::Answer& answer);

// Counts what decisions were like. The thresholds keep the tests from passing on worlds in which
// nothing happens.
struct Mix {
  std::uint64_t decisions = 0;
  std::uint64_t allowed = 0;
  std::uint64_t with_errors = 0;
  std::uint64_t with_reasons = 0;  // two or more

  void Add(const oracle::Answer& answer);
  std::string Show() const;
  // Fails the running test below 20 % allowed, 20 % with errors, 10 % with two or more reasons.
  void Check() const;
};

// Counts what policies were like, to show that nothing of the language is left out.
struct Features {
  std::uint64_t policies = 0;
  std::uint64_t templates = 0;
  std::uint64_t links = 0;
  std::uint64_t with_unless = 0;
  std::uint64_t with_long_has = 0;  // `has a.b`
  std::uint64_t with_controls = 0;  // control characters as they are, not escaped

  void Add(const World& world);
  std::string Show() const;
};

// The environment's ASSAY_DECISIONS, or else `fallback`, of which builds with the address sanitizer
// make a fifth: they are as much slower, and release builds make all of them.
std::uint64_t DecisionsToMake(std::uint64_t fallback);
// The environment's ASSAY_SEED, or else always the same.
std::uint64_t Seed();

// Writes the world to `NAME.json` in the build directory and returns the path.
std::string KeepWorld(const World& world, const std::string& name);

}  // namespace assay::testing
