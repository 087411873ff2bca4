#include "compiler/cli/stamps.h"

namespace assay::cli {

bool Stamps::Stamp::operator==(const Stamp& other) const {
  return exists == other.exists && inode == other.inode && size == other.size &&
         changed.tv_sec == other.changed.tv_sec && changed.tv_nsec == other.changed.tv_nsec;
}

Stamps::Stamp Stamps::Look(const std::string& path) {
  struct stat found = {};
  if (stat(path.c_str(), &found) != 0) return {};
  return {true, found.st_ino, found.st_size, found.st_ctim};
}

void Stamps::Note(const std::string& path) { stamps_.try_emplace(path, Look(path)); }

void Stamps::Merge(const Stamps& other) {
  stamps_.insert(other.stamps_.begin(), other.stamps_.end());
}

std::optional<std::string> Stamps::Changed() const {
  for (const auto& [path, stamp] : stamps_) {
    if (!(Look(path) == stamp)) return path;
  }
  return std::nullopt;
}

}  // namespace assay::cli
