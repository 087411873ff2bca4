// Decisions on the worlds of policies/: the requests beside each, one after the other, as requests
// that are bound already.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "assay/compile.h"
#include "assay/evaluator.h"
#include "assay/request.h"
#include "tests/support/paths.h"

namespace assay::bench {
namespace {

namespace fs = std::filesystem;

std::string ReadText(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return std::move(text).str();
}

void Example_Decide(benchmark::State& state, const fs::path& folder) {
  Sources sources;
  Diagnostics diagnostics;
  PolicySet policies;
  const auto add = [&](const char* file) { return sources.Add(file, ReadText(folder / file)); };
  if (fs::exists(folder / "policies.cedar")) {
    policies.AddCedar(sources, add("policies.cedar"), &diagnostics);
  } else {
    policies.AddJson(&sources, add("policies.json"), &diagnostics);
  }
  const auto entities = Entities::FromJson(sources, add("entities.json"), Limits{}, &diagnostics);
  std::vector<Request> requests;
  std::istringstream lines(ReadText(folder / "requests.jsonl"));
  for (std::string line; std::getline(lines, line);) {
    auto request = ParseRequestJson(sources, sources.Add("line", line), Limits{}, &diagnostics);
    if (request) requests.push_back(std::move(*request));
  }
  // A benchmark of something that is not there would be worthless.
  if (!diagnostics.empty() || requests.empty()) {
    std::cerr << diagnostics.Render(sources);
    std::abort();
  }
  const Snapshot snapshot = Snapshot::Create(policies.Compile().value(), *entities).value();
  std::vector<BoundRequest> bound(requests.size());
  for (std::size_t i = 0; i < bound.size(); ++i) {
    if (!bound[i].Bind(snapshot, requests[i]).ok()) std::abort();
  }
  Scratch scratch;
  std::size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(Decide(snapshot, bound[next], scratch).is_allow());
    next = next + 1 == bound.size() ? 0 : next + 1;
  }
  state.SetItemsProcessed(state.iterations());
}

const bool kRegistered = [] {
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(testing::SourceDir() / "policies")) {
    if (entry.is_directory()) folders.push_back(entry.path());
  }
  std::sort(folders.begin(), folders.end());
  for (const fs::path& folder : folders) {
    benchmark::RegisterBenchmark(
        ("Example_Decide/" + folder.filename().string()).c_str(),
        [folder](benchmark::State& state) { Example_Decide(state, folder); });
  }
  return true;
}();

}  // namespace
}  // namespace assay::bench
