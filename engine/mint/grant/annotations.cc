#include "assay/mint/annotations.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "assay/mint/limits.h"
#include "engine/base/suggest.h"
#include "engine/base/utf8.h"
#include "engine/bytecode/program_parts.h"
#include "stdlib/types/duration.h"

namespace assay::mint {

namespace {

constexpr std::string_view kPrefix = "grant_";

enum class Annotation : std::uint8_t {
#define ANNOTATION(Name, key, example, text) Name,
#include "assay/mint/annotations.def"
#undef ANNOTATION
};

struct Row {
  std::string_view key, example, text;
};
constexpr Row kRows[] = {
#define ANNOTATION(Name, key, example, text) {key, example, text},
#include "assay/mint/annotations.def"
#undef ANNOTATION
};

// Each reads one value into the shape; false if it is not well formed.

bool ReadTtl(std::string_view value, GrantShape* shape) {
  std::int64_t milliseconds = 0;
  if (stdlib::ParseDuration(value, &milliseconds) != stdlib::DurationError::kNone) return false;
  if (milliseconds <= 0 || milliseconds % stdlib::kMillisecondsPerSecond != 0) return false;
  shape->most_seconds = milliseconds / stdlib::kMillisecondsPerSecond;
  return true;
}

bool ReadUses(std::string_view value, GrantShape* shape) {
  std::uint32_t uses = 0;
  const char* end = value.data() + value.size();
  const auto [at, error] = std::from_chars(value.data(), end, uses);
  if (error != std::errc() || at != end || uses < 1 || uses > limits::kUses) return false;
  if (value.front() == '0') return false;
  shape->most_uses = uses;
  return true;
}

bool ReadBinding(std::string_view value, GrantShape* shape) {
  if (value == "mtls") {
    shape->bindings = {.mtls = true, .dpop = false, .bearer = false};
  } else if (value == "dpop") {
    shape->bindings = {.mtls = false, .dpop = true, .bearer = false};
  } else if (value == "bearer") {
    shape->bindings = {.mtls = true, .dpop = true, .bearer = true};
  } else {
    return false;
  }
  return true;
}

bool ReadRisk(std::string_view value, GrantShape* shape) {
  if (value != "high" && value != "normal") return false;
  shape->high_risk = value == "high";
  return true;
}

// Not empty, not long, and nothing in it that hides in print or cannot be in a claim.
bool IsText(std::string_view text) {
  if (text.empty() || text.size() > limits::kClaimBytes) return false;
  if (utf8::ValidPrefix(text) != text.size()) return false;
  for (std::size_t at = 0; at < text.size();) {
    const auto [code_point, length] = utf8::Decode(text, at);
    if (utf8::IsUnsafeToPrint(code_point)) return false;
    at += length;
  }
  return true;
}

bool ReadAudience(std::string_view value, GrantShape* shape) {
  if (!IsText(value)) return false;
  shape->audience = value;
  return true;
}

bool ReadPin(std::string_view value, GrantShape* shape) {
  std::set<std::string> members;
  for (bool more = true; more;) {
    const std::size_t comma = std::min(value.find(','), value.size());
    std::string_view name = value.substr(0, comma);
    while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
    while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
    if (!IsText(name) || !members.emplace(name).second) return false;
    more = comma < value.size();
    value.remove_prefix(more ? comma + 1 : comma);
  }
  if (members.size() > limits::kPinnedMembers) return false;
  shape->pinned_members = std::move(members);
  return true;
}

bool Read(Annotation annotation, std::string_view value, GrantShape* shape) {
  switch (annotation) {
    case Annotation::kTtl: return ReadTtl(value, shape);
    case Annotation::kUses: return ReadUses(value, shape);
    case Annotation::kBinding: return ReadBinding(value, shape);
    case Annotation::kRisk: return ReadRisk(value, shape);
    case Annotation::kAudience: return ReadAudience(value, shape);
    case Annotation::kPin: return ReadPin(value, shape);
  }
  return false;
}

AnnotationError Unknown(std::string_view key) {
  std::array<std::string_view, std::size(kRows)> names;
  std::transform(std::begin(kRows), std::end(kRows), names.begin(),
                 [](const Row& row) { return row.key; });
  std::string hint = DidYouMean(key.substr(kPrefix.size()), names);
  if (hint.empty()) {
    hint = "known are";
    for (const std::string_view name : names) {
      hint.append(name == names.front() ? " `" : ", `").append(kPrefix).append(name).append("`");
    }
  }
  return {"there is no annotation `" + std::string(key) + "` for grants", std::move(hint)};
}

template <typename T>
std::optional<T> Least(const std::optional<T>& a, const std::optional<T>& b) {
  if (!a) return b;
  if (!b) return a;
  return std::min(*a, *b);
}

}  // namespace

bool BindingSet::Has(BindingKind kind) const {
  switch (kind) {
    case BindingKind::kMtls: return mtls;
    case BindingKind::kDpop: return dpop;
    case BindingKind::kBearer: return bearer;
  }
  return false;
}

bool IsGrantAnnotation(std::string_view key) noexcept {
  return key.substr(0, kPrefix.size()) == kPrefix;
}

std::optional<AnnotationError> AddGrantAnnotation(std::string_view key, std::string_view value,
                                                  GrantShape* shape) {
  if (!IsGrantAnnotation(key)) return std::nullopt;
  const auto row = std::find_if(std::begin(kRows), std::end(kRows), [&](const Row& candidate) {
    return candidate.key == key.substr(kPrefix.size());
  });
  if (row == std::end(kRows)) return Unknown(key);
  if (Read(static_cast<Annotation>(row - std::begin(kRows)), value, shape)) return std::nullopt;
  return AnnotationError{
      "the value of `" + std::string(key) + "` is not well formed: it is " + std::string(row->text),
      "write it like `@" + std::string(key) + "(\"" + std::string(row->example) + "\")`"};
}

std::vector<PolicyProblem> CheckGrantAnnotations(const Program& program) {
  std::vector<PolicyProblem> problems;
  const auto check = [&](const std::string& id, const bc::Rule& rule) {
    GrantShape shape;
    for (const bc::Annotation& annotation : rule.annotations) {
      auto error = AddGrantAnnotation(annotation.key, annotation.value, &shape);
      if (error) problems.push_back({id, *std::move(error)});
    }
  };
  const bc::ProgramParts& parts = program.parts();
  for (const bc::PolicyEntry& entry : parts.policies) check(entry.id, parts.rules[entry.rule]);
  // Links may be made of a template later.
  for (const bc::TemplateEntry& entry : parts.templates) check(entry.id, parts.rules[entry.rule]);
  return problems;
}

Result<GrantShape> Narrowest(const GrantShape& a, const GrantShape& b) {
  if (a.audience && b.audience && *a.audience != *b.audience) {
    return Error{ErrorCode::kInvalidArgument, "the policies name different audiences"};
  }
  GrantShape both = a;
  both.most_seconds = Least(a.most_seconds, b.most_seconds);
  both.most_uses = Least(a.most_uses, b.most_uses);
  both.bindings = {.mtls = a.bindings.mtls && b.bindings.mtls,
                   .dpop = a.bindings.dpop && b.bindings.dpop,
                   .bearer = a.bindings.bearer && b.bindings.bearer};
  if (both.bindings == BindingSet{false, false, false}) {
    return Error{ErrorCode::kInvalidArgument, "the policies leave no binding that all allow"};
  }
  both.high_risk = a.high_risk || b.high_risk;
  if (b.audience) both.audience = b.audience;
  both.pinned_members.insert(b.pinned_members.begin(), b.pinned_members.end());
  return both;
}

}  // namespace assay::mint
