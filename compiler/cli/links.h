// The template-linked file: a JSON array of `{template_id, link_id, args}`, which `link` appends to
// and other commands read beside the policies.
#pragma once

#include <string>

#include "compiler/cedar/policy_set.h"
#include "compiler/cli/input.h"

namespace assay::cli {

// Links all templates that the file names. A file that is empty has no links. What is wrong is in
// the input's diagnostics; false if the file cannot be read, after an error was printed.
bool ReadLinks(Input* input, const std::string& path, PolicySet* set);

// `{"?principal": "Type::\"id\""}` into the values of `link`. False, and why in the diagnostics, if
// the text is something else.
bool ReadSlotValues(Input* input, const std::string& name, const std::string& text,
                    cedar::TemplateLink* link);

// The text of a template-linked file with these links.
std::string WriteLinks(const std::vector<cedar::TemplateLink>& links);

}  // namespace assay::cli
