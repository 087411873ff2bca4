// Expressions by size: those of one size are all ways to put an operator over smaller ones.
#include "tests/property/enumerate.h"

#include <array>
#include <string_view>

namespace assay::testing {
namespace {

using Texts = std::vector<std::string>;
using Take = std::function<void(const std::string&)>;

constexpr std::array kLeaves = {
    "true",
    "1",
    "9223372036854775807",
    "\"a\"",
    "principal",
    "resource",
    "context",
    "User::\"b\"",
    "User::\"none\"",
    "[]",
    "[1, User::\"b\"]",
    "{}",
    "-2",
    "ip(\"127.0.0.1\")",
    "decimal(\"1.0\")",
    "datetime(\"2024-01-01\")",
    "duration(\"-1d\")",
};

// `@` is the operand. What stands alone needs no parentheses; operands always have them.
constexpr std::array kUnary = {
    "!@",
    "-@",
    "@.a",
    "@[\"b c\"]",
    "@ has a",
    "@ has a.a",
    "@ like \"a*\"",
    "@ is User",
    "@.isEmpty()",
    "[@]",
    "{a: @}",
    "ip(@)",
    "decimal(@)",
    "datetime(@)",
    "duration(@)",
    "@.isIpv4()",
    "@.isIpv6()",
    "@.isLoopback()",
    "@.isMulticast()",
    "@.toDate()",
    "@.toTime()",
    "@.toMilliseconds()",
    "@.toSeconds()",
    "@.toMinutes()",
    "@.toHours()",
    "@.toDays()",
    "@.isInRange()",
};

// `@` is the left operand, `#` the right.
constexpr std::array kBinary = {
    "@ == #",
    "@ != #",
    "@ < #",
    "@ <= #",
    "@ > #",
    "@ >= #",
    "@ in #",
    "@ + #",
    "@ - #",
    "@ * #",
    "@ && #",
    "@ || #",
    "@ is User in #",
    "[@, #]",
    "{\"b c\": @, a: #}",
    "@.contains(#)",
    "@.containsAll(#)",
    "@.containsAny(#)",
    "@.getTag(#)",
    "@.hasTag(#)",
    "@.isInRange(#)",
    "@.lessThan(#)",
    "@.lessThanOrEqual(#)",
    "@.greaterThan(#)",
    "@.greaterThanOrEqual(#)",
    "@.offset(#)",
    "@.durationSince(#)",
    "@.toDate(#)",
};

std::string Fill(std::string_view form, const std::string& left, const std::string& right) {
  std::string text;
  for (const char c : form) {
    if (c == '@') {
      text += "(" + left + ")";
    } else if (c == '#') {
      text += "(" + right + ")";
    } else {
      text += c;
    }
  }
  return text;
}

// All expressions of `size` nodes, from those of each smaller size.
void Combine(const std::vector<Texts>& by_size, std::size_t size, const Take& take) {
  for (const char* form : kUnary) {
    for (const std::string& operand : by_size[size - 1]) take(Fill(form, operand, ""));
  }
  for (std::size_t left_size = 1; left_size + 1 < size; ++left_size) {
    for (const char* form : kBinary) {
      for (const std::string& left : by_size[left_size]) {
        for (const std::string& right : by_size[size - 1 - left_size]) {
          take(Fill(form, left, right));
        }
      }
    }
  }
}

void CombineIf(const Texts& leaves, const Take& take) {
  for (const std::string& condition : leaves) {
    for (const std::string& yes : leaves) {
      for (const std::string& no : leaves) {
        take("if (" + condition + ") then (" + yes + ") else (" + no + ")");
      }
    }
  }
}

}  // namespace

void ForEachExpression(const Take& take) {
  std::vector<Texts> by_size = {{}, Texts(kLeaves.begin(), kLeaves.end())};
  for (const std::string& leaf : by_size[1]) take(leaf);
  for (std::size_t size = 2; size <= 3; ++size) {
    Texts texts;
    Combine(by_size, size, [&texts](const std::string& text) { texts.push_back(text); });
    for (const std::string& text : texts) take(text);
    by_size.push_back(std::move(texts));
  }
  Combine(by_size, 4, take);
  CombineIf(by_size[1], take);
}

World SmallWorld(const std::vector<std::string>& expressions) {
  World world;
  for (const std::string& expression : expressions) {
    world.policies.emplace_back("p" + std::to_string(world.policies.size()),
                                "permit(principal, action, resource) when { " + expression + " };");
  }
  world.entities = {
      R"({"uid":{"type":"User","id":"a"},"parents":[{"type":"User","id":"b"}])"
      R"(,"attrs":{"a":1,"b c":{"__entity":{"type":"User","id":"b"}}},"tags":{"a":true}})",
      R"({"uid":{"type":"User","id":"b"},"parents":[],"tags":{"b":1})"
      R"(,"attrs":{"a":{"a":"a"},"b c":[1]}})",
      R"({"uid":{"type":"Doc","id":"c"},"parents":[{"type":"User","id":"b"}])"
      R"(,"attrs":{"a":true}})"};
  world.requests = {
      R"({"principal":{"type":"User","id":"a"},"action":{"type":"Action","id":"x"})"
      R"(,"resource":{"type":"Doc","id":"c"},"context":{"a":"a"}})",
      R"({"principal":{"type":"User","id":"b"},"action":{"type":"Action","id":"x"})"
      R"(,"resource":{"type":"User","id":"a"},"context":{"b c":{"__extn":{"fn":"duration","arg":"1d"}}}})",
      R"({"principal":{"type":"User","id":"none"},"action":{"type":"Action","id":"x"})"
      R"(,"resource":{"type":"User","id":"b"}})"};
  return world;
}

std::uint64_t ForEachSmallWorld(std::uint64_t stride,
                                const std::function<bool(const World&)>& check) {
  constexpr std::size_t kPolicies = 500;
  std::uint64_t index = 0;
  std::uint64_t checked = 0;
  bool going = true;
  std::vector<std::string> batch;
  const auto flush = [&] {
    if (batch.empty() || !going) return;
    going = check(SmallWorld(batch));
    checked += batch.size();
    batch.clear();
  };
  ForEachExpression([&](const std::string& expression) {
    if (!going || index++ % stride != 0) return;
    batch.push_back(expression);
    if (batch.size() == kPolicies) flush();
  });
  flush();
  return checked;
}

}  // namespace assay::testing
