// JSON with places: a tree whose every node knows where it stands, so that errors can say so.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assay/diagnostics.h"
#include "assay/limits.h"
#include "assay/source.h"

namespace assay::json {

enum class Type : std::uint8_t {
  kNull,
  kBool,
  kInteger,  // fits a 64-bit signed integer
  kNumber,   // any other number, `-0` included; only its text is known
  kString,
  kArray,
  kObject,
};

// "a string", "an object": for messages.
std::string_view TypeText(Type type);

struct Node;

struct Member {
  std::string key;
  Span key_span;
  // The value is the node of the same index in Node::elements.
};

struct Node {
  Type type = Type::kNull;
  bool boolean = false;
  std::int64_t integer = 0;
  std::string string = {};
  std::vector<Node> elements = {};   // of arrays, and the values of objects
  std::vector<Member> members = {};  // of objects, in source order; keys differ
  Span span = {};

  // nullptr if there is no such member, or the node is no object.
  const Node* Find(std::string_view key) const;
};

// Parses a whole source. Nothing if it is no JSON, nested deeper than the limit, or has an object
// with a member given twice; why is in `diagnostics`.
std::optional<Node> Parse(const Sources& sources, std::uint32_t source, const Limits& limits,
                          Diagnostics* diagnostics);

}  // namespace assay::json
