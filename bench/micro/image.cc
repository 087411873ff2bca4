// Images: how long one takes to load, and how large it is.
#include "assay/image.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <string>
#include <vector>

#include "engine/bytecode/program_parts.h"
#include "engine/bytecode/verify.h"
#include "engine/snapshot/policy_digest.h"

namespace assay::bench {
namespace {

// As an organisation has them: one template, and a link for each resource and principal.
bc::ProgramParts Links(std::size_t count) {
  bc::ProgramParts parts;
  parts.code = {{bc::Op::kSatisfied, 0, 0, 0}};
  parts.bodies = {{.begin = 0, .end = 1}};
  bc::Rule rule;
  rule.principal = {.kind = bc::Constraint::Kind::kEqual, .has_slot = true};
  rule.resource = {.kind = bc::Constraint::Kind::kIn, .has_slot = true};
  parts.rules = {rule};
  parts.templates = {{"template", 0}};
  for (std::size_t i = 0; i < count; ++i) {
    parts.policies.push_back({"share-of-document-" + std::to_string(i), 0,
                              EntityUid{"User", "user-number-" + std::to_string(i % 5000)},
                              EntityUid{"Doc", "document-number-" + std::to_string(i)}});
  }
  return parts;
}

// Static policies that all differ in scope and condition.
bc::ProgramParts Policies(std::size_t count) {
  bc::ProgramParts parts;
  parts.names = {"level"};
  for (std::size_t i = 0; i < count; ++i) {
    const auto number = static_cast<std::uint32_t>(i);
    const auto begin = static_cast<std::uint32_t>(parts.code.size());
    parts.constants.emplace_back(EntityUid{"Role", "role-number-" + std::to_string(i)});
    parts.constants.emplace_back(static_cast<std::int64_t>(i));
    parts.code.insert(parts.code.end(), {{bc::Op::kLoadVariable, 0, 0, 0},
                                         {bc::Op::kGetAttribute, 0, 0, 0},
                                         {bc::Op::kLoadConstant, 0, 1, 2 * number + 1},
                                         {bc::Op::kLess, 0, 0, 1},
                                         {bc::Op::kRequire, 0, 0, 0},
                                         {bc::Op::kSatisfied, 0, 0, 0}});
    parts.bodies.push_back({.begin = begin, .end = begin + 6, .registers = 2});
    bc::Rule rule;
    rule.principal = {.kind = bc::Constraint::Kind::kIn, .constant = 2 * number};
    rule.body = number;
    parts.rules.push_back(rule);
    parts.policies.push_back({"policy" + std::to_string(i), number, std::nullopt, std::nullopt});
  }
  return parts;
}

void ReadAll(benchmark::State& state, bc::ProgramParts parts) {
  const auto policies = static_cast<double>(parts.policies.size());
  const std::string image = WriteImage(Program::Load(std::move(parts)).value()).value();
  for (auto _ : state) {
    auto program = ReadImage(image);
    benchmark::DoNotOptimize(program);
    state.PauseTiming();  // giving it back is not loading
    program = Error{};
    state.ResumeTiming();
  }
  state.counters["bytes/policy"] = static_cast<double>(image.size()) / policies;
}

void ReadLinks(benchmark::State& state) {
  ReadAll(state, Links(static_cast<std::size_t>(state.range(0))));
}
BENCHMARK(ReadLinks)->Arg(1'000)->Arg(100'000)->Unit(benchmark::kMillisecond);

void ReadPolicies(benchmark::State& state) {
  ReadAll(state, Policies(static_cast<std::size_t>(state.range(0))));
}
BENCHMARK(ReadPolicies)->Arg(1'000)->Arg(100'000)->Unit(benchmark::kMillisecond);

void VerifyLinks(benchmark::State& state) {
  const bc::ProgramParts parts = Links(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(bc::Verify(parts));
}
BENCHMARK(VerifyLinks)->Arg(100'000)->Unit(benchmark::kMillisecond);

void VerifyPolicies(benchmark::State& state) {
  const bc::ProgramParts parts = Policies(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(bc::Verify(parts));
}
BENCHMARK(VerifyPolicies)->Arg(100'000)->Unit(benchmark::kMillisecond);

void DigestOfLinks(benchmark::State& state) {
  const bc::ProgramParts parts = Links(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(rt::DigestOf(parts));
}
BENCHMARK(DigestOfLinks)->Arg(100'000)->Unit(benchmark::kMillisecond);

// What the policy digest adds to a publication: one link gone and one new, among so many.
void EditDigest(benchmark::State& state) {
  const auto count = static_cast<std::uint32_t>(state.range(0));
  const bc::ProgramParts parts = Links(count);
  Sha256 sha;
  std::uint32_t replaced = 0, round = 0;
  const auto leaf_of = [&](std::uint32_t policy) {
    const bc::PolicyEntry& entry = parts.policies[policy];
    bc::Digest rule{};
    if (policy == replaced) rule[0] = static_cast<std::uint8_t>(round);
    return rt::PolicyLeaf(sha, entry.id, rule,
                          rt::UidText{entry.principal_slot->type, entry.principal_slot->id},
                          rt::UidText{entry.resource_slot->type, entry.resource_slot->id});
  };
  std::vector<rt::DigestLeaf> leaves;
  for (std::uint32_t i = 0; i < count; ++i) leaves.push_back({leaf_of(i), i});
  std::sort(leaves.begin(), leaves.end(),
            [](const auto& a, const auto& b) { return a.hash < b.hash; });
  store::Heap heap;
  rt::PolicyDigest digest;
  digest.Edit(heap, sha, leaf_of, {}, leaves);
  heap.Commit();
  for (auto _ : state) {
    const rt::DigestLeaf before{leaf_of(replaced), replaced};
    round ^= 1;
    const rt::DigestLeaf after{leaf_of(replaced), replaced};
    digest.Edit(heap, sha, leaf_of, {&before, 1}, {&after, 1});
    heap.Commit();
    heap.Collect({});
  }
  state.counters["bytes/leaf"] = static_cast<double>(heap.bytes()) / count;
}
BENCHMARK(EditDigest)->Arg(1'000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace assay::bench
