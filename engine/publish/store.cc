#include "assay/store.h"

#include <new>
#include <utility>
#include <variant>
#include <vector>

#include "engine/bytecode/program_parts.h"
#include "engine/publish/core.h"

namespace assay {

namespace {

struct AddOperation {
  Program program;
};
struct ReplaceOperation {
  Program program;
};
struct RemoveOperation {
  std::string id;
};
struct LinkOperation {
  std::string template_id, new_id;
  std::optional<EntityUid> principal, resource;
};
struct UnlinkOperation {
  std::string id;
};
struct UpsertOperation {
  Entity entity;
};
struct EraseOperation {
  EntityUid uid;
};

using Operation = std::variant<AddOperation, ReplaceOperation, RemoveOperation, LinkOperation,
                               UnlinkOperation, UpsertOperation, EraseOperation>;

struct Run {
  rt::Editor& editor;
  rt::Problem operator()(const AddOperation& op) { return editor.Add(op.program.parts()); }
  rt::Problem operator()(const ReplaceOperation& op) { return editor.Replace(op.program.parts()); }
  rt::Problem operator()(const RemoveOperation& op) { return editor.Remove(op.id); }
  rt::Problem operator()(const LinkOperation& op) {
    return editor.Link(op.template_id, op.new_id, op.principal, op.resource);
  }
  rt::Problem operator()(const UnlinkOperation& op) { return editor.Unlink(op.id); }
  rt::Problem operator()(const UpsertOperation& op) { return editor.Upsert(op.entity); }
  rt::Problem operator()(const EraseOperation& op) { return editor.Erase(op.uid); }
};

}  // namespace

struct Edit::Operations {
  std::vector<Operation> all;
  bool is_complete = true;

  // An edit that lacks a change for want of memory is applied never.
  void Append(Operation operation) noexcept try {
    all.push_back(std::move(operation));
  } catch (const std::bad_alloc&) {
    is_complete = false;
  }
};

Edit::Edit() noexcept : operations_(new (std::nothrow) Operations) {}
Edit::~Edit() = default;
Edit::Edit(Edit&&) noexcept = default;
Edit& Edit::operator=(Edit&&) noexcept = default;

Edit& Edit::Add(Program program) noexcept {
  if (operations_ != nullptr) operations_->Append(AddOperation{std::move(program)});
  return *this;
}

Edit& Edit::Replace(Program program) noexcept {
  if (operations_ != nullptr) operations_->Append(ReplaceOperation{std::move(program)});
  return *this;
}

Edit& Edit::Remove(std::string id) noexcept {
  if (operations_ != nullptr) operations_->Append(RemoveOperation{std::move(id)});
  return *this;
}

Edit& Edit::Link(std::string template_id, std::string new_id, std::optional<EntityUid> principal,
                 std::optional<EntityUid> resource) noexcept {
  if (operations_ != nullptr) {
    operations_->Append(LinkOperation{std::move(template_id), std::move(new_id),
                                      std::move(principal), std::move(resource)});
  }
  return *this;
}

Edit& Edit::Unlink(std::string id) noexcept {
  if (operations_ != nullptr) operations_->Append(UnlinkOperation{std::move(id)});
  return *this;
}

Edit& Edit::Upsert(Entity entity) noexcept {
  if (operations_ != nullptr) operations_->Append(UpsertOperation{std::move(entity)});
  return *this;
}

Edit& Edit::Erase(EntityUid uid) noexcept {
  if (operations_ != nullptr) operations_->Append(EraseOperation{std::move(uid)});
  return *this;
}

Result<Store> Store::Create(const Program& program, const Entities& entities,
                            const Limits& limits) {
  try {
    auto core = std::make_shared<rt::Core>(limits);
    const auto edit = [&](rt::Editor& editor) -> rt::Problem {
      if (auto problem = editor.Add(program.parts())) return problem;
      for (std::size_t i = 0; i < entities.size(); ++i) {
        if (auto problem = editor.Upsert(entities[i])) return problem;
      }
      return std::nullopt;
    };
    Result<Snapshot> first = core->Publish(edit);
    if (!first.ok()) return std::move(first).error();
    return Store(std::move(core));
  } catch (const std::bad_alloc&) {
    return Error{ErrorCode::kOutOfMemory, "out of memory"};
  }
}

Result<Snapshot> Store::Apply(const Edit& edit) {
  if (edit.operations_ == nullptr || !edit.operations_->is_complete) {
    return Error{ErrorCode::kOutOfMemory, "out of memory"};
  }
  return core_->Publish([&](rt::Editor& editor) -> rt::Problem {
    std::size_t number = 0;
    for (const Operation& operation : edit.operations_->all) {
      ++number;
      if (auto problem = std::visit(Run{editor}, operation)) {
        problem->message = "change " + std::to_string(number) + ": " + problem->message;
        return problem;
      }
    }
    return std::nullopt;
  });
}

Snapshot Store::snapshot() const { return core_->Newest(); }

Store::Memory Store::Collect() { return core_->Collect(); }

struct Reader::Data {
  explicit Data(std::shared_ptr<rt::Core> of)
      : core(std::move(of)),
        slot(core->AddReader()),
        shown(rt::SnapshotAccess::Borrow(core->Announce(slot), &core)) {}
  ~Data() { core->RemoveReader(slot); }

  std::shared_ptr<rt::Core> core;
  rt::ReaderSlot* slot;
  Snapshot shown;
};

Result<Reader> Reader::Create(const Store& store) noexcept {
  try {
    return Reader(std::make_unique<Data>(store.core_));
  } catch (const std::bad_alloc&) {
    return Error{ErrorCode::kOutOfMemory, "out of memory"};
  }
}

Reader::Reader(std::unique_ptr<Data> data) : data_(std::move(data)) {}
Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;

const Snapshot& Reader::snapshot() noexcept {
  Data& data = *data_;
  // The shown version is announced, so it is still there, and no other can have its address.
  if (data.core->newest() != rt::SnapshotAccess::Get(data.shown)) {
    data.shown = rt::SnapshotAccess::Borrow(data.core->Announce(data.slot), &data.core);
  }
  return data.shown;
}

}  // namespace assay
