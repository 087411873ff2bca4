// Which Assay this is.
#pragma once

#include <string>

namespace assay::cli {

// Of the release, such as 0.1.0.
const char* Version();
// That it was built from; "unknown" if there was no git.
const char* Commit();
// For people: the release, the commit it was built from, and the format of images it reads and
// writes.
std::string VersionText();

}  // namespace assay::cli
