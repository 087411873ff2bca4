// Golden tests: each .test file below this folder is one test.
//
//   # stage: ast | ir | bytecode | tree | error | expression | evaluate | entities | request |
//   policy-set | to-json | to-cedar | format | format-schema | schema | schema-json | validate |
//   data | cli
//   …input…
//   ---- output
//   …what the stage prints for it…
//
// A file whose name starts with fail_ must fail, any other must not. UPDATE_GOLDEN=1 rewrites the
// outputs; review them as a diff.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "assay/compile.h"
#include "assay/evaluator.h"
#include "assay/format.h"
#include "assay/validate.h"
#include "compiler/cedar/dump.h"
#include "compiler/cedar/lower.h"
#include "compiler/passes/fold.h"
#include "engine/bytecode/inst.h"
#include "engine/eval/tree_dump.h"
#include "tests/support/paths.h"

namespace assay {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSeparator = "---- output\n";

struct Outcome {
  bool failed = false;
  std::string text;
};

std::string ReadText(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Outcome Formatted(const std::string& stage, const std::string& input) {
  Sources sources;
  Diagnostics diagnostics;
  const bool is_schema = stage == "format-schema";
  const auto format = is_schema ? FormatSchema : FormatPolicies;
  const std::uint32_t source =
      sources.Add(is_schema ? "schema.cedarschema" : "policies.cedar", input);
  const auto text = format(sources, source, {}, Limits{}, &diagnostics);
  return {!text.has_value(), text.value_or(diagnostics.Render(sources))};
}

// What stands in for the world in `evaluate` files.
constexpr const char* kEntities = R"([
 {"uid": {"type": "User", "id": "alice"}, "tags": {"team": "red"},
  "attrs": {"age": 30, "name": "Alice", "a": {"b": {"c": 1}},
            "manager": {"__entity": {"type": "User", "id": "bob"}}},
  "parents": [{"type": "Group", "id": "staff"}]},
 {"uid": {"type": "Group", "id": "staff"}, "attrs": {}, "parents": [{"type": "Group", "id": "all"}]},
 {"uid": {"type": "Doc", "id": "plan"}, "attrs": {}, "parents": []}
])";
constexpr const char* kRequest = R"({"principal": "User::\"alice\"", "action": "Action::\"read\"",
 "resource": "Doc::\"plan\"", "context": {"n": 1, "flag": true, "tags": ["x", "y"]}})";

Outcome Evaluated(const std::string& input) {
  Sources sources;
  Diagnostics diagnostics;
  auto entities = Entities::FromJson(sources, sources.Add("e", kEntities), Limits{}, &diagnostics);
  const auto request =
      ParseRequestJson(sources, sources.Add("r", kRequest), Limits{}, &diagnostics);
  Outcome out;
  std::istringstream lines(input);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty()) continue;
    const auto program =
        CompileExpression(sources, sources.Add("expression", line), Limits{}, &diagnostics);
    if (!program) return {true, diagnostics.Render(sources)};
    Scratch scratch;
    const Snapshot snapshot = Snapshot::Create(*program, *entities).value();
    const Result<Value> value = Evaluate(snapshot, *request, scratch);
    out.failed = out.failed || !value.ok();
    out.text += line + "\n    " +
                (value.ok() ? value.value().ToCedar() : "error: " + value.error().message) + "\n";
  }
  return out;
}

Outcome CompiledExpression(const std::string& input) {
  Sources sources;
  Diagnostics diagnostics;
  const auto program =
      CompileExpression(sources, sources.Add("expression", input), Limits{}, &diagnostics);
  if (!program) return {true, diagnostics.Render(sources)};
  return {false, program->Disassemble()};
}

Outcome Compiled(const std::string& stage, const std::string& input) {
  Sources sources;
  Diagnostics diagnostics;
  PolicySet set;
  if (stage == "policy-set" || stage == "to-cedar") {
    set.AddJson(&sources, sources.Add("policies.json", input), &diagnostics);
  } else {
    set.AddCedar(sources, sources.Add("policies.cedar", input), &diagnostics);
  }
  if (!diagnostics.empty()) return {true, diagnostics.Render(sources)};
  if (stage == "ast" || stage == "policy-set") return {false, cedar::Dump(set.syntax())};
  if (stage == "to-json" || stage == "to-cedar") {
    const Result<std::string> text = stage == "to-json" ? set.ToJson() : set.ToCedar();
    return {!text.ok(), (text.ok() ? text.value() : text.error().message) + "\n"};
  }
  if (stage == "ir") {
    ir::Module module = cedar::Lower(set.syntax());
    passes::Fold(&module);
    return {false, ir::Dump(module)};
  }
  const Result<Program> program = set.Compile();
  if (!program.ok()) return {true, program.error().message + "\n"};
  if (stage != "tree") return {false, program.value().Disassemble()};
  const Snapshot snapshot = Snapshot::Create(program.value(), Entities()).value();
  return {false, rt::OutlineText(rt::Outline(snapshot))};
}

Outcome ReadData(const std::string& stage, const std::string& input) {
  Sources sources;
  Diagnostics diagnostics;
  const std::uint32_t source = sources.Add(stage + ".json", input);
  std::string text;
  if (stage == "entities") {
    const auto entities = Entities::FromJson(sources, source, Limits{}, &diagnostics);
    for (std::size_t i = 0; entities && i < entities->size(); ++i) {
      const Entity& entity = (*entities)[i];
      text += entity.uid.ToCedar() + " " + Value(entity.attributes).ToCedar() + " " +
              Value(entity.tags).ToCedar() + "\n";
      for (const EntityUid& uid : entities->ancestors(i)) text += "  in " + uid.ToCedar() + "\n";
    }
  } else if (const auto request = ParseRequestJson(sources, source, Limits{}, &diagnostics)) {
    text = request->principal.ToCedar() + " " + request->action.ToCedar() + " " +
           request->resource.ToCedar() + " " + Value(request->context).ToCedar() + "\n";
  }
  if (!diagnostics.empty()) return {true, diagnostics.Render(sources)};
  return {false, text};
}

// A schema in its other form, in its own again, and with names resolved; or what is wrong with it.
Outcome Translated(const std::string& stage, const std::string& input) {
  Sources sources;
  Diagnostics diagnostics;
  const bool is_json = stage == "schema-json";
  const SchemaFormat format = is_json ? SchemaFormat::kJson : SchemaFormat::kCedar;
  const std::uint32_t source = sources.Add(is_json ? "schema.json" : "schema.cedarschema", input);
  const auto schema = Schema::Parse(sources, source, format, Limits{}, &diagnostics);
  if (!diagnostics.empty()) return {true, diagnostics.Render(sources)};
  std::string text = diagnostics.Render(sources);
  diagnostics = Diagnostics();
  for (const auto& [to, names] : {std::pair(SchemaFormat::kJson, SchemaNames::kAsWritten),
                                  std::pair(SchemaFormat::kCedar, SchemaNames::kAsWritten),
                                  std::pair(SchemaFormat::kJson, SchemaNames::kResolved)}) {
    const auto out = TranslateSchema(sources, {source, format}, to, names, Limits{}, &diagnostics);
    if (!out) return {true, text + diagnostics.Render(sources)};
    text += *out + "\n";
  }
  for (const EntityUid& action : schema->Actions()) {
    text += action.ToCedar() + ":";
    for (const std::string& type : schema->PrincipalsOf(action)) text += " " + type;
    text += " ->";
    for (const std::string& type : schema->ResourcesOf(action)) text += " " + type;
    text += "\n";
  }
  return {false, text};
}

// Parts of an input, between lines of four minus signs.
std::vector<std::string> Parts(const std::string& input) {
  std::vector<std::string> parts(1);
  std::istringstream lines(input);
  for (std::string line; std::getline(lines, line);) {
    if (line == "----") {
      parts.emplace_back();
    } else {
      parts.back() += line + "\n";
    }
  }
  return parts;
}

std::string FindingsText(const Sources& sources, const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    text += "  " + std::string(FindingName(finding.kind)) + ": " + finding.message + "\n";
    if (finding.span) text += "    at " + std::string(sources.Slice(*finding.span)) + "\n";
    if (!finding.help.empty()) text += "    help: " + finding.help + "\n";
  }
  return text;
}

// A schema, and policies in Cedar or as a JSON policy set: validated in both modes, and at level 1.
Outcome Validated(const std::string& input) {
  const std::vector<std::string> parts = Parts(input);
  Sources sources;
  Diagnostics diagnostics;
  PolicySet set;
  const auto schema = Schema::Parse(sources, sources.Add("schema.cedarschema", parts.at(0)),
                                    SchemaFormat::kCedar, Limits{}, &diagnostics);
  if (parts.at(1).compare(0, 1, "{") == 0) {
    set.AddJson(&sources, sources.Add("policies.json", parts[1]), &diagnostics);
  } else {
    set.AddCedar(sources, sources.Add("policies.cedar", parts[1]), &diagnostics);
  }
  if (!diagnostics.empty()) return {true, diagnostics.Render(sources)};
  Outcome out;
  const ValidationOptions strict, permissive{.mode = ValidationMode::kPermissive};
  const ValidationOptions level{.level = 1};
  for (const auto& [name, options] :
       {std::pair("strict", &strict), std::pair("permissive", &permissive),
        std::pair("level 1", &level)}) {
    const Result<ValidationResult> result = Validate(*schema, set, *options);
    if (!result.ok()) return {true, result.error().message};
    out.failed = out.failed || !result.value().passed();
    out.text += std::string(name) + (result.value().passed() ? ": passed\n" : ": failed\n") +
                FindingsText(sources, result.value().errors) +
                FindingsText(sources, result.value().warnings);
  }
  return out;
}

// A schema, and entities or a request, which are read and validated with it.
Outcome TypedData(const std::string& input) {
  const std::vector<std::string> parts = Parts(input);
  Sources sources;
  Diagnostics diagnostics;
  const auto schema = Schema::Parse(sources, sources.Add("schema.cedarschema", parts.at(0)),
                                    SchemaFormat::kCedar, Limits{}, &diagnostics);
  const std::uint32_t source = sources.Add("data.json", parts.at(1));
  std::string text;
  if (parts[1].compare(0, 1, "[") == 0) {
    const auto entities = ParseEntitiesJson(*schema, sources, source, Limits{}, &diagnostics);
    for (std::size_t i = 0; entities && i < entities->size(); ++i) {
      const Entity& entity = (*entities)[i];
      text += entity.uid.ToCedar() + " " + Value(entity.attributes).ToCedar() + " " +
              Value(entity.tags).ToCedar() + "\n";
      for (const EntityUid& uid : entities->ancestors(i)) text += "  in " + uid.ToCedar() + "\n";
    }
  } else if (const auto request =
                 ParseRequestJson(*schema, sources, source, Limits{}, &diagnostics)) {
    const Result<bool> valid = ValidateRequest(*schema, *request);
    if (!valid.ok()) return {true, valid.error().message + "\n"};
    text = Value(request->context).ToCedar() + "\n";
  }
  if (!diagnostics.empty()) return {true, diagnostics.Render(sources)};
  return {false, text};
}

// Runs the input as a script of bash beside the files in cli/, with `policyc` and `assay` on the
// path. Tests run side by side, so each has a script of its own `name`.
Outcome RunCommand(const std::string& name, const std::string& input) {
  const fs::path script = testing::BuildDir() / ("golden_" + name + ".sh");
  std::ofstream(script) << "cd '" << (testing::SourceDir() / "tests/golden/cli").string()
                        << "'\nexport PATH='" << (testing::BuildDir() / "bin").string()
                        << "':$PATH\nexec 2>&1\n"
                        << input;
  FILE* pipe = popen(("bash '" + script.string() + "'").c_str(), "r");
  if (pipe == nullptr) return {true, "cannot run a shell\n"};
  Outcome out;
  std::array<char, 4096> buffer{};
  for (std::size_t n = 0; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    out.text.append(buffer.data(), n);
  }
  const int code = WEXITSTATUS(pclose(pipe));
  out.failed = code != 0;
  out.text += "exit code " + std::to_string(code) + "\n";
  return out;
}

Outcome Run(const std::string& stage, const std::string& name, const std::string& input) {
  if (stage == "evaluate") return Evaluated(input);
  if (stage == "expression") return CompiledExpression(input);
  if (stage == "entities" || stage == "request") return ReadData(stage, input);
  if (stage == "format" || stage == "format-schema") return Formatted(stage, input);
  if (stage == "schema" || stage == "schema-json") return Translated(stage, input);
  if (stage == "validate") return Validated(input);
  if (stage == "data") return TypedData(input);
  if (stage == "cli") return RunCommand(name, input);
  return Compiled(stage, input);
}

void Check(const fs::path& path) {
  if (path.filename().string().find("assay_") != std::string::npos &&
      !fs::exists(testing::BuildDir() / "bin" / "assay")) {
    GTEST_SKIP() << "this build is without the mint, so there is no program `assay`";
  }
  const std::string text = ReadText(path);
  const std::string head = "# stage: ";
  const std::size_t line_end = text.find('\n');
  ASSERT_EQ(text.compare(0, head.size(), head), 0) << path << ": the first line names the stage";
  const std::string stage = text.substr(head.size(), line_end - head.size());
  const std::size_t separator = text.find(kSeparator);
  const std::string input = text.substr(
      line_end + 1, separator == std::string::npos ? std::string::npos : separator - line_end - 1);
  const Outcome outcome = Run(stage, path.stem().string(), input);
  const bool should_fail = path.filename().string().compare(0, 5, "fail_") == 0;
  EXPECT_EQ(outcome.failed, should_fail) << outcome.text;
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary)
        << text.substr(0, line_end + 1) << input << kSeparator << outcome.text;
    return;
  }
  ASSERT_NE(separator, std::string::npos) << path << ": no output yet; run ./dev golden";
  EXPECT_EQ(outcome.text, text.substr(separator + std::string(kSeparator).size()));
}

class GoldenTest : public ::testing::Test {
 public:
  explicit GoldenTest(fs::path path) : path_(std::move(path)) {}
  void TestBody() override { Check(path_); }

 private:
  fs::path path_;
};

std::vector<fs::path> GoldenFiles() {
  std::vector<fs::path> files;
  for (const auto& entry :
       fs::recursive_directory_iterator(testing::SourceDir() / "tests" / "golden")) {
    if (entry.path().extension() == ".test") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string AllOutputs() {
  std::string all;
  for (const fs::path& path : GoldenFiles()) all += ReadText(path);
  return all;
}

// `fail` is never emitted; every other opcode must be in the output of some bytecode file.
TEST(GoldenCoverage, EveryOpcodeOccurs) {
  const std::string all = AllOutputs();
  for (std::size_t i = 1; i < bc::kOpCount; ++i) {
    const std::string mnemonic(bc::kOps[i].mnemonic);
    const bool found = all.find("  " + mnemonic + " ") != std::string::npos ||
                       all.find("  " + mnemonic + "\n") != std::string::npos;
    EXPECT_TRUE(found) << mnemonic << " is in no golden file";
  }
}

TEST(GoldenCoverage, EveryFindingOccurs) {
  // What the reference calls an invariant would be a mistake of the type checker; and a tag of a
  // type without tags is never taken where `hasTag` was true, since it is always false.
  const std::string all = AllOutputs();
  for (const FindingKind kind : {
#define FINDING(Name, text, is_warning) FindingKind::Name,
#include "assay/findings.def"
       }) {
    if (kind == FindingKind::kInternalInvariantViolation || kind == FindingKind::kNoTagsAllowed) {
      continue;
    }
    const std::string name = "  " + std::string(FindingName(kind)) + ": ";
    EXPECT_NE(all.find(name), std::string::npos) << name << " is in no golden file";
  }
}

// Running out of memory is tested where it can be made: in tests/alloc. A file that is too large is
// refused before it is a source: see tests/unit/compiler. Only a mistake of the formatter is
// refused as not formatted.
TEST(GoldenCoverage, EveryDiagnosticOccurs) {
  const std::vector<DiagId> elsewhere = {DiagId::kOutOfMemory, DiagId::kSourceTooLarge,
                                         DiagId::kNotFormatted};
  const std::string all = AllOutputs();
  for (const DiagId id : {
#define DIAG(Name, text) DiagId::Name,
#include "assay/diagnostics.def"
       }) {
    if (std::find(elsewhere.begin(), elsewhere.end(), id) != elsewhere.end()) continue;
    const std::string name = "[" + std::string(DiagName(id)) + "]";
    EXPECT_NE(all.find(name), std::string::npos) << name << " is in no golden file";
  }
}

const bool kRegistered = [] {
  for (const fs::path& path : GoldenFiles()) {
    const std::string folder = path.parent_path().filename().string();
    ::testing::RegisterTest(("Golden_" + folder).c_str(), path.stem().string().c_str(), nullptr,
                            nullptr, __FILE__, __LINE__,
                            [path]() -> ::testing::Test* { return new GoldenTest(path); });
  }
  return true;
}();

}  // namespace
}  // namespace assay
