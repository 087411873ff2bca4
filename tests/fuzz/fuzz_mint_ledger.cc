// Any bytes as the files of a ledger. The first byte says what the rest is: a segment as it stands,
// the payloads of one whose frames are right (so that fuzzing gets past the checksums), or heads.
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

const SegmentHeader kHeader{.ledger = LedgerId{1}, .created_ms = 1};

// The input as payloads: each has a length of two bytes, and gets the place and time that belong to
// it.
std::string Sealed(std::string_view input) {
  std::string bytes = EncodeHeader(kHeader);
  Hasher hasher;
  Digest chain = *hasher.Hash(bytes, {});
  for (std::uint64_t sequence = 0; input.size() >= 2; ++sequence) {
    const std::size_t length =
        std::min<std::size_t>(GetInteger<std::uint16_t>(input, 0), input.size() - 2);
    std::string payload;
    PutInteger(sequence, &payload);
    PutInteger(std::int64_t{2}, &payload);
    payload += input.substr(2, length);
    if (!AppendFrame(payload, &hasher, &chain, &bytes)) std::abort();
    input.remove_prefix(2 + length);
  }
  return bytes;
}

// What is printed is one line of JSON, and has nothing that a terminal obeys.
void CheckText(const Record& record) {
  for (const std::string& text :
       {RecordJson(record), CloudEvent(record, kHeader.ledger), RecordLine(record)}) {
    for (const char c : text) {
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) std::abort();
    }
  }
  assay::Sources sources;
  assay::Diagnostics diagnostics;
  const auto source = sources.Add("event", CloudEvent(record, kHeader.ledger));
  // The envelope adds depth to a field that is JSON itself.
  assay::Limits limits;
  limits.json_depth += 3;
  if (!assay::json::Parse(sources, source, limits, &diagnostics)) std::abort();
}

void ReadAll(MemoryFiles* files) {
  const ReaderOptions options{.files = files};
  auto reader = LedgerReader::Open(".", options);
  std::uint64_t count = 0;
  bool is_whole = reader.ok();
  Record record;
  while (is_whole) {
    const Ledgered<bool> next = reader.value().Next(&record);
    is_whole = next.ok();
    if (!next.ok() || !next.value()) break;
    if (record.sequence != count++) std::abort();
    std::string bytes;
    if (Encode(record, std::size_t{1} << 24, &bytes)) std::abort();
    CheckText(record);
  }
  const auto report = VerifyLedger(".", {.reader = options});
  // Verifying accepts nothing that reading refuses.
  if (report.ok() && (!is_whole || report.value().count != count)) std::abort();
  if (!report.ok() && report.error().message.empty()) std::abort();
  (void)ReadInventory(".", 1, options);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  MemoryFiles files;
  const std::string segment = SegmentPath(".", 0);
  switch (data[0] % 3) {
    case 0: files.files[segment] = input; break;
    case 1: files.files[segment] = Sealed(input); break;
    default: {
      files.files[segment] = Sealed({});
      files.files[HeadsPath(".", 0)] = input;
      const auto head = ParseHead(input);
      if (head && FormatHead(*head) != input) std::abort();
    }
  }
  ReadAll(&files);
  return 0;
}
