// BoundRequest: a request in the numbers of one snapshot.
#include <cstring>
#include <new>
#include <utility>

#include "assay/snapshot.h"
#include "engine/eval/binding_data.h"
#include "engine/value/to_cell.h"

namespace assay {

namespace rt {

namespace {

// Looks names up in the snapshot; unknown ones get numbers of the binding. Copies all bytes, since
// nothing of the request is kept.
class Binder {
 public:
  Binder(const SnapshotData& snapshot, BindingData* binding)
      : snapshot_(snapshot), binding_(binding) {}

  std::uint32_t Name(std::string_view name) {
    return Number(snapshot_.names, &binding_->names, 0, name);
  }
  std::uint32_t Uid(const EntityUid& uid) {
    const std::uint32_t type = Number(snapshot_.types, &binding_->types, 0, uid.type);
    return Number(snapshot_.uids, &binding_->uids, type, uid.id);
  }
  Arena& arena() { return binding_->arena; }
  std::string_view KeepText(std::string_view text) {
    char* copy = binding_->arena.New<char>(text.size() + 1);
    if (copy == nullptr) return {};
    std::memcpy(copy, text.data(), text.size());
    return {copy, text.size()};
  }
  const IpAddr* KeepIp(const IpAddr& ip) {
    auto* copy = binding_->arena.New<IpAddr>(1);
    if (copy != nullptr) *copy = ip;
    return copy;
  }

 private:
  std::uint32_t Number(const SymbolSpace& known, SymbolTable* local, std::uint32_t qualifier,
                       std::string_view text) {
    const std::uint32_t symbol = known.Find(qualifier, text);
    if (symbol != kNoSymbol) return symbol;
    std::uint32_t number = local->Find(qualifier, text);
    if (number == kNoSymbol) {
      const std::string_view kept = KeepText(text);
      if (kept.data() == nullptr) throw std::bad_alloc();
      number = local->Intern(qualifier, kept);
    }
    return known.size() + number;
  }

  const SnapshotData& snapshot_;
  BindingData* binding_;
};

ToCellStatus Bind(const SnapshotData& snapshot, const Request& request, BindingData* binding) {
  Binder binder(snapshot, binding);
  binding->variables[0] = Cell::Entity(binder.Uid(request.principal));
  binding->variables[1] = Cell::Entity(binder.Uid(request.action));
  binding->variables[2] = Cell::Entity(binder.Uid(request.resource));
  return CellMaker<Binder>(binder, snapshot.json_depth)
      .MakeRecord(request.context, &binding->variables[3]);
}

}  // namespace

}  // namespace rt

BoundRequest::BoundRequest() : data_(new (std::nothrow) rt::BindingData) {}
BoundRequest::~BoundRequest() = default;
BoundRequest::BoundRequest(BoundRequest&&) noexcept = default;
BoundRequest& BoundRequest::operator=(BoundRequest&&) noexcept = default;

Result<bool> BoundRequest::Bind(const Snapshot& snapshot, const Request& request) noexcept {
  const Error out_of_memory{ErrorCode::kOutOfMemory, "out of memory"};  // fits without the heap
  if (data_ == nullptr) return out_of_memory;
  const rt::SnapshotData* known = rt::Access::Data(snapshot);
  data_->serial = 0;
  if (known == nullptr) return Error{ErrorCode::kInvalidArgument, "no snapshot"};
  data_->arena.Reset();
  data_->types.Clear();
  data_->uids.Clear();
  data_->names.Clear();
  try {
    if (request.context.size() > known->most_attributes) {
      return Error{ErrorCode::kLimitExceeded, "the context has too many attributes (attributes)"};
    }
    switch (rt::Bind(*known, request, data_.get())) {
      case rt::ToCellStatus::kOk: data_->serial = known->serial; return true;
      case rt::ToCellStatus::kTooDeep:
        return Error{ErrorCode::kLimitExceeded, "the context is nested too deep (json_depth)"};
      case rt::ToCellStatus::kOutOfMemory: break;
    }
  } catch (const std::bad_alloc&) {
    // Reported below, like an arena that cannot grow.
  }
  return out_of_memory;
}

}  // namespace assay
