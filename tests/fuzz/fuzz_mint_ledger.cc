// Any bytes as the files of a ledger. The first byte says what the rest is: one segment or two as
// they stand, the payloads of segments whose frames are right (so that fuzzing gets past the
// checksums), or heads.
//
// Covers: engine/mint/ledger/reader.cc
// Covers: engine/mint/ledger/segment.cc
// Covers: engine/mint/ledger/segment_walk.cc
// Covers: engine/mint/ledger/frame.cc
// Covers: engine/mint/ledger/codec.cc
// Covers: engine/mint/ledger/verify.cc
// Covers: engine/mint/ledger/heads.cc
// Covers: engine/mint/ledger/signed_head.cc
// Covers: engine/mint/ledger/inventory.cc
// Covers: engine/mint/ledger/export.cc
#include <cstdlib>
#include <map>

#include "assay/mint/ledger_reader.h"
#include "engine/base/json.h"
#include "engine/mint/ledger/bytes.h"
#include "engine/mint/ledger/codec.h"
#include "engine/mint/ledger/export.h"
#include "engine/mint/ledger/files.h"
#include "engine/mint/ledger/frame.h"
#include "engine/mint/ledger/inventory.h"
#include "engine/mint/ledger/segment.h"

namespace {

using namespace assay::mint;

constexpr LedgerId kLedger{1};
constexpr std::int64_t kTime = 2;  // of every record

// Files in memory, for reading.
class MemoryFiles : public Files {
 public:
  std::map<std::string, std::string> files;

  int List(const std::string&, std::vector<std::string>* names) override {
    for (const auto& [path, bytes] : files) names->push_back(path.substr(2));
    return 0;
  }
  int Open(const std::string& path, Mode, int* file) override {
    if (files.find(path) == files.end()) return ENOENT;
    open_.push_back(path);
    *file = static_cast<int>(open_.size()) - 1;
    return 0;
  }
  int Close(int) override { return 0; }
  int Size(int file, std::uint64_t* size) override {
    *size = Bytes(file).size();
    return 0;
  }
  int Read(int file, std::uint64_t offset, char* to, std::size_t size, std::size_t* got) override {
    const std::string& bytes = Bytes(file);
    const std::size_t at = std::min<std::size_t>(offset, bytes.size());
    *got = bytes.copy(to, size, at);
    return 0;
  }

 private:
  const std::string& Bytes(int file) { return files[open_[static_cast<std::size_t>(file)]]; }
  std::vector<std::string> open_;
};

// The input as payloads of segments: each has a length of two bytes, and gets the place and time
// that belong to it. The length 0xFFFF begins a segment; one byte says until when that before has
// something alive, and one which is the oldest that has.
class Sealer {
 public:
  explicit Sealer(MemoryFiles* files) : files_(files) { Begin(); }

  void Seal(std::string_view input) {
    while (input.size() >= 2) {
      const auto length = GetInteger<std::uint16_t>(input, 0);
      input.remove_prefix(2);
      if (length == 0xFFFF && input.size() >= 2) {
        header_.previous_alive_until = GetInteger<std::uint8_t>(input, 0);
        header_.oldest_alive = GetInteger<std::uint8_t>(input, 1);
        input.remove_prefix(2);
        Finish();
        ++header_.number;
        header_.created_ms = kTime;
        Begin();
      } else {
        Add(input.substr(0, length));
        input.remove_prefix(std::min<std::size_t>(length, input.size()));
      }
    }
    Finish();
  }

 private:
  void Begin() {
    header_.previous = chain_;
    bytes_ = EncodeHeader(header_);
    chain_ = *hasher_.Hash(bytes_, {});
  }
  void Finish() { files_->files[SegmentPath(".", header_.number)] = bytes_; }
  void Add(std::string_view rest) {
    std::string payload;
    PutInteger(header_.first_sequence++, &payload);  // of the next segment, in the end
    PutInteger(kTime, &payload);
    payload += rest;
    if (!AppendFrame(payload, &hasher_, &chain_, &bytes_)) std::abort();
  }

  MemoryFiles* files_;
  SegmentHeader header_{.ledger = kLedger, .created_ms = 1};
  std::string bytes_;
  Hasher hasher_;
  Digest chain_{};
};

// What is printed is one line of JSON, and has nothing that a terminal obeys.
void CheckText(const Record& record) {
  for (const std::string& text :
       {RecordJson(record), CloudEvent(record, kLedger), RecordLine(record)}) {
    for (const char c : text) {
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) std::abort();
    }
  }
  assay::Sources sources;
  assay::Diagnostics diagnostics;
  const auto source = sources.Add("event", CloudEvent(record, kLedger));
  // The envelope adds depth to a field that is JSON itself.
  assay::Limits limits;
  limits.json_depth += 3;
  if (!assay::json::Parse(sources, source, limits, &diagnostics)) std::abort();
}

std::uint64_t Count(LedgerReader* reader, bool* is_whole) {
  std::uint64_t count = 0;
  Record record;
  for (;; ++count) {
    const Ledgered<bool> next = reader->Next(&record);
    *is_whole = next.ok();
    if (!next.ok() || !next.value()) return count;
    std::string bytes;
    if (Encode(record, std::size_t{1} << 24, &bytes)) std::abort();
    CheckText(record);
  }
}

// A record can be found from its number.
void ReadFrom(std::uint64_t first, std::uint64_t end, const ReaderOptions& options) {
  if (first == end) return;
  Record record;
  for (const std::uint64_t sequence : {first, first + (end - first) / 2, end - 1}) {
    auto reader = LedgerReader::OpenAt(".", sequence, options);
    if (!reader.ok()) std::abort();
    do {
      const Ledgered<bool> next = reader.value().Next(&record);
      if (!next.ok() || !next.value() || record.sequence > sequence) std::abort();
    } while (record.sequence < sequence);
  }
}

// Reads while the end is being written, and finds as many.
void ReadGrowing(MemoryFiles* files, std::uint64_t first, std::uint64_t end) {
  auto newest = files->files.end();
  for (auto file = files->files.begin(); file != files->files.end(); ++file) {
    if (file->first.find(".segment") != std::string::npos) newest = file;
  }
  const std::string whole = newest->second;
  newest->second.resize(kSegmentHeaderSize + (whole.size() - kSegmentHeaderSize) / 2);
  auto reader = LedgerReader::Open(".", {.files = files});
  if (!reader.ok()) std::abort();
  bool is_whole = false;
  std::uint64_t count = Count(&reader.value(), &is_whole);
  if (!is_whole) std::abort();
  newest->second = whole;
  count += Count(&reader.value(), &is_whole);
  const auto behind = reader.value().BehindBy();
  if (!is_whole || count != end - first || reader.value().next_sequence() != end) std::abort();
  if (!behind.ok() || behind.value().bytes != behind.value().incomplete) std::abort();
}

void ReadAll(MemoryFiles* files, const std::vector<SignedHead>& witnessed) {
  const ReaderOptions options{.files = files};
  auto reader = LedgerReader::Open(".", options);
  bool is_whole = reader.ok();
  if (is_whole) {
    const std::uint64_t first = reader.value().next_sequence();
    if (!reader.value().BehindBy().ok()) std::abort();
    const std::uint64_t count = Count(&reader.value(), &is_whole);
    if (is_whole) {
      ReadFrom(first, first + count, options);
      ReadGrowing(files, first, first + count);
    }
  }
  const auto report = VerifyLedger(".", {.reader = options, .witnessed = witnessed});
  // Verifying accepts nothing that reading refuses.
  if (report.ok() && (!is_whole || report.value().count != reader.value().next_sequence())) {
    std::abort();
  }
  if (!report.ok() && report.error().message.empty()) std::abort();
  const auto signed_by = [](std::string_view, std::string_view signature) {
    return !signature.empty();
  };
  // And nothing more when heads must be signed.
  if (VerifyLedger(".", {.reader = options, .verify = signed_by, .witnessed = witnessed}).ok() &&
      !report.ok()) {
    std::abort();
  }
  (void)ReadInventory(".", 1, options);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  MemoryFiles files;
  std::vector<SignedHead> witnessed;
  switch (data[0] % 4) {
    case 0: files.files[SegmentPath(".", 0)] = input; break;
    case 1: Sealer(&files).Seal(input); break;
    case 2: {
      Sealer(&files).Seal({});
      files.files[HeadsPath(".", 0)] = input;
      const std::string_view line = input.substr(0, input.find('\n'));
      const auto head = ParseHead(line);
      if (head && FormatHead(*head) != line) std::abort();
      if (head) witnessed.push_back(*head);
      break;
    }
    default: {
      const auto length = input.size() < 2 ? 0U : GetInteger<std::uint16_t>(input, 0);
      const std::string_view rest = input.substr(std::min<std::size_t>(2, input.size()));
      files.files[SegmentPath(".", 0)] = rest.substr(0, length);
      files.files[SegmentPath(".", 1)] = rest.substr(std::min<std::size_t>(length, rest.size()));
    }
  }
  ReadAll(&files, witnessed);
  return 0;
}
