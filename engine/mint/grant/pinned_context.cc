// The hash over pinned members of a context, in a form that others can compute: RFC 8785.
#include <algorithm>
#include <string>
#include <vector>

#include "assay/mint/grant.h"
#include "assay/mint/limits.h"
#include "engine/base/utf8.h"
#include "engine/mint/base/guard.h"
#include "engine/mint/jose/digest.h"
#include "engine/mint/jose/json.h"

namespace assay::mint {

namespace {

// Beyond this a number of JSON is not exact everywhere (RFC 7493).
constexpr std::int64_t kMostExact = 9'007'199'254'740'991;

// RFC 8785 orders members by UTF-16 code units. That is the order of code points but for those
// above U+FFFF, whose units begin at U+D800.
bool Utf16Less(std::string_view a, std::string_view b) {
  std::size_t i = 0;
  std::size_t j = 0;
  const auto weight = [](char32_t c) -> std::uint64_t {
    if (c <= 0xffff) return std::uint64_t{c} << 32;
    const char32_t offset = c - 0x10000;
    return std::uint64_t{0xd800 + (offset >> 10)} << 32 | (0xdc00 + (offset & 0x3ff));
  };
  while (i < a.size() && j < b.size()) {
    const auto left = utf8::Decode(a, i);
    const auto right = utf8::Decode(b, j);
    if (left.code_point != right.code_point) {
      return weight(left.code_point) < weight(right.code_point);
    }
    i += left.length;
    j += right.length;
  }
  return i == a.size() && j < b.size();
}

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
      case Kind::kIpAddr: return AppendExtension(value, out);
      case Kind::kUndefined: return false;
    }
    return false;
  }

  bool AppendRecord(const Record& record, std::string* out, std::uint32_t depth) {
    std::vector<const Record::value_type*> members;
    for (const auto& member : record) {
      if (utf8::ValidPrefix(member.first) != member.first.size()) return false;
      // Would read as one of the forms above.
      if (member.first == "__entity" || member.first == "__extn" || member.first == "__long") {
        return false;
      }
      members.push_back(&member);
    }
    std::sort(members.begin(), members.end(),
              [](const auto* a, const auto* b) { return Utf16Less(a->first, b->first); });
    out->push_back('{');
    for (const auto* member : members) {
      if (member != members.front()) out->push_back(',');
      jose::AppendJsonString(member->first, out);
      out->push_back(':');
      if (!Append(member->second, out, depth + 1)) return false;
    }
    out->push_back('}');
    return true;
  }

 private:
  static bool AppendText(const std::string& text, std::string* out) {
    if (utf8::ValidPrefix(text) != text.size()) return false;
    jose::AppendJsonString(text, out);
    return true;
  }

  static void AppendLong(std::int64_t number, std::string* out) {
    const std::string text = std::to_string(number);
    const bool exact = number >= -kMostExact && number <= kMostExact;
    out->append(exact ? text : "{\"__long\":\"" + text + "\"}");
  }

  static bool AppendEntity(const EntityUid& uid, std::string* out) {
    out->append("{\"__entity\":{\"id\":");
    if (!AppendText(uid.id, out)) return false;
    out->append(",\"type\":");
    if (!AppendText(uid.type, out)) return false;
    out->append("}}");
    return true;
  }

  // `decimal("1.5")` has its function and its argument in its text. An instant is written there as
  // an offset, which is one argument more: it is its milliseconds here.
  static bool AppendExtension(const Value& value, std::string* out) {
    std::string function;
    std::string argument;
    if (const Datetime* datetime = value.As<Datetime>()) {
      function = "datetime";
      argument = std::to_string(datetime->milliseconds);
    } else {
      const std::string text = value.ToCedar();
      const std::size_t open = text.find("(\"");
      if (open == std::string::npos || text.size() < open + 4) return false;
      function = text.substr(0, open);
      argument = text.substr(open + 2, text.size() - open - 4);
    }
    out->append("{\"__extn\":{\"arg\":");
    jose::AppendJsonString(argument, out);
    out->append(",\"fn\":");
    jose::AppendJsonString(function, out);
    out->append("}}");
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
    Record pinned;
    for (const std::string& member : members) {
      const auto found = context.find(member);
      if (found == context.end()) return Refusal{RefusalId::kContextUnfit};
      pinned.insert(*found);
    }
    std::string text;
    if (!Writer().AppendRecord(pinned, &text, 0)) return Refusal{RefusalId::kContextUnfit};
    std::string hash = jose::Sha256Text(text);
    if (hash.empty()) return Refusal{RefusalId::kCryptoFailed};
    return hash;
  });
}

}  // namespace assay::mint
