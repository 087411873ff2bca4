#include <utility>

#include "assay/mint/ledger_reader.h"
#include "engine/mint/ledger/codec.h"
#include "engine/mint/ledger/guarded.h"
#include "engine/mint/ledger/segment_walk.h"

namespace assay::mint {

namespace {

using Step = SegmentCursor::Step;

Files* FilesOf(const ReaderOptions& options) {
  return options.files != nullptr ? options.files : &SystemFiles();
}

}  // namespace

struct LedgerReader::Data {
  SegmentWalk walk;
};

LedgerReader::LedgerReader(std::unique_ptr<Data> data) : data_(std::move(data)) {}
LedgerReader::~LedgerReader() = default;
LedgerReader::LedgerReader(LedgerReader&&) noexcept = default;
LedgerReader& LedgerReader::operator=(LedgerReader&&) noexcept = default;

Ledgered<LedgerReader> LedgerReader::From(Ledgered<SegmentWalk> walk) {
  if (!walk.ok()) return walk.error();
  return LedgerReader(std::make_unique<Data>(Data{std::move(walk).value()}));
}

Ledgered<LedgerReader> LedgerReader::Open(const std::string& folder, const ReaderOptions& options) {
  return Guarded([&]() -> Ledgered<LedgerReader> {
    Files* files = FilesOf(options);
    const auto numbers = ExistingSegments(files, folder);
    if (!numbers.ok()) return numbers.error();
    return From(SegmentWalk::Open(files, folder, numbers.value().front(), options.record_bytes));
  });
}

Ledgered<LedgerReader> LedgerReader::OpenAt(const std::string& folder, std::uint64_t sequence,
                                            const ReaderOptions& options) {
  return Guarded([&]() -> Ledgered<LedgerReader> {
    Files* files = FilesOf(options);
    const auto numbers = ExistingSegments(files, folder);
    if (!numbers.ok()) return numbers.error();
    for (std::size_t i = numbers.value().size();; --i) {
      auto walk = SegmentWalk::Open(files, folder, numbers.value()[i - 1], options.record_bytes);
      const bool is_later = walk.ok() && walk.value().cursor().header().first_sequence > sequence;
      if (i == 1 || !is_later) return From(std::move(walk));
    }
  });
}

Ledgered<LedgerReader> LedgerReader::OpenAlive(const std::string& folder, std::int64_t now_ms,
                                               const ReaderOptions& options) {
  return Guarded([&] {
    return From(SegmentWalk::OpenAlive(FilesOf(options), folder, now_ms, options.record_bytes));
  });
}

Ledgered<bool> LedgerReader::Next(Record* record) {
  return Guarded([&]() -> Ledgered<bool> {
    switch (data_->walk.Next()) {
      case Step::kEnd: return false;
      case Step::kFailed: return data_->walk.error();
      case Step::kRecord: break;
    }
    const SegmentCursor& cursor = data_->walk.cursor();
    if (const auto reason = Decode(cursor.payload(), record)) return cursor.CorruptRecord(*reason);
    return true;
  });
}

Ledgered<Lag> LedgerReader::BehindBy() const {
  const Ledgered<std::uint64_t> bytes = data_->walk.BytesBehind();
  if (!bytes.ok()) return bytes.error();
  return Lag{bytes.value(), data_->walk.cursor().incomplete_bytes()};
}

std::uint64_t LedgerReader::next_sequence() const { return data_->walk.cursor().next_sequence(); }
std::int64_t LedgerReader::last_time_ms() const { return data_->walk.cursor().last_time_ms(); }
const Digest& LedgerReader::chain() const { return data_->walk.cursor().chain(); }
const LedgerId& LedgerReader::ledger() const { return data_->walk.cursor().header().ledger; }

}  // namespace assay::mint
