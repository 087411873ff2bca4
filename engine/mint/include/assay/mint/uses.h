// Counting the uses of grants that limit them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "assay/export.h"
#include "assay/mint/clock.h"
#include "assay/mint/refusal.h"

namespace assay::mint {

namespace grant {
struct UseFile;
}

// Counts one use of the grant `jti`, if fewer than `most` were counted: kUsesExhausted otherwise.
// When it returns, the use must survive a crash. Called from any thread. Must not throw.
using CountUse =
    std::function<Checked<bool>(std::string_view jti, std::uint32_t most, std::int64_t expires_at)>;

// Uses in a file: each is on disk before it is accepted, so a restart forgets none. One process at
// a time (flock). A write that fails stops it: every further use is refused. What has expired is
// left out when the file is opened. Thread-safe; copies share.
class ASSAY_API UseStore {
 public:
  // Creates the file, readable for its owner alone, or reads what is there. Refuses with
  // kUseStoreFile if that fails, another process has it, or its content is damaged elsewhere than
  // in a last record that a crash cut short. The clock must outlive it.
  static Checked<UseStore> Open(const std::string& path, const Clock& clock) noexcept;

  Checked<bool> Count(std::string_view jti, std::uint32_t most, std::int64_t expires_at) noexcept;
  CountUse AsFunction() const;

 private:
  explicit UseStore(std::shared_ptr<grant::UseFile> file) : file_(std::move(file)) {}
  std::shared_ptr<grant::UseFile> file_;
};

}  // namespace assay::mint
