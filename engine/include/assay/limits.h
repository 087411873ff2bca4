// Every limit that bounds what one input can cost. A limit that is exceeded is an error that names
// it; below it there is a result. All have generous defaults and are plain data: copy, change,
// pass.
#pragma once

#include <cstddef>
#include <cstdint>

namespace assay {

// See Limits::image_bytes.
inline constexpr std::size_t kImageBytesPerCell = 4;

struct Limits {
  // Bytes of one policy or JSON source. Offsets are 32-bit, so this can never exceed 2^32 - 2.
  std::size_t source_bytes = std::size_t{256} << 20;
  // Nesting of expressions in policy text. Each level costs parser stack (about 3 KiB); 8 MiB
  // stacks are common and sanitizers triple the cost.
  std::uint32_t expression_depth = 400;
  // Nodes of an expression in a JSON policy that has to be repeated: `["b c", "d"]` as the path of
  // `has` cannot be kept and becomes two tests of the same left side.
  std::uint32_t repeated_nodes = 1000;
  // Nesting of types in a schema, common types replaced by what they stand for.
  std::uint32_t type_depth = 200;
  // Nesting of JSON values and of `Value` trees. The same as what serde_json accepts.
  std::uint32_t json_depth = 127;
  // Pairs of an entity and one of its ancestors in one store. A chain of n entities has n * n / 2;
  // each pair costs about 70 bytes.
  std::size_t ancestors = std::size_t{32} << 20;
  // Combinations of action, principal type, resource type and types of slots for which one policy
  // is validated.
  std::uint64_t request_environments = 1'000'000;
  // Policies, templates and links in one policy set.
  std::uint32_t policies = 10'000'000;
  // Bytes of a program image, and bytes of all texts in it, counted as often as they are used. Of
  // its constants a snapshot makes cells of 16 bytes, likewise; they may be a quarter as many, one
  // for kImageBytesPerCell.
  // The program in memory is up to 40 times as large as its image, if the image is made for that.
  std::size_t image_bytes = std::size_t{256} << 20;
  // Errors reported for one input; further ones are counted, not kept.
  std::uint32_t diagnostics = 100;
  // Bytes that one policy may use, while it is evaluated, for sets and records built by its text. A
  // Scratch keeps up to three times as many.
  std::size_t decision_bytes = std::size_t{64} << 20;
};

}  // namespace assay
