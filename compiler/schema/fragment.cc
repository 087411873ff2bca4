#include "compiler/schema/fragment.h"

#include <algorithm>
#include <array>

namespace assay::schema {

namespace {

constexpr std::string_view kSeparator = "::";
constexpr std::array<std::string_view, 8> kReservedCommonTypes = {
    "Bool", "Boolean", "Entity", "Extension", "Long", "Record", "Set", "String"};

// Takes the first part off a path.
std::string_view TakePart(std::string_view* path) {
  const std::size_t separator = path->find(kSeparator);
  const std::string_view part = path->substr(0, separator);
  *path = separator == std::string_view::npos ? std::string_view()
                                              : path->substr(separator + kSeparator.size());
  return part;
}

}  // namespace

bool TypeExpr::is_empty_record() const { return form == TypeForm::kRecord && attributes.empty(); }

bool NameOrder::operator()(std::string_view a, std::string_view b) const {
  if (a.empty() || b.empty()) return a.empty() && !b.empty();
  if (const int order = BaseName(a).compare(BaseName(b)); order != 0) return order < 0;
  std::string_view left = NamespaceOf(a), right = NamespaceOf(b);
  while (!left.empty() && !right.empty()) {
    if (const int order = TakePart(&left).compare(TakePart(&right)); order != 0) return order < 0;
  }
  return left.empty() && !right.empty();
}

std::string_view BaseName(std::string_view name) {
  const std::size_t separator = name.rfind(kSeparator);
  return separator == std::string_view::npos ? name : name.substr(separator + kSeparator.size());
}

std::string_view NamespaceOf(std::string_view name) {
  const std::size_t separator = name.rfind(kSeparator);
  return separator == std::string_view::npos ? std::string_view() : name.substr(0, separator);
}

std::string Qualified(std::string_view space, std::string_view name) {
  std::string out(space);
  if (!out.empty()) out += kSeparator;
  return out += name;
}

bool IsReservedName(std::string_view name) {
  while (!name.empty()) {
    if (TakePart(&name) == "__cedar") return true;
  }
  return false;
}

bool IsReservedCommonType(std::string_view name) {
  return std::find(kReservedCommonTypes.begin(), kReservedCommonTypes.end(), name) !=
         kReservedCommonTypes.end();
}

}  // namespace assay::schema
