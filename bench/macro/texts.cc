// What reading, checking and writing texts costs: a schema of 200 entity types, 10,000 policies
// that it is for, and 10 MB of policies, of which the reference can format only a small part in
// good time; with the reference's SDK in the same run, if ASSAY_REFERENCE names the program of
// tests/differential/reference. One thread; the least of some runs.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

#include "assay/compile.h"
#include "assay/format.h"
#include "assay/validate.h"
#include "engine/base/json_text.h"

namespace assay::bench {
namespace {

constexpr std::size_t kTypes = 200;
constexpr std::size_t kActions = 100;
constexpr std::size_t kPolicies = 10'000;
constexpr std::size_t kTextBytes = 10'000'000;
constexpr int kRuns = 5;

[[noreturn]] void Stop(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(1);
}

std::string Type(std::size_t i) { return "T" + std::to_string(i % kTypes); }

// Types have attributes of all kinds, and lead to other types; each action is for two of them.
std::string SchemaText() {
  std::string out;
  for (std::size_t i = 0; i < kTypes; ++i) {
    out += "entity " + Type(i) + " in [" + Type(i / 2) + ", " + Type(i / 3) +
           "] = {\n  owner: " + Type(i + 1) +
           ",\n  level: Long,\n  name?: String,\n  tags: Set<String>,\n  nested: "
           "{inner: {flag: Bool, limit: decimal}, since?: datetime},\n} tags String;\n";
  }
  for (std::size_t i = 0; i < kActions; ++i) {
    out += "action a" + std::to_string(i) + " appliesTo { principal: [" + Type(2 * i) +
           "], resource: [" + Type(2 * i) + ", " + Type(2 * i + 1) +
           "], context: {from: ipaddr, count: Long, note?: String} };\n";
  }
  return out;
}

std::string PolicyText(std::size_t i) {
  const std::string action = std::to_string(i % kActions);
  const std::string type = Type(2 * (i % kActions));
  std::string out = i % 5 == 0 ? "forbid" : "permit";
  out += "(principal is " + type + ", action == Action::\"a" + action + "\", resource";
  switch (i % 4) {
    case 0:
      return out + ")\nwhen { principal.level > " + std::to_string(i) +
             " && resource.owner.level <= principal.level + 1 }\nunless { context.count == 0 };\n";
    case 1:
      return out + " is " + type + ")\nwhen { principal has name && principal.name like \"a*" +
             std::to_string(i) +
             "\" && resource.nested.inner.limit.lessThan(decimal(\"9.5\")) };\n";
    case 2:
      return out + " in " + type + "::\"r" + std::to_string(i) +
             "\")\nwhen { context.from.isInRange(ip(\"10.0.0.0/8\")) || "
             "resource.tags.contains(\"x" +
             std::to_string(i) + "\") };\n";
    default:
      return out + ")\nwhen { if resource.hasTag(\"k\") then resource.getTag(\"k\") == \"v" +
             std::to_string(i) + "\" else {a: 1, b: [1, 2]} == {a: context.count, b: [3]} };\n";
  }
}

std::string Policies(std::size_t least_count, std::size_t least_bytes) {
  std::string out;
  for (std::size_t i = 0; i < least_count || out.size() < least_bytes; ++i) out += PolicyText(i);
  return out;
}

struct Figure {
  double seconds = 0;
  std::size_t count = 0;
};

// `once` gives what can be compared: findings, or bytes.
Figure Measured(int runs, const std::function<std::size_t()>& once) {
  Figure figure{1e9, 0};
  for (int i = 0; i < runs; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    figure.count = once();
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
    figure.seconds = std::min(figure.seconds, time.count());
  }
  return figure;
}

// --- the reference

std::string Member(const char* name, const std::string& text) {
  std::string out = std::string(",\"") + name + "\":";
  json::AppendString(text, &out);
  return out;
}

double NumberAfter(const std::string& text, const std::string& name) {
  const std::size_t at = text.find("\"" + name + "\":");
  if (at == std::string::npos) Stop("the reference answers: " + text.substr(0, 300));
  return std::strtod(text.c_str() + at + name.size() + 3, nullptr);
}

// Asks in a file, since the texts are large.
Figure Reference(const std::string& program, int runs, const std::string& members) {
  const std::string path =
      (std::filesystem::temp_directory_path() / "assay_bench_question.json").string();
  std::ofstream(path) << "{\"op\":\"time\",\"runs\":" << runs << members << "}\n";
  FILE* pipe = popen(("'" + program + "' < '" + path + "'").c_str(), "r");
  if (pipe == nullptr) Stop("cannot run " + program);
  std::string answer;
  char buffer[4096];
  for (std::size_t n = 0; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;)
    answer.append(buffer, n);
  pclose(pipe);
  std::filesystem::remove(path);
  return {NumberAfter(answer, "seconds"), static_cast<std::size_t>(NumberAfter(answer, "count"))};
}

// --- the rows

class Table {
 public:
  Table() {
    const char* program = std::getenv("ASSAY_REFERENCE");
    if (program != nullptr) reference_ = program;
    std::printf("%-34s %10s %10s %8s\n", "", "here, ms", "native, ms", "native/here");
  }

  void Row(const char* name, int runs, const std::function<std::size_t()>& once,
           const std::string& question) const {
    const Figure here = Measured(runs, once);
    std::printf("%-34s %10.1f", name, here.seconds * 1000);
    std::fflush(stdout);
    if (question.empty()) {
      std::printf("   native is not asked: it would take hours");
    } else if (!reference_.empty()) {
      const Figure native = Reference(reference_, runs, question);
      std::printf(" %10.1f %8.2f   %zu, native %zu", native.seconds * 1000,
                  native.seconds / here.seconds, here.count, native.count);
    }
    std::printf("\n");
    std::fflush(stdout);
  }

 private:
  std::string reference_;
};

template <typename T>
T Need(std::optional<T> value, const Diagnostics& diagnostics, const Sources& sources) {
  if (!value) Stop(diagnostics.Render(sources).substr(0, 2000));
  return *std::move(value);
}

Schema ReadSchema(const std::string& text, SchemaFormat format) {
  Sources sources;
  Diagnostics diagnostics;
  auto schema = Schema::Parse(sources, sources.Add("s", text), format, Limits{}, &diagnostics);
  return Need(std::move(schema), diagnostics, sources);
}

PolicySet ReadPolicies(const std::string& text, bool is_json) {
  Sources sources;
  Diagnostics diagnostics;
  PolicySet set;
  const std::uint32_t source = sources.Add("p", text);
  const bool ok = is_json ? set.AddJson(&sources, source, &diagnostics)
                          : set.AddCedar(sources, source, &diagnostics);
  if (!ok) Stop(diagnostics.Render(sources).substr(0, 2000));
  return set;
}

std::string Formatted(decltype(&FormatPolicies) format, const std::string& text) {
  Sources sources;
  Diagnostics diagnostics;
  return Need(format(sources, sources.Add("t", text), {}, Limits{}, &diagnostics), diagnostics,
              sources);
}

void Schemas(const Table& table, const std::string& text) {
  Sources sources;
  Diagnostics diagnostics;
  const auto json =
      TranslateSchema(sources, {sources.Add("s", text), SchemaFormat::kCedar}, SchemaFormat::kJson,
                      SchemaNames::kAsWritten, Limits{}, &diagnostics);
  const std::string json_text = Need(json, diagnostics, sources);
  const auto parse = [](const std::string& schema, SchemaFormat format) {
    return [&schema, format] { return ReadSchema(schema, format), std::size_t{0}; };
  };
  const std::string what = R"(,"what":"schema")";
  table.Row("parse a schema of 200 types", kRuns, parse(text, SchemaFormat::kCedar),
            what + Member("text", text));
  table.Row("the same in JSON", kRuns, parse(json_text, SchemaFormat::kJson),
            what + R"(,"format":"json")" + Member("text", json_text));
}

void Validation(const Table& table, const std::string& schema_text) {
  const std::string text = Policies(kPolicies, 0);
  const Schema schema = ReadSchema(schema_text, SchemaFormat::kCedar);
  const PolicySet set = ReadPolicies(text, false);
  const auto validate = [&] {
    const Result<ValidationResult> result = Validate(schema, set);
    if (!result.ok()) Stop(result.error().message);
    return result.value().errors.size() + result.value().warnings.size();
  };
  table.Row("validate 10,000 policies", kRuns, validate,
            R"(,"what":"validate")" + Member("text", text) + Member("schema", schema_text));
}

void Translation(const Table& table, int runs) {
  const std::string text = Policies(0, kTextBytes);
  const std::string json = ReadPolicies(text, false).ToJson().value();
  table.Row(
      "10 MB of policies to JSON", runs,
      [&] { return ReadPolicies(text, false).ToJson().value().size(); },
      R"(,"what":"to_json")" + Member("text", text));
  table.Row(
      "and back", runs, [&] { return ReadPolicies(json, true).ToCedar().value().size(); },
      R"(,"what":"to_cedar")" + Member("text", json));
}

void Formatting(const Table& table, const char* name, int runs, std::size_t bytes) {
  const std::string text = Policies(0, bytes);
  const bool is_small = bytes < kTextBytes;
  table.Row(
      name, runs, [&] { return Formatted(FormatPolicies, text).size(); },
      is_small ? R"(,"what":"format")" + Member("text", text) : "");
}

int Main() {
  const Table table;
  const std::string schema = SchemaText();
  Schemas(table, schema);
  Validation(table, schema);
  Translation(table, 2);
  // The reference takes four times as long, and more, for a text twice as long.
  Formatting(table, "format 100 KB of policies", 2, 100'000);
  Formatting(table, "format 200 KB of policies", 2, 200'000);
  Formatting(table, "format 400 KB of policies", 1, 400'000);
  Formatting(table, "format 10 MB of policies", 2, kTextBytes);
  return 0;
}

}  // namespace
}  // namespace assay::bench

int main() { return assay::bench::Main(); }
