// Order, equality and type names of the oracle's values.
#include "tests/oracle/value.h"

namespace assay::oracle {
namespace {

int CompareSets(const Set& a, const Set& b) {
  auto left = a.begin();
  auto right = b.begin();
  for (; left != a.end() && right != b.end(); ++left, ++right) {
    if (const int order = Value::Compare(*left, *right); order != 0) return order;
  }
  return static_cast<int>(left != a.end()) - static_cast<int>(right != b.end());
}

int CompareRecords(const Record& a, const Record& b) {
  auto left = a.begin();
  auto right = b.begin();
  for (; left != a.end() && right != b.end(); ++left, ++right) {
    if (const int order = left->first.compare(right->first); order != 0) return order;
    if (const int order = Value::Compare(left->second, right->second); order != 0) return order;
  }
  return static_cast<int>(left != a.end()) - static_cast<int>(right != b.end());
}

}  // namespace

const Set* Value::AsSet() const {
  const auto* pointer = As<std::shared_ptr<const Set>>();
  return pointer == nullptr ? nullptr : pointer->get();
}

const Record* Value::AsRecord() const {
  const auto* pointer = As<std::shared_ptr<const Record>>();
  return pointer == nullptr ? nullptr : pointer->get();
}

int Value::Compare(const Value& a, const Value& b) {
  if (a.data.index() != b.data.index()) return a.data.index() < b.data.index() ? -1 : 1;
  if (a.AsSet() != nullptr) return CompareSets(*a.AsSet(), *b.AsSet());
  if (a.AsRecord() != nullptr) return CompareRecords(*a.AsRecord(), *b.AsRecord());
  if (a.data < b.data) return -1;
  return b.data < a.data ? 1 : 0;
}

Value MakeSet(Set elements) { return {std::make_shared<const Set>(std::move(elements))}; }

Value MakeRecord(Record members) { return {std::make_shared<const Record>(std::move(members))}; }

std::string TypeName(const Value& value) {
  if (const Uid* uid = value.As<Uid>()) return "(entity of type `" + uid->type + "`)";
  constexpr std::array kNames = {"bool",   "long",     "string",  "",         "set",
                                 "record", "datetime", "decimal", "duration", "ipaddr"};
  return kNames[value.data.index()];
}

Failure WrongType(const std::string& expected, const Value& got) {
  return {"type error: expected " + expected + ", got " + TypeName(got)};
}

}  // namespace assay::oracle
