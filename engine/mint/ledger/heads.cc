#include "engine/mint/ledger/heads.h"

#include <cerrno>

#include "engine/mint/ledger/segment.h"

namespace assay::mint {

namespace {

// A segment of the usual size has far fewer heads than this would hold.
constexpr std::uint64_t kMostBytes = std::uint64_t{256} << 20;

Ledgered<std::string> ReadAll(Files* files, const std::string& path) {
  int file = -1;
  const int open_error = files->Open(path, Files::Mode::kRead, &file);
  if (open_error == ENOENT) return std::string();
  if (open_error != 0) return SystemError("open the file", path, open_error);
  const FileHandle handle(files, file);
  std::uint64_t size = 0;
  if (const int error = files->Size(file, &size)) {
    return SystemError("read the size of the file", path, error);
  }
  if (size > kMostBytes) return CorruptAt(path, kMostBytes, "the file is too long for heads");
  std::string text(size, '\0');
  std::size_t got = 0;
  if (const int error = files->Read(file, 0, text.data(), text.size(), &got)) {
    return SystemError("read the file", path, error);
  }
  text.resize(got);
  return text;
}

}  // namespace

Ledgered<HeadsFile> ReadHeads(Files* files, const std::string& path) {
  const Ledgered<std::string> text = ReadAll(files, path);
  if (!text.ok()) return text.error();
  HeadsFile out;
  const std::string_view all = text.value();
  for (std::size_t end = 0; (end = all.find('\n', out.end)) != std::string_view::npos;) {
    const auto head = ParseHead(all.substr(out.end, end - out.end));
    if (!head) return CorruptAt(path, out.end, "this line is no signed head");
    out.heads.push_back(*head);
    out.end = end + 1;
  }
  return out;
}

std::optional<LedgerError> HeadChecker::Add(const HeadsFile& file, const std::string& path,
                                            bool newest_only, bool required) {
  if (file.heads.empty()) {
    if (!verify_ || !required) return std::nullopt;
    return LedgerError{LedgerFault::kTailCut, path + ": there is no signed head for this segment"};
  }
  for (std::size_t i = newest_only ? file.heads.size() - 1 : 0; i < file.heads.size(); ++i) {
    const SignedHead& head = file.heads[i];
    if (verify_ && !verify_(HeadMessage(head), head.signature)) {
      return LedgerError{LedgerFault::kCorrupt, path + ": line " + std::to_string(i + 1) +
                                                    ": the head is not signed by a key that may"};
    }
    Add(head);
  }
  return std::nullopt;
}

std::optional<LedgerError> HeadChecker::Check(const LedgerId& ledger, std::uint64_t count,
                                              const Digest& chain) {
  if (!has_begun_) waiting_.erase(waiting_.begin(), waiting_.lower_bound(count));
  has_begun_ = true;
  if (waiting_.empty() || waiting_.begin()->first > count) return std::nullopt;
  if (auto error = Disagreement(count)) return error;
  for (auto head = waiting_.begin(); head != waiting_.end() && head->first == count;) {
    if (head->second.ledger != ledger || head->second.chain != chain) {
      ++head;
      continue;
    }
    head = waiting_.erase(head);
    ++agreed_;
    last_count_ = count;
  }
  return std::nullopt;
}

// A head that counts fewer records, and that none of the chains there agreed with.
std::optional<LedgerError> HeadChecker::Disagreement(std::uint64_t below) const {
  if (waiting_.empty() || waiting_.begin()->first >= below) return std::nullopt;
  const std::string count = std::to_string(waiting_.begin()->first);
  return LedgerError{LedgerFault::kCorrupt,
                     "the first " + count + " records are not those that a signed head counts"};
}

std::optional<LedgerError> HeadChecker::Finish(std::uint64_t count, const HeadsFile& later) {
  for (const SignedHead& head : later.heads) {
    if (head.count > count) Add(head);
  }
  if (auto error = Disagreement(count + 1)) return error;
  if (waiting_.empty()) return std::nullopt;
  return LedgerError{LedgerFault::kTailCut, "the ledger ends after " + std::to_string(count) +
                                                " records, but a signed head counts " +
                                                std::to_string(waiting_.rbegin()->first) +
                                                ": the end was cut off"};
}

}  // namespace assay::mint
