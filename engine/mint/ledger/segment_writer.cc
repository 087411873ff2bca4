#include "engine/mint/ledger/segment_writer.h"

#include <algorithm>
#include <utility>

#include "engine/mint/ledger/segment.h"

namespace assay::mint {

namespace {

Ledgered<FileHandle> OpenFile(Files* files, const std::string& path, Files::Mode mode) {
  int file = -1;
  if (const int error = files->Open(path, mode, &file)) {
    return SystemError("open the file for writing", path, error);
  }
  return FileHandle(files, file);
}

}  // namespace

void Payloads::Add(std::string_view payload) {
  sizes.push_back(payload.size());
  try {
    bytes += payload;
  } catch (...) {
    sizes.pop_back();
    throw;
  }
}

void Payloads::Clear() {
  constexpr std::size_t kMostKept = std::size_t{1} << 20;
  if (bytes.capacity() > kMostKept) {
    std::string().swap(bytes);
    std::vector<std::size_t>().swap(sizes);
  }
  bytes.clear();
  sizes.clear();
  alive_until = last_time_ms = 0;
}

std::optional<LedgerError> SegmentWriter::WriteAndSync(const FileHandle& file,
                                                       const std::string& path,
                                                       std::uint64_t offset,
                                                       std::string_view bytes) {
  if (const int error = files_->Write(file.get(), offset, bytes.data(), bytes.size())) {
    return SystemError("write to the file", path, error);
  }
  return Sync(file, path);
}

std::optional<LedgerError> SegmentWriter::Sync(const FileHandle& file, const std::string& path) {
  const int error = files_->Sync(file.get());
  if (error == 0) return std::nullopt;
  is_uncertain_ = true;
  return SystemError("sync the file", path, error);
}

std::optional<LedgerError> SegmentWriter::SyncFolder() {
  const int error = files_->SyncFolder(folder_);
  if (error == 0) return std::nullopt;
  is_uncertain_ = true;
  return SystemError("sync the folder", folder_, error);
}

std::optional<LedgerError> SegmentWriter::Create(Files* files, const std::string& folder,
                                                 const LedgerOptions& options,
                                                 const LedgerId& ledger, std::int64_t now_ms) {
  SegmentWriter writer(files, folder, options);
  return writer.BeginSegment({.ledger = ledger, .created_ms = now_ms});
}

Ledgered<SegmentWriter> SegmentWriter::Open(Files* files, const std::string& folder,
                                            const LedgerOptions& options, LedgerEnd end) {
  SegmentWriter writer(files, folder, options);
  writer.end_ = std::move(end);
  const std::string path = SegmentPath(folder, writer.end_.header.number);
  Ledgered<FileHandle> segment = OpenFile(files, path, Files::Mode::kWrite);
  if (!segment.ok()) return segment.error();
  writer.segment_ = std::move(segment).value();
  if (writer.end_.incomplete_bytes > 0) {
    if (const int error = files->Truncate(writer.segment_.get(), writer.end_.segment_size)) {
      return SystemError("cut the incomplete record off the file", path, error);
    }
  }
  // What the process before wrote may not be on disk yet, and will be taken for granted from now
  // on.
  if (auto error = writer.Sync(writer.segment_, path)) return std::move(*error);
  if (auto error = writer.SyncFolder()) return std::move(*error);
  const std::string heads_path = HeadsPath(folder, writer.end_.header.number);
  Ledgered<FileHandle> heads = OpenFile(files, heads_path, Files::Mode::kLock);
  if (!heads.ok()) return heads.error();
  writer.heads_ = std::move(heads).value();
  if (const int error = files->Truncate(writer.heads_.get(), writer.end_.heads_size)) {
    return SystemError("cut the incomplete head off the file", heads_path, error);
  }
  return writer;
}

std::optional<LedgerError> SegmentWriter::Append(const Payloads& payloads) {
  frames_.clear();
  Digest chain = end_.chain;
  std::string_view rest = payloads.bytes;
  for (const std::size_t size : payloads.sizes) {
    if (!AppendFrame(rest.substr(0, size), &hasher_, &chain, &frames_)) {
      return LedgerError{LedgerFault::kSystem, "hashing failed"};
    }
    rest.remove_prefix(size);
  }
  const std::uint64_t number = end_.header.number;
  if (auto error =
          WriteAndSync(segment_, SegmentPath(folder_, number), end_.segment_size, frames_)) {
    return error;
  }
  end_.chain = chain;
  end_.count += payloads.sizes.size();
  end_.segment_size += frames_.size();
  end_.last_time_ms = payloads.last_time_ms;
  if (payloads.alive_until > 0) {
    std::int64_t& until = end_.alive_until[number];
    until = std::max(until, payloads.alive_until);
  }
  return std::nullopt;
}

std::optional<LedgerError> SegmentWriter::SignHead() {
  end_.head_count = end_.count;
  return options_->sign ? WriteHead() : std::nullopt;
}

std::optional<LedgerError> SegmentWriter::WriteHead() {
  SignedHead head{end_.header.ledger, end_.count, end_.chain, end_.last_time_ms, {}};
  auto signature = options_->sign(HeadMessage(head));
  if (!signature) return LedgerError{LedgerFault::kSystem, "a head could not be signed"};
  head.signature = std::move(*signature);
  const std::string line = FormatHead(head) + "\n";
  if (auto error =
          WriteAndSync(heads_, HeadsPath(folder_, end_.header.number), end_.heads_size, line)) {
    return error;
  }
  end_.heads_size += line.size();
  if (options_->witness) options_->witness(head);
  return std::nullopt;
}

std::optional<LedgerError> SegmentWriter::Rotate() {
  if (auto error = SignHead()) return error;
  const std::int64_t now_ms = end_.last_time_ms;
  std::erase_if(end_.alive_until, [&](const auto& entry) { return entry.second < now_ms; });
  const std::uint64_t number = end_.header.number + 1;
  const auto current = end_.alive_until.find(end_.header.number);
  return BeginSegment(
      {.ledger = end_.header.ledger,
       .number = number,
       .first_sequence = end_.count,
       .created_ms = now_ms,
       .previous = end_.chain,
       .previous_alive_until = current == end_.alive_until.end() ? 0 : current->second,
       .oldest_alive = end_.alive_until.empty() ? number : end_.alive_until.begin()->first});
}

// The file gets its name when all of its header is on disk, so a segment always has one; its first
// head is there even earlier, with the name of its file, so a segment always has a head as well.
std::optional<LedgerError> SegmentWriter::BeginSegment(const SegmentHeader& header) {
  const std::string bytes = EncodeHeader(header);
  const auto chain = hasher_.Hash(bytes, {});
  if (!chain) return LedgerError{LedgerFault::kSystem, "hashing failed"};
  end_.header = header;
  end_.chain = *chain;
  end_.count = header.first_sequence;
  end_.last_time_ms = header.created_ms;
  end_.heads_size = 0;
  end_.segment_size = bytes.size();
  const std::string path = SegmentPath(folder_, header.number);
  const std::string new_path = path + ".new";

  Ledgered<FileHandle> heads =
      OpenFile(files_, HeadsPath(folder_, header.number), Files::Mode::kReplace);
  if (!heads.ok()) return heads.error();
  heads_ = std::move(heads).value();
  if (auto error = SignHead()) return error;
  Ledgered<FileHandle> segment = OpenFile(files_, new_path, Files::Mode::kReplace);
  if (!segment.ok()) return segment.error();
  segment_ = std::move(segment).value();
  if (auto error = WriteAndSync(segment_, new_path, 0, bytes)) return error;
  if (auto error = SyncFolder()) return error;
  if (const int error = files_->Rename(new_path, path)) {
    return SystemError("rename the file", new_path, error);
  }
  return SyncFolder();
}

}  // namespace assay::mint
