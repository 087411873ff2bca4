// The hash over pinned members of a context, in a form that others can compute: RFC 8785.
#include <algorithm>
#include <string>
#include <vector>

#include "assay/mint/grant.h"
#include "assay/mint/limits.h"
#include "engine/base/json_text.h"
#include "engine/base/utf8.h"
#include "engine/mint/base/guard.h"
#include "engine/mint/jose/digest.h"
#include "engine/mint/json/jcs.h"
#include "engine/mint/json/value_parts.h"

namespace assay::mint {

namespace {

// Beyond this a number of JSON is not exact everywhere (RFC 7493).
constexpr std::int64_t kMostExact = 9'007'199'254'740'991;

class Writer {
 public:
  // False if the value has no such form.
  bool Append(const Value& value, std::string* out, std::uint32_t depth = 0) {
    if (depth > limits::kPinnedDepth) return false;
    switch (value.kind()) {
      case Kind::kBool: out->append(*value.As<bool>() ? "true" : "false"); return true;
      case Kind::kLong: AppendLong(*value.As<std::int64_t>(), out); return true;
      case Kind::kString: return AppendText(*value.As<std::string>(), out);
      case Kind::kEntity: return AppendEntity(*value.As<EntityUid>(), out);
      case Kind::kSet: return AppendSet(*value.As<Value::Set>(), out, depth);
      case Kind::kRecord: return AppendRecord(*value.As<Record>(), out, depth);
      case Kind::kDatetime:
      case Kind::kDecimal:
      case Kind::kDuration:
      case Kind::kIpAddr: return AppendCalled(value, out);
      case Kind::kUndefined: return false;
    }
    return false;
  }

  using Members = std::vector<const Record::value_type*>;

  // Each with a name of its own.
  bool AppendMembers(Members members, std::string* out, std::uint32_t depth) {
    for (const auto* member : members) {
      const std::string& name = member->first;
      if (utf8::ValidPrefix(name) != name.size()) return false;
      // Would read as one of the forms above.
      if (name == "__entity" || name == "__extn" || name == "__long") return false;
    }
    std::sort(members.begin(), members.end(),
              [](const auto* a, const auto* b) { return jcs::IsBefore(a->first, b->first); });
    out->push_back('{');
    for (const auto* member : members) {
      if (member != members.front()) out->push_back(',');
      json::AppendString(member->first, out);
      out->push_back(':');
      if (!Append(member->second, out, depth + 1)) return false;
    }
    out->push_back('}');
    return true;
  }

 private:
  bool AppendRecord(const Record& record, std::string* out, std::uint32_t depth) {
    Members members;
    for (const auto& member : record) members.push_back(&member);
    return AppendMembers(std::move(members), out, depth);
  }

  static void AppendLong(std::int64_t number, std::string* out) {
    const std::string text = std::to_string(number);
    const bool exact = number >= -kMostExact && number <= kMostExact;
    out->append(exact ? text : "{\"__long\":\"" + text + "\"}");
  }

  static bool AppendEntity(const EntityUid& uid, std::string* out) {
    out->append("{\"__entity\":");
    if (!AppendUid(uid, out)) return false;
    out->push_back('}');
    return true;
  }

  // An instant is written in Cedar as an offset, which is one argument more: it is its milliseconds
  // here.
  static bool AppendCalled(const Value& value, std::string* out) {
    out->append("{\"__extn\":");
    if (const Datetime* datetime = value.As<Datetime>()) {
      AppendCall("datetime", std::to_string(datetime->milliseconds), out);
    } else if (!AppendExtension(value, out)) {
      return false;
    }
    out->push_back('}');
    return true;
  }

  bool AppendSet(const Value::Set& set, std::string* out, std::uint32_t depth) {
    std::vector<std::string> elements(set.size());
    for (std::size_t i = 0; i < set.size(); ++i) {
      if (!Append(set[i], &elements[i], depth + 1)) return false;
    }
    std::sort(elements.begin(), elements.end());
    out->push_back('[');
    for (const std::string& element : elements) {
      if (out->back() != '[') out->push_back(',');
      out->append(element);
    }
    out->push_back(']');
    return true;
  }
};

}  // namespace

Checked<std::string> HashPinnedContext(const Value::Record& context,
                                       const std::vector<std::string>& members) noexcept {
  return Guard([&]() -> Checked<std::string> {
    Writer::Members pinned;
    for (const std::string& name : members) {
      const auto found = context.find(name);
      if (found == context.end()) return Refusal{RefusalId::kContextUnfit};
      pinned.push_back(&*found);
    }
    // A name that is given twice is one member.
    std::sort(pinned.begin(), pinned.end());
    pinned.erase(std::unique(pinned.begin(), pinned.end()), pinned.end());
    std::string text;
    if (!Writer().AppendMembers(std::move(pinned), &text, 0))
      return Refusal{RefusalId::kContextUnfit};
    std::string hash = jose::Sha256Text(text);
    if (hash.empty()) return Refusal{RefusalId::kCryptoFailed};
    return hash;
  });
}

}  // namespace assay::mint
