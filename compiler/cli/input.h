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

  // True if nothing was wrong so far; otherwise prints what was.
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

// The program of an image, or that of the policies' text.
std::optional<Program> ReadProgram(Input* input, const PolicyFlags& flags);

// No entities if `path` is empty.
std::optional<Entities> ReadEntities(Input* input, const std::string& path);

// The flags that name one request.
struct RequestFlags {
  std::string principal, action, resource, context, request_json;

  void AddTo(CLI::App* command);
  bool any() const { return !(principal + action + resource + context + request_json).empty(); }
  std::optional<Request> Read(Input* input) const;
};

}  // namespace assay::cli
