// Bodies, subjects and action constraints: equal ones are stored once and counted.
#include <algorithm>
#include <cstring>

#include "engine/snapshot/editor.h"
#include "engine/snapshot/leading_test.h"

namespace assay::rt {

namespace {

bool SameBody(const BodyRow& a, const BodyRow& b) {
  return a.hash == b.hash && a.length == b.length && a.constant_count == b.constant_count &&
         a.pattern_count == b.pattern_count && a.is_expression == b.is_expression &&
         std::memcmp(a.code, b.code, a.length * sizeof(bc::Inst)) == 0 &&
         std::equal(a.constants, a.constants + a.constant_count, b.constants,
                    [](const Cell& x, const Cell& y) { return x.kind == y.kind && Equal(x, y); }) &&
         std::equal(a.patterns, a.patterns + a.pattern_count, b.patterns);
}

bool SameSubject(const SubjectRow& a, const SubjectRow& b) {
  return a.variable == b.variable && a.is_guarded == b.is_guarded && a.is_range == b.is_range &&
         a.required == b.required &&
         std::equal(a.path, a.path + a.length, b.path, b.path + b.length);
}

std::uint64_t HashOf(const SubjectRow& subject) {
  const auto flags = static_cast<std::uint64_t>(subject.required) << 16 |
                     std::uint64_t{subject.variable} << 8 | (subject.is_guarded ? 2U : 0U) |
                     (subject.is_range ? 1U : 0U);
  return SeededHash(
      flags, {reinterpret_cast<const char*>(subject.path), subject.length * sizeof(std::uint32_t)});
}

std::uint64_t HashOf(const ActionRow& action) {
  return SeededHash(
      static_cast<std::uint64_t>(action.kind),
      {reinterpret_cast<const char*>(action.uids), action.count * sizeof(std::uint32_t)});
}

// A row for something new: the first free one, or one at the end.
template <typename Array>
std::uint32_t TakeRow(store::Heap& heap, Array* array, std::uint32_t* first_free,
                      std::uint32_t next_free) {
  if (*first_free == kNoSymbol) {
    array->Resize(heap, array->size() + 1);
    return array->size() - 1;
  }
  const std::uint32_t row = *first_free;
  *first_free = next_free;
  return row;
}

}  // namespace

// Takes over the block and the symbols of `body`, or gives them back if there is an equal one.
std::uint32_t Editor::InternBody(BodyRow body) {
  const std::uint32_t* known = data_.body_by_hash.Find(
      body.hash, [&](std::uint32_t other) { return SameBody(data_.bodies[other], body); });
  if (known != nullptr) {
    const std::uint32_t number = *known;
    ++data_.bodies.Edit(heap_, number).uses;
    for (std::uint32_t i = 0; i < body.constant_count; ++i) ReleaseCell(body.constants[i]);
    for (std::uint32_t i = 0; i < body.length; ++i) {
      const bc::Format format = bc::Info(body.code[i].op).format;
      if (format == bc::Format::kRegName) data_.names.Release(heap_, body.code[i].c);
      if (format == bc::Format::kRegType) data_.types.Release(heap_, body.code[i].c);
    }
    heap_.Retire(body.code);
    return number;
  }
  body.test = InternTest(body);
  body.uses = 1;
  const std::uint32_t next =
      data_.free_body == kNoSymbol ? kNoSymbol : data_.bodies[data_.free_body].uses;
  const std::uint32_t number = TakeRow(heap_, &data_.bodies, &data_.free_body, next);
  data_.bodies.Edit(heap_, number) = body;
  data_.body_by_hash.Insert(heap_, body.hash, number);
  data_.max_registers = std::max(data_.max_registers, body.registers);
  return number;
}

void Editor::ReleaseBody(std::uint32_t body) {
  BodyRow& row = data_.bodies.Edit(heap_, body);
  if (--row.uses > 0) return;
  data_.body_by_hash.Erase(heap_, row.hash, body);
  if (row.test.subject != tree::kNone) ReleaseSubject(row.test.subject);
  for (std::uint32_t i = 0; i < row.constant_count; ++i) ReleaseCell(row.constants[i]);
  for (std::uint32_t i = 0; i < row.length; ++i) {
    const bc::Format format = bc::Info(row.code[i].op).format;
    if (format == bc::Format::kRegName) data_.names.Release(heap_, row.code[i].c);
    if (format == bc::Format::kRegType) data_.types.Release(heap_, row.code[i].c);
  }
  heap_.Retire(row.code);
  row = BodyRow();
  row.uses = data_.free_body;
  data_.free_body = body;
}

tree::Test Editor::InternTest(const BodyRow& body) {
  if (body.is_expression) return {};
  const auto leading = FindLeadingTest({body.code, body.length}, body.constants);
  if (!leading) return {};
  std::vector<std::uint32_t> path;
  for (const bc::Inst& inst : leading->path) path.push_back(inst.c);
  tree::Test test{.is_range = leading->is_range,
                  .value = leading->is_range ? 0 : HashOf(leading->value),
                  .low = leading->low,
                  .high = leading->high};
  test.subject = InternSubject({.path = path.data(),
                                .length = static_cast<std::uint32_t>(path.size()),
                                .variable = leading->variable,
                                .is_guarded = leading->is_guarded,
                                .is_range = leading->is_range,
                                .required = leading->required});
  return test;
}

// The path is copied. Its names are those of bodies that use the subject, and live as long.
std::uint32_t Editor::InternSubject(const SubjectRow& subject) {
  const std::uint64_t hash = HashOf(subject);
  const std::uint32_t* known = data_.subject_by_hash.Find(
      hash, [&](std::uint32_t other) { return SameSubject(data_.subjects[other], subject); });
  if (known != nullptr) {
    ++data_.subjects.Edit(heap_, *known).uses;
    return *known;
  }
  const std::uint32_t next =
      data_.free_subject == kNoSymbol ? kNoSymbol : data_.subjects[data_.free_subject].uses;
  const std::uint32_t number = TakeRow(heap_, &data_.subjects, &data_.free_subject, next);
  auto* path = heap_.New<std::uint32_t>(subject.length);
  std::copy_n(subject.path, subject.length, path);
  SubjectRow& row = data_.subjects.Edit(heap_, number);
  row = subject;
  row.path = path;
  row.uses = 1;
  data_.subject_by_hash.Insert(heap_, hash, number);
  return number;
}

void Editor::ReleaseSubject(std::uint32_t subject) {
  SubjectRow& row = data_.subjects.Edit(heap_, subject);
  if (--row.uses > 0) return;
  data_.subject_by_hash.Erase(heap_, HashOf(row), subject);
  heap_.Retire(row.path);
  row = SubjectRow();
  row.uses = data_.free_subject;
  data_.free_subject = subject;
}

// Takes over the uses of `uids`. Sorted by number, so that equal sets are equal.
std::uint32_t Editor::InternAction(bc::Constraint::Kind kind, std::vector<std::uint32_t> uids) {
  if (kind == bc::Constraint::Kind::kAny) return 0;
  std::sort(uids.begin(), uids.end());
  const ActionRow wanted{kind, static_cast<std::uint32_t>(uids.size()), uids.data(), 1};
  const std::uint64_t hash = HashOf(wanted);
  const std::uint32_t* known = data_.action_by_hash.Find(hash, [&](std::uint32_t other) {
    const ActionRow& row = data_.actions[other];
    return row.kind == kind && std::equal(row.uids, row.uids + row.count, uids.begin(), uids.end());
  });
  if (known != nullptr) {
    ++data_.actions.Edit(heap_, *known).uses;
    for (const std::uint32_t uid : uids) ReleaseUid(uid);
    return *known;
  }
  const std::uint32_t next =
      data_.free_action == kNoSymbol ? kNoSymbol : data_.actions[data_.free_action].uses;
  const std::uint32_t number = TakeRow(heap_, &data_.actions, &data_.free_action, next);
  auto* copy = heap_.New<std::uint32_t>(uids.size());
  std::copy(uids.begin(), uids.end(), copy);
  ActionRow& row = data_.actions.Edit(heap_, number);
  row = wanted;
  row.uids = copy;
  data_.action_by_hash.Insert(heap_, hash, number);
  for (const std::uint32_t uid : uids) {
    data_.action_mentions.Insert(heap_, store::Mix(uid), number);
  }
  return number;
}

void Editor::ReleaseAction(std::uint32_t action) {
  if (action == 0) return;
  ActionRow& row = data_.actions.Edit(heap_, action);
  if (--row.uses > 0) return;
  data_.action_by_hash.Erase(heap_, HashOf(row), action);
  for (std::uint32_t i = 0; i < row.count; ++i) {
    data_.action_mentions.Erase(heap_, store::Mix(row.uids[i]), action);
    ReleaseUid(row.uids[i]);
  }
  heap_.Retire(row.uids);
  row = ActionRow();
  row.uses = data_.free_action;
  data_.free_action = action;
}

}  // namespace assay::rt
