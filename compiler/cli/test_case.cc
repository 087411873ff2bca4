#include "compiler/cli/test_case.h"

#include <algorithm>
#include <filesystem>
#include <span>
#include <utility>

#include "compiler/cedar/json_form.h"
#include "engine/base/json.h"
#include "engine/data/entity_json.h"
#include "engine/data/value_json.h"

namespace assay::cli {

namespace {

using cedar::HasMembers;
using cedar::HasType;
using json::Node;
using json::Type;

// What both forms of tests have in common. A reader of one test reports to `problems`.
class Reader {
 public:
  Reader(Input* input, TestFile* file) : input_(*input), file_(*file) {}

 protected:
  std::optional<std::size_t> AddEntities(const Node& node, Diagnostics* diagnostics) {
    auto read = data::ReadEntities(
        node,
        [&](const EntityUid*, data::EntityPart, const Node& record) {
          return data::ReadAttributes(record, diagnostics);
        },
        diagnostics);
    if (!read) return std::nullopt;
    Result<Entities> entities = Entities::Create(std::move(*read), input_.limits());
    if (!entities.ok()) {
      diagnostics->Add(DiagId::kInvalidParent, node.span, entities.error().message);
      return std::nullopt;
    }
    file_.entities.push_back(std::move(entities).value());
    return file_.entities.size() - 1;
  }

  static std::string NameOf(const Node& test) {
    const Node* name = test.Find("name");
    return name != nullptr && name->type == Type::kString ? name->string : "";
  }

  static bool ReadOutcome(const Node& node, Diagnostics* diagnostics, bool* is_allow) {
    *is_allow = node.string == "allow";
    if (node.type == Type::kString && (*is_allow || node.string == "deny")) return true;
    diagnostics->Add(DiagId::kUnknownName, node.span, "this is no decision",
                     "there are \"allow\" and \"deny\"");
    return false;
  }

  static bool ReadIds(const Node& node, std::string_view what, Diagnostics* diagnostics,
                      std::vector<std::string>* ids) {
    if (!HasType(node, Type::kArray, what, diagnostics)) return false;
    for (const Node& id : node.elements) {
      if (!HasType(id, Type::kString, "the id of a policy", diagnostics)) return false;
      ids->push_back(id.string);
    }
    return true;
  }

  Input& input_;
  TestFile& file_;
};

// The reference's form.
class ReferenceReader : Reader {
 public:
  using Reader::Reader;

  void Read(const Node& tests) {
    for (const Node& test : tests.elements) {
      TestCase& read = file_.tests.emplace_back();
      read.name = NameOf(test);
      if (read.name.empty()) read.name = "(unnamed)";
      Diagnostics problems;
      ReadOne(test, &problems, &read);
      if (!problems.empty()) read.problem = problems.Render(input_.sources());
    }
  }

 private:
  void ReadOne(const Node& test, Diagnostics* problems, TestCase* read) {
    if (!HasAll(test, "a test", {"request", "entities", "decision", "reason", "num_errors"},
                problems)) {
      return;
    }
    ReadRequest(*test.Find("request"), problems, &read->request);
    if (const auto index = AddEntities(*test.Find("entities"), problems)) read->entities = *index;
    ReadOutcome(*test.Find("decision"), problems, &read->is_allow);
    ReadIds(*test.Find("reason"), "`reason`", problems, &read->reasons);
    const Node& count = *test.Find("num_errors");
    if (count.type == Type::kInteger && count.integer >= 0) {
      read->error_count = static_cast<std::uint64_t>(count.integer);
    } else {
      problems->Add(DiagId::kInvalidNumber, count.span, "`num_errors` is a number from 0 on");
    }
  }

  static bool HasAll(const Node& node, std::string_view what, cedar::Names names,
                     Diagnostics* problems) {
    if (!HasType(node, Type::kObject, what, problems)) return false;
    bool ok = true;
    for (const std::string_view name : names) {
      if (node.Find(name) != nullptr) continue;
      problems->Add(DiagId::kMissingMember, node.span, "`" + std::string(name) + "` is missing");
      ok = false;
    }
    return ok;
  }

  static void ReadRequest(const Node& node, Diagnostics* problems, Request* request) {
    if (!HasAll(node, "a request", {"principal", "action", "resource", "context"}, problems)) {
      return;
    }
    const auto read = [&](std::string_view name, EntityUid* uid) {
      if (auto parsed = data::ReadUid(*node.Find(name), true, problems)) *uid = std::move(*parsed);
    };
    read("principal", &request->principal);
    read("action", &request->action);
    read("resource", &request->resource);
    auto context = data::ReadAttributes(*node.Find("context"), problems);
    if (context) request->context = std::move(*context);
  }
};

// Our form: what tests share is said once.
class OwnReader : Reader {
 public:
  OwnReader(Input* input, std::string path, TestFile* file)
      : Reader(input, file), path_(std::move(path)) {}

  bool Read(const Node& root) {
    Diagnostics& diagnostics = input_.diagnostics();
    if (!HasMembers(root, "a test file", {"tests"}, {"policies", "entities", "context"},
                    &diagnostics)) {
      return false;
    }
    if (const Node* policies = root.Find("policies")) {
      if (!HasType(*policies, Type::kString, "`policies`", &diagnostics)) return false;
      file_.policies = Beside(policies->string);
    }
    if (!ReadShared(root, &diagnostics)) return false;
    const Node& tests = *root.Find("tests");
    if (!HasType(tests, Type::kArray, "`tests`", &diagnostics)) return false;
    for (const Node& test : tests.elements) ReadTest(test);
    return true;
  }

 private:
  std::string Beside(const std::string& path) const {
    return (std::filesystem::path(path_).parent_path() / path).lexically_normal().string();
  }

  // The entities and the context of all tests that have none of their own.
  bool ReadShared(const Node& root, Diagnostics* diagnostics) {
    if (const Node* entities = root.Find("entities")) {
      if (!EntitiesOf(*entities, diagnostics)) return false;
    } else {
      file_.entities.emplace_back();
    }
    const Node* context = root.Find("context");
    if (context == nullptr) return true;
    auto read = data::ReadAttributes(*context, diagnostics);
    if (!read) return false;
    context_ = std::move(*read);
    return true;
  }

  std::optional<std::size_t> EntitiesOf(const Node& node, Diagnostics* diagnostics) {
    if (node.type != Type::kString) return AddEntities(node, diagnostics);
    const auto source = input_.Add(Beside(node.string));
    if (!source) {
      diagnostics->Add(DiagId::kUnexpectedJsonType, node.span, "this file cannot be read");
      return std::nullopt;
    }
    const auto root = json::Parse(input_.sources(), *source, input_.limits(), diagnostics);
    return root ? AddEntities(*root, diagnostics) : std::nullopt;
  }

  void ReadTest(const Node& test) {
    Diagnostics problems;
    TestCase read;
    read.name = NameOf(test);
    std::vector<EntityUid> principals, actions, resources;
    if (HasMembers(test, "a test", {"principal", "action", "resource", "expect"},
                   {"name", "context", "entities", "because", "errors"}, &problems)) {
      ReadExpectations(test, &problems, &read);
      principals = ReadUids(*test.Find("principal"), &problems);
      actions = ReadUids(*test.Find("action"), &problems);
      resources = ReadUids(*test.Find("resource"), &problems);
    }
    if (!problems.empty()) {
      if (read.name.empty()) read.name = "(unnamed)";
      read.problem = problems.Render(input_.sources());
      file_.tests.push_back(std::move(read));
      return;
    }
    const bool is_table = principals.size() * actions.size() * resources.size() > 1;
    for (const EntityUid& principal : principals) {
      for (const EntityUid& action : actions) {
        for (const EntityUid& resource : resources) {
          AddCase(read, is_table, principal, action, resource);
        }
      }
    }
  }

  // Tests of a table are told apart by their requests.
  void AddCase(TestCase test, bool is_table, const EntityUid& principal, const EntityUid& action,
               const EntityUid& resource) {
    test.request.principal = principal;
    test.request.action = action;
    test.request.resource = resource;
    if (is_table || test.name.empty()) {
      if (!test.name.empty()) test.name += ": ";
      test.name += principal.ToCedar() + " " + action.ToCedar() + " " + resource.ToCedar();
    }
    file_.tests.push_back(std::move(test));
  }

  void ReadExpectations(const Node& test, Diagnostics* problems, TestCase* read) {
    ReadOutcome(*test.Find("expect"), problems, &read->is_allow);
    if (const Node* because = test.Find("because")) {
      ReadIds(*because, "`because`", problems, &read->reasons);
    }
    read->errors.emplace();
    if (const Node* errors = test.Find("errors")) {
      ReadIds(*errors, "`errors`", problems, &*read->errors);
      std::sort(read->errors->begin(), read->errors->end());
    }
    read->request.context = context_;
    if (const Node* context = test.Find("context")) {
      if (auto own = data::ReadAttributes(*context, problems)) {
        read->request.context = std::move(*own);
      }
    }
    if (const Node* entities = test.Find("entities")) {
      if (const auto index = EntitiesOf(*entities, problems)) read->entities = *index;
    }
  }

  static std::vector<EntityUid> ReadUids(const Node& node, Diagnostics* problems) {
    std::vector<EntityUid> uids;
    const bool is_list = node.type == Type::kArray;
    for (const Node& one : is_list ? std::span(node.elements) : std::span(&node, 1)) {
      if (auto uid = data::ReadUid(one, true, problems)) uids.push_back(std::move(*uid));
    }
    if (is_list && node.elements.empty()) {
      problems->Add(DiagId::kMissingMember, node.span, "this list is empty, and tests nothing");
    }
    return uids;
  }

  std::string path_;
  Record context_;
};

}  // namespace

std::optional<TestFile> ReadTests(Input* input, const std::string& path) {
  const auto source = input->Add(path);
  if (!source) return std::nullopt;
  const auto root = json::Parse(input->sources(), *source, input->limits(), &input->diagnostics());
  if (!root) return std::nullopt;
  TestFile file;
  if (root->type == Type::kArray) {
    ReferenceReader(input, &file).Read(*root);
    return file;
  }
  if (!OwnReader(input, path, &file).Read(*root)) return std::nullopt;
  return file;
}

}  // namespace assay::cli
