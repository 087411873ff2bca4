// The queue is Vyukov's bounded one for many producers and consumers: each place has a turn, which
// says who may use it next. At turn t a producer may write the record of ticket t; at turn t + 1 a
// consumer may read it, and leaves the place at turn t + capacity.
#include "assay/sink.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstring>
#include <new>

namespace assay {

namespace {

constexpr std::size_t kTextBytes = 900;
constexpr std::size_t kLineBytes = 64;

// A record without pointers. The ids stand one behind the other, each after its length.
struct Compact {
  std::uint64_t id;
  std::array<std::uint8_t, 32> policy_digest;
  Outcome outcome;
  DecisionStatus status;
  std::uint32_t reason_count, error_count;  // of all
  std::uint32_t reasons, errors;            // of those in `text`
  std::uint32_t policies_visited;
  std::chrono::nanoseconds latency;
  std::array<char, kTextBytes> text;
};

class IdWriter {
 public:
  explicit IdWriter(std::array<char, kTextBytes>* text) : text_(*text) {}

  // False if there is no room, for this id and for all after it.
  bool Add(std::string_view id) {
    const auto size = static_cast<std::uint32_t>(id.size());
    if (is_full_ || id.size() > text_.size() - at_ || text_.size() - at_ - size < sizeof(size)) {
      is_full_ = true;
      return false;
    }
    std::memcpy(&text_[at_], &size, sizeof(size));
    at_ += sizeof(size);
    std::copy(id.begin(), id.end(), text_.begin() + static_cast<std::ptrdiff_t>(at_));
    at_ += size;
    return true;
  }

 private:
  std::array<char, kTextBytes>& text_;
  std::size_t at_ = 0;
  bool is_full_ = false;
};

void Describe(const Snapshot& snapshot, const Decision& decision, Compact* record) {
  // Of a snapshot that was moved from nothing may be asked.
  record->policy_digest = {};
  if (decision.status() == DecisionStatus::kDecided) {
    record->policy_digest = snapshot.policy_digest();
  }
  record->outcome = decision.outcome();
  record->status = decision.status();
  record->reason_count = static_cast<std::uint32_t>(decision.determining().size());
  record->error_count = static_cast<std::uint32_t>(decision.error_count());
  record->policies_visited = static_cast<std::uint32_t>(decision.policies_visited());
  record->reasons = record->errors = 0;
  IdWriter ids(&record->text);
  for (const std::uint32_t policy : decision.determining()) {
    if (!ids.Add(snapshot.policy_id(policy))) return;
    ++record->reasons;
  }
  for (std::size_t i = 0; i < decision.error_count(); ++i) {
    if (!ids.Add(snapshot.policy_id(decision.error_policy(i)))) return;
    ++record->errors;
  }
}

DecisionRecord Expanded(const Compact& compact) {
  DecisionRecord record;
  record.id = compact.id;
  record.policy_digest = compact.policy_digest;
  record.outcome = compact.outcome;
  record.status = compact.status;
  record.reason_count = compact.reason_count;
  record.error_count = compact.error_count;
  record.policies_visited = compact.policies_visited;
  record.latency = compact.latency;
  std::size_t at = 0;
  for (std::uint32_t i = 0; i < compact.reasons + compact.errors; ++i) {
    std::uint32_t size = 0;
    std::memcpy(&size, &compact.text[at], sizeof(size));
    at += sizeof(size);
    (i < compact.reasons ? record.reasons : record.errors).emplace_back(&compact.text[at], size);
    at += size;
  }
  return record;
}

}  // namespace

struct DecisionSink::Queue {
  struct alignas(kLineBytes) Place {
    std::atomic<std::uint64_t> turn;
    Compact record;
  };

  explicit Queue(std::size_t capacity) : places(new Place[capacity]), mask(capacity - 1) {
    for (std::size_t i = 0; i < capacity; ++i) {
      places[i].turn.store(i, std::memory_order_relaxed);  // Nobody else knows the queue yet.
    }
  }

  // The place of the next ticket, when it is at that ticket's turn plus `phase`; nullptr if it is
  // still in use. Tickets are only numbers: a relaxed exchange makes each one's owner single, and
  // what a place holds is handed over by its turn, which is read here and acquires it.
  Place* Claim(std::atomic<std::uint64_t>* next, std::uint64_t phase, std::uint64_t* ticket) {
    *ticket = next->load(std::memory_order_relaxed);
    for (;;) {
      Place& place = places[*ticket & mask];
      const std::uint64_t turn = place.turn.load(std::memory_order_acquire);
      const auto ahead = static_cast<std::int64_t>(turn - (*ticket + phase));
      if (ahead < 0) return nullptr;
      if (ahead == 0 &&
          next->compare_exchange_weak(*ticket, *ticket + 1, std::memory_order_relaxed)) {
        return &place;
      }
      if (ahead > 0) *ticket = next->load(std::memory_order_relaxed);  // Somebody took it.
    }
  }

  std::unique_ptr<Place[]> places;
  const std::uint64_t mask;
  // Each on a line of its own: producers write the first three, consumers the last.
  alignas(kLineBytes) std::atomic<std::uint64_t> decisions{0};  // a counter, ordering nothing
  alignas(kLineBytes) std::atomic<std::uint64_t> head{0};       // the next ticket to write
  alignas(kLineBytes) std::atomic<std::uint64_t> drops{0};      // a counter, ordering nothing
  alignas(kLineBytes) std::atomic<std::uint64_t> tail{0};       // the next ticket to read
};

DecisionSink::DecisionSink(std::unique_ptr<Queue> queue) noexcept : queue_(std::move(queue)) {}
DecisionSink::~DecisionSink() = default;
DecisionSink::DecisionSink(DecisionSink&&) noexcept = default;
DecisionSink& DecisionSink::operator=(DecisionSink&&) noexcept = default;

Result<DecisionSink> DecisionSink::Create(std::size_t capacity) noexcept try {
  if (capacity > kMostPlaces) {
    return Error{ErrorCode::kInvalidArgument, "a sink has at most 1048576 places"};
  }
  const std::size_t places = std::bit_ceil(std::max(capacity, std::size_t{2}));
  return DecisionSink(std::make_unique<Queue>(places));
} catch (const std::bad_alloc&) {
  return Error{ErrorCode::kOutOfMemory, "out of memory"};
}

Decision DecisionSink::Decide(const Snapshot& snapshot, const BoundRequest& request,
                              Scratch& scratch) noexcept {
  const auto start = std::chrono::steady_clock::now();
  const Decision decision = assay::Decide(snapshot, request, scratch);
  const auto latency = std::chrono::steady_clock::now() - start;
  Queue& queue = *queue_;
  const std::uint64_t id = queue.decisions.fetch_add(1, std::memory_order_relaxed) + 1;
  std::uint64_t ticket = 0;
  Queue::Place* place = queue.Claim(&queue.head, 0, &ticket);
  if (place == nullptr) {
    queue.drops.fetch_add(1, std::memory_order_relaxed);
    return decision;
  }
  place->record.id = id;
  place->record.latency = std::chrono::duration_cast<std::chrono::nanoseconds>(latency);
  Describe(snapshot, decision, &place->record);
  // Releases the record to the consumer that acquires this turn.
  place->turn.store(ticket + 1, std::memory_order_release);
  return decision;
}

std::optional<DecisionRecord> DecisionSink::Take() noexcept {
  Queue& queue = *queue_;
  std::uint64_t ticket = 0;
  Queue::Place* place = queue.Claim(&queue.tail, 1, &ticket);
  if (place == nullptr) return std::nullopt;
  std::optional<DecisionRecord> record;
  try {
    record = Expanded(place->record);
  } catch (const std::bad_alloc&) {
    queue.drops.fetch_add(1, std::memory_order_relaxed);
  }
  // Releases the place to the producer that acquires this turn; what was read is not read again.
  place->turn.store(ticket + queue.mask + 1, std::memory_order_release);
  return record;
}

std::uint64_t DecisionSink::dropped() const noexcept {
  return queue_->drops.load(std::memory_order_relaxed);
}

}  // namespace assay
