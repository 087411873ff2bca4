// Which files something was made of, and whether one of them has changed since.
#pragma once

#include <sys/stat.h>

#include <map>
#include <optional>
#include <string>

namespace assay::cli {

// Files and folders as they were when they were noted; of a folder, what is in it by name. Not
// thread-safe.
class Stamps {
 public:
  // To be called before the path is read, so that no change goes unseen. What was noted first
  // stays.
  void Note(const std::string& path);
  void Merge(const Stamps& other);
  // A path that is no longer as it was, if there is one.
  std::optional<std::string> Changed() const;

 private:
  struct Stamp {
    bool exists = false;
    ino_t inode = 0;
    off_t size = 0;
    // Of the last change to content, name or permissions; programs cannot set it back.
    timespec changed = {};
    bool operator==(const Stamp& other) const;
  };
  static Stamp Look(const std::string& path);

  std::map<std::string, Stamp> stamps_;
};

}  // namespace assay::cli
