#include "compiler/cli/test_case.h"

#include <algorithm>
#include <filesystem>
#include <span>
#include <utility>

#include "assay/validate.h"
#include "compiler/cedar/json_form.h"
#include "compiler/cli/yaml.h"
#include "compiler/validate/typed_data.h"
#include "engine/base/json.h"
#include "engine/data/entity_json.h"
#include "engine/data/hierarchy.h"
#include "engine/data/value_json.h"

namespace assay::cli {

namespace {

using cedar::HasMembers;
using cedar::HasType;
using json::Node;
using json::Type;

// The data of a file, of the form that its name says.
std::optional<Node> ReadData(Input* input, const std::string& path, std::uint32_t source,
                             Diagnostics* diagnostics) {
  const std::string extension = std::filesystem::path(path).extension().string();
  const bool is_yaml = extension == ".yaml" || extension == ".yml";
  const auto parse = is_yaml ? ParseYaml : json::Parse;
  return parse(input->sources(), source, input->limits(), diagnostics);
}

// What both forms of tests have in common. A reader of one test reports to `problems`.
class Reader {
 public:
  Reader(Input* input, TestFile* file) : input_(*input), file_(*file) {}

 protected:
  std::optional<std::size_t> AddEntities(const Node& node, Diagnostics* diagnostics) {
    auto entities = file_.schema ? validate::ReadEntities(file_.schema->model(), node,
                                                          input_.limits(), diagnostics)
                                 : ReadUntyped(node, diagnostics);
    if (!entities) return std::nullopt;
    file_.entities.push_back(std::move(*entities));
    return file_.entities.size() - 1;
  }

  std::optional<Entities> ReadUntyped(const Node& node, Diagnostics* diagnostics) {
    auto read = data::ReadEntities(
        node,
        [&](const EntityUid*, data::EntityPart, const Node& record) {
          return data::ReadAttributes(record, diagnostics);
        },
        diagnostics);
    if (!read) return std::nullopt;
    Entities entities;
    const auto problem = data::Build(std::move(*read), input_.limits(), &entities);
    if (!problem) return entities;
    diagnostics->Add(problem->id, node.elements[problem->entity].span, problem->message);
    return std::nullopt;
  }

  // Reads the context of the request, if there is one, and validates the request; its action is
  // known.
  void FinishRequest(const Node& test, const Node* context, Diagnostics* problems,
                     Request* request) {
    if (context != nullptr) {
      auto read = file_.schema ? validate::ReadContext(file_.schema->model(), request->action,
                                                       *context, problems)
                               : data::ReadAttributes(*context, problems);
      if (read) request->context = std::move(*read);
    }
    if (!file_.schema || !problems->empty()) return;
    const Result<bool> valid = ValidateRequest(*file_.schema, *request);
    if (!valid.ok()) problems->Add(DiagId::kSchemaMismatch, test.span, valid.error().message);
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

  void ReadRequest(const Node& node, Diagnostics* problems, Request* request) {
    if (!HasAll(node, "a request", {"principal", "action", "resource", "context"}, problems)) {
      return;
    }
    const auto read = [&](std::string_view name, EntityUid* uid) {
      if (auto parsed = data::ReadUid(*node.Find(name), true, problems)) *uid = std::move(*parsed);
    };
    read("principal", &request->principal);
    read("action", &request->action);
    read("resource", &request->resource);
    FinishRequest(node, node.Find("context"), problems, request);
  }
};

// Our form: what tests share is said once.
class OwnReader : Reader {
 public:
  OwnReader(Input* input, std::string path, TestFile* file)
      : Reader(input, file), path_(std::move(path)) {}

  bool Read(const Node& root) {
    Diagnostics& diagnostics = input_.diagnostics();
    if (!HasMembers(root, "a test file", {"tests"}, {"policies", "schema", "entities", "context"},
                    &diagnostics)) {
      return false;
    }
    if (const Node* policies = root.Find("policies")) {
      if (!HasType(*policies, Type::kString, "`policies`", &diagnostics)) return false;
      file_.policies = Beside(policies->string);
    }
    if (!ReadSchema(root, &diagnostics) || !ReadShared(root, &diagnostics)) return false;
    const Node& tests = *root.Find("tests");
    if (!HasType(tests, Type::kArray, "`tests`", &diagnostics)) return false;
    for (const Node& test : tests.elements) ReadTest(test);
    return true;
  }

 private:
  std::string Beside(const std::string& path) const {
    return (std::filesystem::path(path_).parent_path() / path).lexically_normal().string();
  }

  // The schema that the file names, unless there is one already.
  bool ReadSchema(const Node& root, Diagnostics* diagnostics) {
    const Node* schema = root.Find("schema");
    if (schema == nullptr) return true;
    if (!HasType(*schema, Type::kString, "`schema`", diagnostics)) return false;
    if (file_.schema) return true;
    SchemaFlags flags;
    flags.schema = Beside(schema->string);
    if (std::filesystem::path(flags.schema).extension() == ".json") {
      flags.format = SchemaFormat::kJson;
    }
    auto loaded = flags.Read(&input_);
    if (loaded) file_.schema = std::move(loaded->schema);
    return loaded.has_value();
  }

  // The entities and the context of all tests that have none of their own.
  bool ReadShared(const Node& root, Diagnostics* diagnostics) {
    if (const Node* entities = root.Find("entities")) {
      if (!EntitiesOf(*entities, diagnostics)) return false;
    } else if (file_.schema) {
      Result<Entities> actions = AddActions(*file_.schema, Entities(), input_.limits());
      if (!actions.ok()) return false;
      file_.entities.push_back(std::move(actions).value());
    } else {
      file_.entities.emplace_back();
    }
    context_ = root.Find("context");
    return context_ == nullptr || file_.schema ||
           data::ReadAttributes(*context_, diagnostics).has_value();
  }

  std::optional<std::size_t> EntitiesOf(const Node& node, Diagnostics* diagnostics) {
    if (node.type != Type::kString) return AddEntities(node, diagnostics);
    const std::string path = Beside(node.string);
    const auto source = input_.Add(path);
    if (!source) {
      diagnostics->Add(DiagId::kUnexpectedJsonType, node.span, "this file cannot be read");
      return std::nullopt;
    }
    const auto root = ReadData(&input_, path, *source, diagnostics);
    return root ? AddEntities(*root, diagnostics) : std::nullopt;
  }

  void ReadTest(const Node& test) {
    Diagnostics problems;
    TestCase read;
    read.name = NameOf(test);
    std::vector<EntityUid> principals, actions, resources;
    if (HasMembers(test, "a test", {"principal", "action", "resource", "expect"},
                   {"name", "context", "entities", "because", "errors", "near"}, &problems)) {
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
    // The product of three lists that fit into 32 bits each.
    const double combinations = static_cast<double>(principals.size()) *
                                static_cast<double>(actions.size()) *
                                static_cast<double>(resources.size());
    if (static_cast<double>(file_.tests.size()) + combinations >
        static_cast<double>(input_.limits().tests)) {
      read.problem = "error: with this table the file has more than " +
                     std::to_string(input_.limits().tests) + " tests (tests)\n";
      file_.tests.push_back(std::move(read));
      return;
    }
    const bool is_table = combinations > 1;
    for (const EntityUid& principal : principals) {
      for (const EntityUid& action : actions) {
        for (const EntityUid& resource : resources) {
          read.request = {principal, action, resource, {}};
          AddCase(test, read, is_table);
        }
      }
    }
  }

  // Tests of a table are told apart by their requests. What the context may be depends on the
  // action.
  void AddCase(const Node& node, TestCase test, bool is_table) {
    const Request& request = test.request;
    if (is_table || test.name.empty()) {
      if (!test.name.empty()) test.name += ": ";
      test.name += request.principal.ToCedar() + " " + request.action.ToCedar() + " " +
                   request.resource.ToCedar();
    }
    const Node* own = node.Find("context");
    Diagnostics problems;
    FinishRequest(node, own != nullptr ? own : context_, &problems, &test.request);
    if (!problems.empty()) test.problem = problems.Render(input_.sources());
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
    if (const Node* near = test.Find("near")) ReadNear(*near, problems, &read->near);
    // Whatever the action, a context must be one.
    if (const Node* context = test.Find("context"); context != nullptr && !file_.schema) {
      data::ReadAttributes(*context, problems);
    }
    if (const Node* entities = test.Find("entities")) {
      if (const auto index = EntitiesOf(*entities, problems)) read->entities = *index;
    }
  }

  static void ReadNear(const Node& node, Diagnostics* problems, std::vector<ExpectedMiss>* near) {
    if (node.type != Type::kObject) {
      std::vector<std::string> ids;
      if (!ReadIds(node, "`near`", problems, &ids)) return;
      for (std::string& id : ids) near->push_back({std::move(id), std::nullopt});
      return;
    }
    for (std::size_t i = 0; i < node.members.size(); ++i) {
      const Node& clauses = node.elements[i];
      ExpectedMiss& miss = near->emplace_back(ExpectedMiss{node.members[i].key, {{}}});
      if (!HasType(clauses, Type::kArray, "what keeps a policy off", problems)) return;
      for (const Node& clause : clauses.elements) {
        if (!HasType(clause, Type::kString, "a clause", problems)) return;
        miss.clauses->push_back(clause.string);
      }
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
  const Node* context_ = nullptr;  // of all tests that have none of their own
};

}  // namespace

std::optional<TestFile> ReadTests(Input* input, const std::string& path,
                                  const SchemaFlags& schema) {
  const auto source = input->Add(path);
  return source ? ReadTests(input, path, *source, schema) : std::nullopt;
}

std::optional<TestFile> ReadTests(Input* input, const std::string& path, std::uint32_t source,
                                  const SchemaFlags& schema) {
  auto loaded = schema.Read(input);
  if (!loaded) return std::nullopt;
  const auto root = ReadData(input, path, source, &input->diagnostics());
  if (!root) return std::nullopt;
  TestFile file;
  file.schema = std::move(loaded->schema);
  if (root->type == Type::kArray) {
    ReferenceReader(input, &file).Read(*root);
    return file;
  }
  if (!OwnReader(input, path, &file).Read(*root)) return std::nullopt;
  return file;
}

}  // namespace assay::cli
