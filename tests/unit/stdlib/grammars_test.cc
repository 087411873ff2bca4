// The grammars of Cedar's literals, written from the language's specification as regular
// expressions, against the hand-written scanners: RE2 is the second opinion.
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <functional>
#include <random>

#include "compiler/cedar/parse.h"
#include "engine/base/names.h"
#include "engine/base/utf8.h"
#include "stdlib/types/datetime.h"
#include "stdlib/types/decimal.h"
#include "stdlib/types/duration.h"
#include "stdlib/types/ipaddr.h"

namespace assay::stdlib {
namespace {

// How one kind of literal is compared.
struct Literal {
  std::string grammar;
  std::function<bool(const std::string&)> scan;
  std::vector<std::string> seeds;    // what mutation starts from; both verdicts occur
  std::string alphabet;              // what mutation puts in
  std::string except = "[^\\s\\S]";  // what is refused all the same; RE2 has no look-ahead
};

constexpr int kMutationsOfEachSeed = 3000;

// One to three edits: insert, delete, replace, repeat a part, or take a part of another seed.
std::string Mutated(std::string text, const Literal& literal, std::mt19937* random) {
  const auto below = [&](std::size_t n) { return n == 0 ? 0 : (*random)() % n; };
  const auto character = [&] { return literal.alphabet[below(literal.alphabet.size())]; };
  for (std::size_t edits = 1 + below(3); edits > 0; --edits) {
    const std::size_t at = below(text.size() + 1);
    const std::string& other = literal.seeds[below(literal.seeds.size())];
    switch (below(5)) {
      case 0: text.insert(at, 1, character()); break;
      case 1: text.erase(at, 1 + below(2)); break;
      case 2:
        if (at < text.size()) text[at] = character();
        break;
      case 3: text.insert(at, text.substr(below(text.size()), 1 + below(4))); break;
      default: text = text.substr(0, at) + other.substr(below(other.size())); break;
    }
  }
  return text;
}

// Compares the verdicts on all seeds and many mutations of them.
void Compare(const Literal& literal) {
  const RE2 grammar(literal.grammar), except(literal.except);
  ASSERT_TRUE(grammar.ok() && except.ok()) << grammar.error() << except.error();
  std::mt19937 random(20240115);  // NOLINT: the same texts on every run
  std::size_t accepted = 0, refused = 0;
  const auto check = [&](const std::string& text) {
    if (utf8::ValidPrefix(text) != text.size()) return;  // never reaches a scanner
    const bool expected = RE2::FullMatch(text, grammar) && !RE2::FullMatch(text, except);
    ASSERT_EQ(literal.scan(text), expected) << "\"" << text << "\"";
    ++(expected ? accepted : refused);
  };
  for (const std::string& seed : literal.seeds) {
    check(seed);
    for (int i = 0; i < kMutationsOfEachSeed; ++i) check(Mutated(seed, literal, &random));
  }
  EXPECT_GT(accepted, 500U);
  EXPECT_GT(refused, 500U);
}

// Integers are read by the lexer, which knows nothing of signs; so the parser says.
bool IsIntegerLiteral(const std::string& text) {
  Sources sources;
  Diagnostics diagnostics;
  cedar::Ast ast;
  const auto expr =
      cedar::ParseExpression(sources, sources.Add("e", text), Limits{}, &ast, &diagnostics);
  return expr && ast[*expr].kind == cedar::ExprKind::kLong;
}

// Whole numbers up to `limit`, leading zeros allowed.
std::string AtMost(const std::string& limit) {
  std::string grammar = "0*(?:" + limit + "|[0-9]{1," + std::to_string(limit.size() - 1) + "}";
  for (std::size_t i = 0; i < limit.size(); ++i) {
    if (limit[i] == '0') continue;
    grammar += "|" + limit.substr(0, i) + "[0-" + static_cast<char>(limit[i] - 1) + "][0-9]{" +
               std::to_string(limit.size() - i - 1) + "}";
  }
  return grammar + ")";
}

TEST(Grammars, Integer) {
  // 0 to 2^63 - 1, or with a minus to 2^63; leading zeros are allowed.
  Compare({.grammar = AtMost("9223372036854775807") + "|-" + AtMost("9223372036854775808"),
           .scan = IsIntegerLiteral,
           .seeds = {"0", "-0", "007", "1234567890123456789", "9223372036854775807",
                     "-9223372036854775808", "9223372036854775808", "9199999999999999999",
                     "9223372036854775799", "10000000000000000000"},
           .alphabet = "0123456789-_a"});
}

TEST(Grammars, Identifier) {
  Compare({.grammar = "[_a-zA-Z][_a-zA-Z0-9]*",
           .scan = IsIdentifier,
           .seeds = {"a", "_", "A1", "ab_cd", "principal", "if", "x9y", "", "9a", "a-b"},
           .alphabet = "azAZ09_-.: \xC3\xA9"});
}

TEST(Grammars, Path) {
  Compare({.grammar = "[_a-zA-Z][_a-zA-Z0-9]*(?:::[_a-zA-Z][_a-zA-Z0-9]*)*",
           .scan = IsTypeName,
           .seeds = {"User", "A::B", "A::B::C", "in", "A::is", "if::B", "__cedar::X", "inn",
                     "A::__cedar", "has_x", "A:B", "A::", "::A", ""},
           .alphabet = "AUseirnf:: _0",
           .except = "(?:.*::)?(?:true|false|if|then|else|in|is|like|has|__cedar)(?:::.*)?"});
}

TEST(Grammars, Decimal) {
  // -922337203685477.5808 to 922337203685477.5807, with one to four places.
  const std::string smaller = AtMost("922337203685476") + "\\.[0-9]{1,4}";
  const std::string largest =
      "0*922337203685477\\.(?:[0-4][0-9]{0,3}|5[0-7]?|5[0-7][0-9]{1,2}|58|580";
  Compare({.grammar = "-?" + smaller + "|" + largest + "|580[0-7])|-" + largest + "|580[0-8])",
           .scan =
               [](const std::string& text) {
                 std::int64_t value = 0;
                 return ParseDecimal(text, &value) == DecimalError::kNone;
               },
           .seeds = {"0.0", "1.5", "-1.5", "12.3456", "-0.0001", "00012.34", "99999999.9999",
                     "-12345678.0", "1.", ".5", "1.23456", "922337203685477.5807",
                     "-922337203685477.5808", "922337203685476.9999"},
           .alphabet = "0123456789.-+e "});
}

TEST(Grammars, DecimalFormIsOfAnyScript) {
  // Which of two errors is reported depends on the form alone.
  Compare({.grammar = "-?\\p{Nd}+\\.\\p{Nd}+",
           .scan =
               [](const std::string& text) {
                 std::int64_t value = 0;
                 return ParseDecimal(text, &value) != DecimalError::kBadFormat;
               },
           .seeds = {"1.5", "-\u0661\u0662.\u0663", "\uFF11.5", "1.\u0966", "\u00B2.5", "\u2160.1",
                     "\U0001D7CE.0"},
           .alphabet = "0123456789.-+"});
}

TEST(Grammars, Duration) {
  Compare({.grammar = "-?(?:[0-9]+d(?:[0-9]+h)?(?:[0-9]+m)?(?:[0-9]+s)?(?:[0-9]+ms)?|"
                      "[0-9]+h(?:[0-9]+m)?(?:[0-9]+s)?(?:[0-9]+ms)?|"
                      "[0-9]+m(?:[0-9]+s)?(?:[0-9]+ms)?|[0-9]+s(?:[0-9]+ms)?|[0-9]+ms)",
           .scan =
               [](const std::string& text) {
                 std::int64_t value = 0;
                 return ParseDuration(text, &value) != DurationError::kPattern;
               },
           .seeds = {"1d2h3m4s5ms", "-1d", "0ms", "12h30m", "1m1ms", "99999999999999999999d",
                     "1s1m", "1d2d", "5"},
           .alphabet = "0123456789dhms-+ "});
}

// The calendar too can be said with regular expressions: which years are leap years shows in their
// last four digits.
TEST(Grammars, Datetime) {
  const std::string leap =
      "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)";
  const std::string date =
      "(?:[0-9]{4}-(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|"
      "[0-9]{4}-(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|"
      "[0-9]{4}-02-(?:0[1-9]|1[0-9]|2[0-8])|" +
      leap + "-02-29)";
  const std::string hour = "(?:[01][0-9]|2[0-3])", minute = "[0-5][0-9]";
  const std::string time = hour + ":" + minute + ":" + minute + "(?:\\.[0-9]{3})?";
  Compare({.grammar = date + "(?:T" + time + "(?:Z|[+-]" + hour + minute + "))?",
           .scan =
               [](const std::string& text) {
                 std::int64_t value = 0;
                 return ParseDatetime(text, &value) == DatetimeError::kNone;
               },
           .seeds = {"2024-02-29", "1900-02-29", "2000-02-29T00:00:00Z", "0000-02-29",
                     "2023-12-31T23:59:59.999Z", "1970-01-01T00:00:00+0000",
                     "2024-04-30T12:34:56.789-2359", "2024-01-01T00:00:00", "9999-11-31"},
           .alphabet = "0123456789-:TZ.+ "});
}

TEST(Grammars, IpAddress) {
  const std::string octet = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  const std::string v4 = octet + "(?:\\." + octet + "){3}(?:/(?:3[0-2]|[12]?[0-9]))?";
  // `::` stands for at least one group, so at most seven groups stand around it.
  const std::string group = "[0-9a-fA-F]{1,4}";
  std::string v6 = group + "(?::" + group + "){7}";
  for (int before = 0; before <= 7; ++before) {
    const int after = 7 - before;
    const std::string head =
        before == 0 ? "" : group + "(?::" + group + "){" + std::to_string(before - 1) + "}";
    const std::string tail =
        after == 0 ? ""
                   : "(?:" + group + "(?::" + group + "){0," + std::to_string(after - 1) + "})?";
    v6 += "|" + head + "::" + tail;
  }
  v6 = "(?:" + v6 + ")(?:/(?:12[0-8]|1[01][0-9]|[1-9]?[0-9]))?";
  Compare({.grammar = v4 + "|" + v6,
           .scan =
               [](const std::string& text) {
                 IpAddr ip;
                 return ParseIp(text, &ip) == IpError::kNone;
               },
           .seeds = {"1.2.3.4", "255.250.199.0/32", "10.0.0.0/8", "256.1.1.1", "::", "::1",
                     "1:2:3:4:5:6:7:8", "2001:db8::/32", "1:2:3:4:5:6:7::", "a::b:c/128",
                     "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128", "::ffff:1.2.3.4", "1::/129"},
           .alphabet = "0123456789abfF:./ g"});
}

}  // namespace
}  // namespace assay::stdlib
