// The shared conformance data: every request must get the reference's decision, determining
// policies and erroring policies.
#include <gtest/gtest.h>

#include <iostream>

#include "assay/validate.h"
#include "engine/data/value_json.h"
#include "tests/conformance/cases.h"

namespace assay::conformance {
namespace {

constexpr const char* kAbsent = "skipped: this checkout has no ../shared/conformance";

void Print(const char* what, const Counts& counts) {
  std::cout << what << ": " << counts.cases << " cases, " << counts.requests << " requests, "
            << counts.wrong << " wrong\n";
}

// Entities of a case that cannot be read count as a failure of the test.
Entities LoadEntities(const std::string& path, Sources* sources, const Schema* schema = nullptr) {
  Diagnostics diagnostics;
  const std::uint32_t source = sources->Add(path, ReadText(path));
  auto entities = schema != nullptr
                      ? ParseEntitiesJson(*schema, *sources, source, Limits{}, &diagnostics)
                      : Entities::FromJson(*sources, source, Limits{}, &diagnostics);
  EXPECT_TRUE(entities.has_value()) << diagnostics.Render(*sources);
  return entities.value_or(Entities());
}

Schema LoadSchema(const std::string& path, Sources* sources) {
  const bool is_json = path.substr(path.size() - 5) == ".json";
  Diagnostics diagnostics;
  const auto schema =
      Schema::Parse(*sources, sources->Add(path, ReadText(path)),
                    is_json ? SchemaFormat::kJson : SchemaFormat::kCedar, Limits{}, &diagnostics);
  EXPECT_TRUE(schema.has_value()) << diagnostics.Render(*sources);
  return schema.value_or(Schema());
}

PolicySet LoadPolicies(const std::string& path, Sources* sources) {
  PolicySet set;
  Diagnostics diagnostics;
  const std::uint32_t source = sources->Add(path, ReadText(path));
  EXPECT_TRUE(set.AddCedar(*sources, source, &diagnostics)) << diagnostics.Render(*sources);
  return set;
}

json::Node LoadJson(const std::string& path, Sources* sources) {
  Diagnostics diagnostics;
  auto node = json::Parse(*sources, sources->Add(path, ReadText(path)), Limits{}, &diagnostics);
  EXPECT_TRUE(node.has_value()) << diagnostics.Render(*sources);
  return node.value_or(json::Node());
}

// Each case is decided without its schema and with it, which must make no difference.
void RunCorpus(bool with_schema, const std::string& folder) {
  Counts counts;
  for (const std::string& cedar : FilesIn(folder, ".cedar")) {
    const std::string base = cedar.substr(0, cedar.size() - std::string(".cedar").size());
    Sources sources;
    std::optional<Schema> schema;
    if (with_schema) schema = LoadSchema(base + ".cedarschema", &sources);
    Entities entities =
        LoadEntities(base + ".entities.json", &sources, schema ? &*schema : nullptr);
    Runner runner(base, LoadPolicies(cedar, &sources), std::move(entities), schema);
    const json::Node description = LoadJson(base + ".json", &sources);
    ++counts.cases;
    for (const json::Node& request : description.Find("requests")->elements) {
      runner.Check(request.Find("description")->string, sources, request, ReadExpected(request),
                   &counts);
    }
  }
  Print(with_schema ? "corpus with schema" : "corpus", counts);
  EXPECT_GE(counts.cases, 3957U);
  EXPECT_EQ(counts.wrong, 0U);
}

TEST(Conformance, Corpus) {
  const auto folder = Unpacked("corpus");
  if (!folder) GTEST_SKIP() << kAbsent;
  RunCorpus(/*with_schema=*/false, *folder);
}

TEST(Conformance, CorpusWithSchema) {
  const auto folder = Unpacked("corpus");
  if (!folder) GTEST_SKIP() << kAbsent;
  RunCorpus(/*with_schema=*/true, *folder);
}

// Some of their entities leave out `__entity` and `__extn`, and only a schema can tell what is
// meant.
TEST(Conformance, Handwritten) {
  const auto folder = Unpacked("handwritten");
  if (!folder) GTEST_SKIP() << kAbsent;
  Counts counts;
  for (const std::string& path : FilesIn(*folder + "/tests", ".json")) {
    Sources sources;
    const json::Node description = LoadJson(path, &sources);
    const std::string root = *folder + "/";
    const Schema schema = LoadSchema(root + description.Find("schema")->string, &sources);
    const PolicySet policies = LoadPolicies(root + description.Find("policies")->string, &sources);
    const auto validation = Validate(schema, policies);
    EXPECT_EQ(validation.value().passed(), description.Find("shouldValidate")->boolean) << path;
    Runner runner(path, policies,
                  LoadEntities(root + description.Find("entities")->string, &sources, &schema),
                  schema);
    ++counts.cases;
    for (const json::Node& request : description.Find("requests")->elements) {
      runner.Check(request.Find("description")->string, sources, request, ReadExpected(request),
                   &counts);
    }
  }
  Print("handwritten", counts);
  EXPECT_GE(counts.requests, 74U);
  EXPECT_EQ(counts.wrong, 0U);
}

// `world` as a policy set, with the policies' texts as sources.
void AddPolicies(const json::Node& world, const char* member, Sources* sources, PolicySet* set) {
  Diagnostics diagnostics;
  const json::Node& policies = *world.Find(member);
  for (std::size_t i = 0; i < policies.members.size(); ++i) {
    const std::string& id = policies.members[i].key;
    const std::uint32_t source = sources->Add(id, policies.elements[i].string);
    EXPECT_TRUE(set->AddPolicy(id, *sources, source, &diagnostics)) << diagnostics.Render(*sources);
  }
}

void AddLinks(const json::Node& world, const Sources& sources, PolicySet* set) {
  Diagnostics diagnostics;
  for (const json::Node& link : world.Find("templateLinks")->elements) {
    std::optional<EntityUid> principal, resource;
    const json::Node& values = *link.Find("values");
    if (const auto* uid = values.Find("?principal")) {
      principal = data::ReadUid(*uid, true, &diagnostics);
    }
    if (const auto* uid = values.Find("?resource")) {
      resource = data::ReadUid(*uid, true, &diagnostics);
    }
    EXPECT_TRUE(set->Link(link.Find("templateId")->string, link.Find("newId")->string, principal,
                          resource, &diagnostics))
        << diagnostics.Render(sources);
  }
}

TEST(Conformance, Worlds) {
  const auto folder = Unpacked("worlds");
  if (!folder) GTEST_SKIP() << kAbsent;
  Counts counts;
  for (const std::string& path : FilesIn(*folder, ".json")) {
    Sources sources;
    const json::Node world = LoadJson(path, &sources);
    PolicySet set;
    AddPolicies(world, "policies", &sources, &set);
    AddPolicies(world, "templates", &sources, &set);
    AddLinks(world, sources, &set);
    const Span entities = world.Find("entities")->span;
    const std::uint32_t source =
        sources.Add(path + "(entities)", std::string(sources.Slice(entities)));
    Diagnostics diagnostics;
    auto loaded = Entities::FromJson(sources, source, Limits{}, &diagnostics);
    ASSERT_TRUE(loaded.has_value()) << diagnostics.Render(sources);
    Runner runner(path, set, std::move(*loaded));
    ++counts.cases;
    const auto& requests = world.Find("requests")->elements;
    const auto& expected = world.Find("expected")->elements;
    for (std::size_t i = 0; i < requests.size(); ++i) {
      runner.Check(std::to_string(i), sources, requests[i], ReadExpected(expected[i]), &counts);
    }
  }
  Print("worlds", counts);
  EXPECT_GE(counts.cases, 60U);
  EXPECT_EQ(counts.wrong, 0U);
}

}  // namespace
}  // namespace assay::conformance
