// Laying out Cedar text. Link assay::compiler.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "assay/diagnostics.h"
#include "assay/limits.h"
#include "assay/source.h"

namespace assay {

struct FormatOptions {
  std::uint32_t line_width = 80;   // characters a line should not exceed
  std::uint32_t indent_width = 2;  // at most 100
};

// The policies of a source laid out as the reference's formatter does, with all their comments in
// order. Formatting again changes nothing. Only white space differs from the source, and commas
// before closing brackets, which are left out. Nothing if the source has errors, which are in
// `diagnostics` then. Before it returns, the result was parsed and compared with the source.
ASSAY_API std::optional<std::string> FormatPolicies(const Sources& sources, std::uint32_t source,
                                                    const FormatOptions& options,
                                                    const Limits& limits, Diagnostics* diagnostics);

// The same for a schema in Cedar's syntax; its names need not be declared. Each member of a record
// and of `appliesTo` gets a line; empty lines between declarations stay. Warnings are in
// `diagnostics`, too.
ASSAY_API std::optional<std::string> FormatSchema(const Sources& sources, std::uint32_t source,
                                                  const FormatOptions& options,
                                                  const Limits& limits, Diagnostics* diagnostics);

}  // namespace assay
