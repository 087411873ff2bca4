// Callers put encoded records into the pending batch, which decides their order. Of those who wait
// one writes the whole batch, wakes the others, and leaves the next batch, which has come together
// meanwhile, to one of its own: so a record that comes alone costs no change of threads. A thread
// writes what nobody waits for, and the heads that are due when it is quiet.
#include "assay/mint/ledger.h"

#include <openssl/rand.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>
#include <utility>

#include "engine/mint/ledger/bytes.h"
#include "engine/mint/ledger/codec.h"
#include "engine/mint/ledger/guarded.h"
#include "engine/mint/ledger/recover.h"
#include "engine/mint/ledger/segment.h"
#include "engine/mint/ledger/writer_lock.h"

namespace assay::mint {

namespace {

using Clock = std::chrono::steady_clock;

// How often the thread looks for what nobody waits for.
constexpr std::chrono::milliseconds kLook(5);

std::int64_t SystemNowMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

LedgerOptions WithDefaults(LedgerOptions options) {
  if (!options.now_ms) options.now_ms = SystemNowMs;
  if (options.files == nullptr) options.files = &SystemFiles();
  return options;
}

LedgerError ClockBehind(std::int64_t now_ms, std::int64_t last_ms) {
  return {LedgerFault::kClockBehind, "the wall clock says " + std::to_string(now_ms) +
                                         " ms, and the last record was made at " +
                                         std::to_string(last_ms) + " ms"};
}

LedgerError FaultError(LedgerFault fault) {
  switch (fault) {
#define FAULT(Name, name, text) \
  case LedgerFault::Name:       \
    return {fault, text};
#include "assay/mint/ledger_faults.def"
#undef FAULT
  }
  return {fault, ""};
}

}  // namespace

struct Ledger::Batch {
  static constexpr unsigned kDone = 0;

  // Whoever waits should see whether the batch is done, or it is theirs to write.
  void Wake() {
    unsigned next = turn.load(std::memory_order_relaxed) + 1;
    turn.store(next == kDone ? next + 1 : next, std::memory_order_relaxed);
    turn.notify_one();
  }

  Payloads payloads;
  std::optional<LedgerError> error;  // set before it is done
  // Changes, under the mutex of the ledger, when nobody writes and this batch is the next; kDone is
  // released by who has written it, and acquired by who waits.
  std::atomic<unsigned> turn = 1;
};

struct Ledger::Data {
  Data(LedgerOptions given, std::string path)
      : options(std::move(given)),
        folder(std::move(path)),
        poison_path(PoisonPath(folder)),
        grants(options.keep_ms, options.limits.grants) {}

  Ledgered<LedgerEnd> Prepare();
  void Start(SegmentWriter opened);
  void Run();
  bool IsQuiet() const;
  bool TryCommit() noexcept;
  void Commit(Batch* batch);
  void AfterCommit();
  using Step = std::optional<LedgerError> (SegmentWriter::*)();
  void Try(Step step);
  void Poison(const LedgerError& error);
  void LeaveMark(const LedgerError& error);
  std::optional<LedgerError> PoisonedBy();
  Ledgered<Ticket> Place(const Record& record, std::string* payload, const Guard& guard);

  const LedgerOptions options;
  const std::string folder;
  const std::string poison_path;  // made here: where it is needed there may be no memory
  FileHandle lock;
  GrantTable grants;
  // Both of whoever has set is_committing.
  std::optional<SegmentWriter> writer;
  Clock::time_point head_due;
  std::atomic<std::uint64_t> durable{0};

  std::mutex mutex;  // held while the place of a record is decided
  std::condition_variable work;
  bool is_committing = false;
  bool is_asleep = false;  // the thread, until it is woken
  std::shared_ptr<Batch> pending = std::make_shared<Batch>();
  std::shared_ptr<Batch> spare;  // the next `pending`, so that who commits allocates nothing here
  Payloads done;                 // memory of a batch that is on disk, for the next spare one
  std::uint64_t next_sequence = 0;
  std::int64_t last_time_ms = 0;
  bool is_stopping = false;
  std::optional<LedgerError> poison;

  std::thread thread;
};

void Ledger::Data::Start(SegmentWriter opened) {
  next_sequence = opened.end().count;
  last_time_ms = opened.end().last_time_ms;
  durable = next_sequence;
  writer = std::move(opened);
  thread = std::thread([this] { Run(); });
}

// Nothing is left to do: no records wait, and no head is due, now or later.
bool Ledger::Data::IsQuiet() const {
  return pending->payloads.sizes.empty() && !is_committing &&
         (poison || writer->after_last_head() == 0);
}

// Looks now and then as long as there are records, so that none has to wake it but the first.
void Ledger::Data::Run() {
  std::unique_lock guard(mutex);
  while (!is_stopping) {
    if (IsQuiet()) {
      is_asleep = true;
      work.wait(guard, [this] { return !is_asleep || is_stopping; });
      is_asleep = false;
    }
    work.wait_for(guard, kLook, [this] { return is_stopping; });
    guard.unlock();
    TryCommit();
    guard.lock();
  }
  guard.unlock();
  // Nobody else uses the ledger now.
  TryCommit();
  if (!PoisonedBy() && writer->after_last_head() > 0) Try(&SegmentWriter::SignHead);
}

// Writes the next batch, unless somebody writes already. What a callback throws ends the process:
// nobody would know what is on disk.
bool Ledger::Data::TryCommit() noexcept {
  std::unique_lock guard(mutex);
  if (is_committing) return false;
  is_committing = true;
  std::shared_ptr<Batch> batch;
  if (!pending->payloads.sizes.empty()) batch = std::exchange(pending, std::move(spare));
  guard.unlock();
  if (batch) Commit(batch.get());
  AfterCommit();
  guard.lock();
  if (batch) {
    done = std::move(batch->payloads);
    done.Clear();
  }
  is_committing = false;
  if (!pending->payloads.sizes.empty()) pending->Wake();
  guard.unlock();
  if (!batch) return false;
  batch->turn.store(Batch::kDone, std::memory_order_release);
  batch->turn.notify_all();
  return true;
}

void Ledger::Data::Commit(Batch* batch) {
  batch->error = PoisonedBy();
  if (batch->error) return;
  const bool is_first = writer->after_last_head() == 0;
  batch->error = Guarded([&] { return writer->Append(batch->payloads); });
  if (batch->error) {
    Poison(*batch->error);
    batch->error = PoisonedBy();
  }
  durable = writer->end().count;
  if (is_first) head_due = Clock::now() + std::chrono::milliseconds(options.head_every_ms);
}

void Ledger::Data::AfterCommit() {
  if (writer->after_last_head() == 0 || PoisonedBy()) return;
  if (writer->IsFull()) {
    Try(&SegmentWriter::Rotate);
  } else if (writer->after_last_head() >= options.head_every_records || Clock::now() >= head_due) {
    Try(&SegmentWriter::SignHead);
  }
}

void Ledger::Data::Try(Step step) {
  if (const auto error = Guarded([&] { return (*writer.*step)(); })) Poison(*error);
}

std::optional<LedgerError> Ledger::Data::PoisonedBy() {
  const std::lock_guard guard(mutex);
  return poison ? std::optional(CopyOf(*poison)) : std::nullopt;
}

// For ever: what is on disk is not certain any more, so neither is what may follow it. Without
// memory it stops and leaves its mark all the same, and does not say why.
void Ledger::Data::Poison(const LedgerError& error) {
  if (writer->is_uncertain()) LeaveMark(error);
  std::string text;
  try {
    text = "the ledger has stopped: " + error.message;
  } catch (const std::bad_alloc&) {
  }
  const std::lock_guard guard(mutex);
  poison = LedgerError{LedgerFault::kPoisoned, std::move(text)};
}

// The next process that opens the ledger finds it. Nothing here needs memory.
void Ledger::Data::LeaveMark(const LedgerError& error) {
  Files* const files = options.files;
  int file = -1;
  if (files->Open(poison_path, Files::Mode::kReplace, &file) != 0) return;
  const FileHandle handle(files, file);
  const std::string& text = error.message;
  if (files->Write(file, 0, text.data(), text.size()) == 0 &&
      files->Write(file, text.size(), "\n", 1) == 0) {
    files->Sync(file);
  }
  files->SyncFolder(folder);
}

Ledger::Ledger(std::unique_ptr<Data> data) : data_(std::move(data)) {}

Ledger::~Ledger() {
  {
    const std::lock_guard guard(data_->mutex);
    data_->is_stopping = true;
  }
  data_->work.notify_one();
  data_->thread.join();
}

Ledgered<LedgerId> Ledger::Create(const std::string& folder, const LedgerOptions& given) {
  return Guarded([&]() -> Ledgered<LedgerId> {
    const LedgerOptions options = WithDefaults(given);
    const int made = options.files->MakeFolder(folder);
    if (made != 0 && made != EEXIST) return SystemError("make the folder", folder, made);
    const Ledgered<FileHandle> lock = TakeLock(options.files, folder);
    if (!lock.ok()) return lock.error();
    const auto segments = ListSegments(options.files, folder);
    if (!segments.ok()) return segments.error();
    if (!segments.value().empty()) {
      return LedgerError{LedgerFault::kInvalid, folder + ": there is a ledger already"};
    }
    LedgerId id;
    if (RAND_bytes(id.data(), static_cast<int>(id.size())) != 1) {
      return LedgerError{LedgerFault::kSystem, "no random numbers are to be had"};
    }
    // The folder's own name, before there is a ledger in it: it can be begun again if that fails.
    const std::string above = folder + "/..";
    if (const int failed = options.files->SyncFolder(above)) {
      return SystemError("sync the folder", above, failed);
    }
    auto error = SegmentWriter::Create(options.files, folder, options, id, options.now_ms());
    if (error) return std::move(*error);
    return id;
  });
}

// Takes the lock and reads what is there; nothing is changed if that fails.
Ledgered<LedgerEnd> Ledger::Data::Prepare() {
  Ledgered<FileHandle> taken = TakeLock(options.files, folder);
  if (!taken.ok()) return taken.error();
  lock = std::move(taken).value();
  if (auto error = CheckPoison(options.files, folder)) return std::move(*error);
  const std::int64_t now_ms = options.now_ms();
  Ledgered<LedgerEnd> end = FindEnd(options.files, folder, options, now_ms, &grants);
  if (end.ok() && now_ms < end.value().last_time_ms) {
    return ClockBehind(now_ms, end.value().last_time_ms);
  }
  return end;
}

Ledgered<std::unique_ptr<Ledger>> Ledger::Open(const std::string& folder,
                                               const LedgerOptions& given) {
  return Guarded([&]() -> Ledgered<std::unique_ptr<Ledger>> {
    auto data = std::make_unique<Data>(WithDefaults(given), folder);
    const Ledgered<LedgerEnd> end = data->Prepare();
    if (!end.ok()) return end.error();
    Ledgered<SegmentWriter> writer =
        SegmentWriter::Open(data->options.files, folder, data->options, end.value());
    if (!writer.ok()) return writer.error();
    try {
      data->Start(std::move(writer).value());
    } catch (const std::system_error&) {
      return LedgerError{LedgerFault::kSystem, "no thread is to be had"};
    }
    std::unique_ptr<Ledger> ledger(new Ledger(std::move(data)));
    if (end.value().incomplete_bytes == 0) return ledger;
    Record record;
    record.type = RecordType::kRecovered;
    record.detail = "cut " + std::to_string(end.value().incomplete_bytes) +
                    " bytes of an incomplete record off segment " +
                    std::to_string(end.value().header.number) + " at byte " +
                    std::to_string(end.value().segment_size);
    const Ledgered<Receipt> receipt = ledger->Append(record);
    if (!receipt.ok()) return receipt.error();
    return ledger;
  });
}

Ledgered<Ledger::Ticket> Ledger::Data::Place(const Record& record, std::string* payload,
                                             const Guard& guard) {
  const std::lock_guard order(mutex);
  if (poison) return *poison;
  const std::int64_t now_ms = options.now_ms();
  if (now_ms < last_time_ms) return ClockBehind(now_ms, last_time_ms);
  if (pending->payloads.bytes.size() + payload->size() > options.limits.pending_bytes) {
    return LedgerError{LedgerFault::kFull, "too many records wait for the disk (pending_bytes)"};
  }
  if (const auto fault = grants.Admit(record, now_ms)) return FaultError(*fault);
  const Receipt receipt{next_sequence, now_ms};
  if (guard && !guard(receipt)) return FaultError(LedgerFault::kNotAdmitted);
  SetInteger(receipt.sequence, kSequenceOffset, payload);
  SetInteger(now_ms, kTimeOffset, payload);
  if (!spare) {
    spare = std::make_shared<Batch>();
    spare->payloads = std::move(done);
  }
  // First what makes grants worth less: should memory run out in between, nothing is allowed by it.
  grants.Apply(record, now_ms);
  Payloads& payloads = pending->payloads;
  payloads.Add(*payload);
  payloads.alive_until = std::max(payloads.alive_until, grants.AliveUntil(record));
  payloads.last_time_ms = last_time_ms = now_ms;
  ++next_sequence;
  if (is_asleep) {
    is_asleep = false;
    work.notify_one();
  }
  return Ticket{receipt, pending};
}

Ledgered<Ledger::Ticket> Ledger::Enqueue(const Record& record, const Guard& guard) {
  return Guarded([&]() -> Ledgered<Ticket> {
    const Record* placed = &record;
    Record known;
    const auto grant =
        record.type == RecordType::kRevoke ? data_->grants.Find(record.jti) : std::nullopt;
    if (grant) {
      known = record;
      known.expires = std::max(record.expires, grant->expires_ms);
      placed = &known;
    }
    std::string payload;
    if (auto error = Encode(*placed, data_->options.limits.record_bytes, &payload)) {
      return std::move(*error);
    }
    return data_->Place(*placed, &payload, guard);
  });
}

Ledgered<Receipt> Ledger::Wait(const Ticket& ticket) {
  Batch& batch = *ticket.batch;
  for (;;) {
    const unsigned turn = batch.turn.load(std::memory_order_acquire);
    if (turn == Batch::kDone) break;
    // Somebody writes, who then either is done with this batch or leaves it to one who waits.
    if (!data_->TryCommit()) batch.turn.wait(turn, std::memory_order_acquire);
  }
  if (batch.error) return CopyOf(*batch.error);
  return ticket.receipt;
}

Ledgered<Receipt> Ledger::Append(const Record& record, const Guard& guard) {
  Ledgered<Ticket> ticket = Enqueue(record, guard);
  if (!ticket.ok()) return std::move(ticket).error();
  return Wait(ticket.value());
}

const GrantTable& Ledger::grants() const { return data_->grants; }

std::uint64_t Ledger::durable_count() const { return data_->durable; }

}  // namespace assay::mint
