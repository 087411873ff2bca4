// What commands read: policies, entities, requests. Everything that is wrong is printed with its
// place, to standard error if nothing else is said.
#pragma once

#include <CLI/CLI.hpp>
#include <iostream>
#include <optional>
#include <string>

#include "assay/compile.h"
#include "assay/entities.h"
#include "assay/program.h"
#include "assay/request.h"
#include "assay/schema.h"
#include "assay/source.h"

namespace assay::cli {

// What errors call the file of this path.
std::string SourceName(const std::string& path);

// Prints `error: message` to standard error.
void PrintError(const std::string& message);

// Collects sources and errors; prints the errors that came up since the last call.
class Input {
 public:
  // `errors` must outlive it.
  explicit Input(std::ostream& errors = std::cerr) : errors_(errors) {}

  Sources& sources() { return sources_; }
  Diagnostics& diagnostics() { return diagnostics_; }
  const Limits& limits() const { return limits_; }

  // The whole file; `path` "-" or "" is standard input, which can be read once. Nothing, after an
  // error was printed, if it cannot be read.
  std::optional<std::string> ReadFile(const std::string& path);
  // The same as a source.
  std::optional<std::uint32_t> Add(const std::string& path);
  std::uint32_t AddText(std::string name, std::string text);

  // Prints what came up since the last call. True if there was no error.
  bool Check();
  // Prints an error without a place.
  void Fail(const std::string& message);

 private:
  std::ostream& errors_;
  Limits limits_;
  Sources sources_;
  Diagnostics diagnostics_;
  bool stdin_read_ = false;
};

// The flags that name policies: a .cedar file, a folder of them, a .json policy set, standard
// input, or an image.
struct PolicyFlags {
  std::string path;
  std::string format;     // "cedar" or "json"; "" for what the file's name says
  std::string linked;     // a template-linked file; "" for none
  std::string image_key;  // a PEM file; then nothing but an image that its owner signed will do

  // Gives the option for the path.
  CLI::Option* AddTo(CLI::App* command);
  // Whether an image is named, or asked for.
  bool NamesImage() const;
  // The policies' text; an image has none. All errors of all files are printed.
  std::optional<PolicySet> Read(Input* input) const;
};

// The program of an image, or that of the policies' text; with a schema the text is compiled for
// requests and entities that are as it says.
std::optional<Program> ReadProgram(Input* input, const PolicyFlags& flags,
                                   const Schema* schema = nullptr);

// The flags that name a schema.
struct SchemaFlags {
  std::string schema, format = "cedar";

  void AddTo(CLI::App* command, bool is_required);
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

// The flags that name one request.
struct RequestFlags {
  std::string principal, action, resource, context, request_json;
  bool validates = true;

  void AddTo(CLI::App* command);
  bool any() const { return !(principal + action + resource + context + request_json).empty(); }
  // With a schema the context is read, and the request validated unless told otherwise, as it says.
  std::optional<Request> Read(Input* input, const Schema* schema = nullptr) const;

 private:
  std::optional<Request> ReadParts(Input* input, const Schema* schema) const;
};

}  // namespace assay::cli
