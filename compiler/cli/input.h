// What commands read: policies, entities, requests. Everything that is wrong is printed with its
// place, to standard error if nothing else is said.
#pragma once

#include <functional>
#include <iostream>
#include <optional>
#include <string>

#include "assay/compile.h"
#include "assay/entities.h"
#include "assay/program.h"
#include "assay/request.h"
#include "assay/schema.h"
#include "assay/snapshot.h"
#include "assay/source.h"
#include "compiler/cli/errors.h"
#include "compiler/cli/limits.h"
#include "compiler/cli/options.h"
#include "compiler/cli/stamps.h"

namespace assay::cli {

// What errors call the file of this path.
std::string SourceName(const std::string& path);

// Collects sources and errors; prints the errors that came up since the last call.
class Input {
 public:
  // `errors` must outlive it.
  explicit Input(std::ostream& errors = std::cerr) : errors_(errors) {}

  Sources& sources() { return sources_; }
  const Sources& sources() const { return sources_; }
  Diagnostics& diagnostics() { return diagnostics_; }
  const Limits& limits() const { return limits_; }

  // The whole file; `path` "-" or "" is standard input, which can be read once, and not at all
  // after CloseStdin(). Nothing, after an error was printed, if it cannot be read or is larger than
  // `source_bytes`.
  std::optional<std::string> ReadFile(const std::string& path);
  // Calls `visit` with each line that is not blank, and its number, until it returns false; the
  // file may be larger than memory. False if `visit` did, or, after an error was printed, if the
  // file cannot be read or a line is longer than `source_bytes`.
  using LineVisitor = std::function<bool(std::string line, std::uint32_t number)>;
  bool ForEachLine(const std::string& path, const LineVisitor& visit);
  // The same as a source.
  std::optional<std::uint32_t> Add(const std::string& path);
  std::uint32_t AddText(std::string name, std::string text);
  // What is read depends on this path as well, such as a folder that is looked through.
  void Note(const std::string& path) { stamps_.Note(path); }
  // All files that were read, or could not be, and what was noted.
  const Stamps& stamps() const { return stamps_; }
  void CloseStdin() { stdin_is_open_ = false; }
  // For who reads standard input by other means; false, after an error was printed, if it cannot be
  // read any more.
  bool TakeStdin();

  // Prints what came up since the last call. True if there was no error.
  bool Check();
  // Prints an error without a place.
  void Fail(const std::string& message);

 private:
  // False, after an error was printed, if it cannot be read, or if `read` gives that.
  bool WithFile(const std::string& path, const std::function<bool(std::istream&)>& read);

  std::ostream& errors_;
  Limits limits_ = TheLimits();
  Sources sources_;
  Diagnostics diagnostics_{limits_.diagnostics};
  Stamps stamps_;
  bool stdin_is_open_ = true;
};

enum class PolicyFormat : std::uint8_t { kCedar, kJson };

// The flags that name policies: a .cedar file, a folder of them, a .json policy set, standard
// input, or an image.
struct PolicyFlags {
  std::string path;
  std::optional<PolicyFormat> format;  // nothing: what the file's name says
  std::string linked;                  // a template-linked file; "" for none
  std::string image_key;  // a PEM file; then nothing but an image that its owner signed will do

  // For commands that take text or an image; for those that need the text. Both give the option
  // for the path.
  Option AddTo(Command* command);
  Option AddTextTo(Command* command);
  // The forms of text alone, without the path.
  void AddFormsTo(Command* command);

  // Whether an image is named, or asked for.
  bool NamesImage() const;
  // The policies' text; an image has none. All errors of all files are printed.
  std::optional<PolicySet> Read(Input* input) const;
};

// The program of an image, or that of the policies' text; with a schema the text is compiled for
// requests and entities that are as it says.
std::optional<Program> ReadProgram(Input* input, const PolicyFlags& flags,
                                   const Schema* schema = nullptr);

// The program of that text, or nothing after an error was printed.
std::optional<Program> CompileProgram(Input* input, const PolicySet& policies,
                                      const Schema* schema = nullptr);

// The flags that name a schema.
struct SchemaFlags {
  std::string schema;
  SchemaFormat format = SchemaFormat::kCedar;

  // Gives the option for the path.
  Option AddTo(Command* command);
  // Nothing was wrong, and there may be a schema.
  struct Loaded {
    std::optional<Schema> schema;
    const Schema* get() const { return schema ? &*schema : nullptr; }
  };
  std::optional<Loaded> Read(Input* input) const;
};

// No entities if `path` is empty. With a schema they are read and validated as it says, and its
// actions are among them.
std::optional<Entities> ReadEntities(Input* input, const std::string& path,
                                     const Schema* schema = nullptr);

// The request that a source says; with a schema its context is read as that says. It is not
// validated.
std::optional<Request> ParseRequest(const Schema* schema, const Sources& sources,
                                    std::uint32_t source, Diagnostics* diagnostics);

// Why the schema, if there is one, does not allow the request; "" if it does.
std::string RequestProblem(const Schema* schema, const Request& request);

// Why there was no decision.
std::string WhyUndecided(const Snapshot& snapshot, const Request& request);

// The flags that name one request.
struct RequestFlags {
  std::string principal, action, resource, context, request_json;
  bool validates = true;

  void AddTo(Command* command);
  bool any() const { return !(principal + action + resource + context + request_json).empty(); }
  // With a schema the context is read, and the request validated unless told otherwise, as it says.
  std::optional<Request> Read(Input* input, const Schema* schema = nullptr) const;

 private:
  std::optional<Request> ReadParts(Input* input, const Schema* schema) const;
};

}  // namespace assay::cli
