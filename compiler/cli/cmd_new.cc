// policyc new: a small project to begin with, whose tests pass.
#include <filesystem>
#include <iostream>

#include "compiler/cli/command.h"
#include "compiler/cli/errors.h"
#include "compiler/cli/replace_file.h"

namespace assay::cli {

namespace {

struct File {
  const char* name;
  const char* text;
};

constexpr File kFiles[] = {{"policies.cedar", R"(// Owners may do everything with their documents.
@id("owners")
permit (principal, action, resource)
when { resource.owner == principal };

// Documents can be shared with a group, whose members may read them.
@id("readers")
permit (
  principal,
  action == Action::"read",
  resource
)
when { resource has readers && principal in resource.readers };

// Nobody deletes what is kept for the auditors.
@id("kept")
forbid (
  principal,
  action == Action::"delete",
  resource
)
when { resource.kept };
)"},
                           {"schema.cedarschema", R"(entity Group;
entity User in [Group];
entity Document {
  owner: User,
  readers?: Group,
  kept: Bool,
};
action read, write, delete appliesTo {
  principal: User,
  resource: Document,
};
)"},
                           {"entities.json", R"([
  {"uid": {"type": "Group", "id": "staff"}, "attrs": {}, "parents": []},
  {"uid": {"type": "User", "id": "alice"}, "attrs": {}, "parents": []},
  {"uid": {"type": "User", "id": "bob"}, "attrs": {}, "parents": [{"type": "Group", "id": "staff"}]},
  {"uid": {"type": "Document", "id": "plan"},
   "attrs": {"owner": {"__entity": {"type": "User", "id": "alice"}},
             "readers": {"__entity": {"type": "Group", "id": "staff"}}, "kept": false},
   "parents": []},
  {"uid": {"type": "Document", "id": "ledger"},
   "attrs": {"owner": {"__entity": {"type": "User", "id": "alice"}}, "kept": true},
   "parents": []}
]
)"},
                           {"tests.json", R"({
  "schema": "schema.cedarschema",
  "entities": "entities.json",
  "tests": [
    {"name": "owners read and write",
     "principal": "User::\"alice\"",
     "action": ["Action::\"read\"", "Action::\"write\""],
     "resource": ["Document::\"plan\"", "Document::\"ledger\""],
     "expect": "allow", "because": ["owners"]},
    {"name": "staff read what is shared with them",
     "principal": "User::\"bob\"", "action": "Action::\"read\"", "resource": "Document::\"plan\"",
     "expect": "allow", "because": ["readers"]},
    {"name": "staff read nothing else",
     "principal": "User::\"bob\"", "action": "Action::\"read\"", "resource": "Document::\"ledger\"",
     "expect": "deny"},
    {"name": "what is kept stays",
     "principal": "User::\"alice\"", "action": "Action::\"delete\"",
     "resource": "Document::\"ledger\"",
     "expect": "deny", "because": ["kept"]}
  ]
}
)"}};

int New(const std::string& name) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (fs::exists(fs::symlink_status(name, error))) {
    PrintError(name + ": this exists already");
    return kFailure;
  }
  if (!fs::create_directories(name, error) && error) {
    PrintError(name + ": this folder cannot be made: " + error.message());
    return kFailure;
  }
  for (const File& file : kFiles) {
    if (!ReplaceFile((fs::path(name) / file.name).string(), file.text)) return kFailure;
  }
  std::cout << "made " << name << "; its tests are run by: policyc test " << name << "\n";
  return kSuccess;
}

void Declare(Command* command, std::string* name) {
  command->Text("-n,--name", name, "The folder").Required();
}

}  // namespace

void AddNew(Command* app) {
  app->Add<std::string>("new", "Make a folder with policies and tests", Declare, New);
}

}  // namespace assay::cli
