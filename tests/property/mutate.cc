// Where and what to change.
#include "tests/property/mutate.h"

#include <utility>
#include <vector>

namespace assay::testing {
namespace {

// clang-format off: one token a line would fill two screens
const std::vector<std::string>& CedarTokens() {
  static const std::vector<std::string> tokens = {"(",
                                                  ")",
                                                  "{",
                                                  "}",
                                                  "[",
                                                  "]",
                                                  ",",
                                                  ";",
                                                  ":",
                                                  "::",
                                                  ".",
                                                  "==",
                                                  "=",
                                                  "!=",
                                                  "!",
                                                  "!!!!!",
                                                  "-",
                                                  "-----",
                                                  "+",
                                                  "*",
                                                  "/",
                                                  "%",
                                                  "<",
                                                  "<=",
                                                  "&&",
                                                  "&",
                                                  "||",
                                                  "|",
                                                  "@",
                                                  "@id",
                                                  "@a(\"b\")",
                                                  "?",
                                                  "?x",
                                                  "\"",
                                                  "'",
                                                  "\\",
                                                  "\\u{d800}",
                                                  "\\x80",
                                                  "\\u{}",
                                                  "\\*",
                                                  "//",
                                                  "/*",
                                                  " if ",
                                                  " then ",
                                                  " else ",
                                                  " in ",
                                                  " is ",
                                                  " has ",
                                                  " like ",
                                                  " when ",
                                                  " unless ",
                                                  " true ",
                                                  " principal ",
                                                  " action ",
                                                  " resource ",
                                                  " context ",
                                                  "permit",
                                                  " when {",
                                                  "}unless{",
                                                  " __cedar",
                                                  "a",
                                                  "a.b",
                                                  "[\"a\"]",
                                                  "[0]",
                                                  "User::\"a\"",
                                                  "User",
                                                  "A::B",
                                                  "Action::\"a\"",
                                                  ".contains(",
                                                  ".isEmpty()",
                                                  ".foo()",
                                                  ".foo",
                                                  "ip(",
                                                  "foo(",
                                                  "isIpv4",
                                                  "decimal",
                                                  "()",
                                                  "{}",
                                                  "[]",
                                                  "{a:1}",
                                                  "{a:1,a:2}",
                                                  "{if:1}",
                                                  "1",
                                                  "007",
                                                  "9223372036854775807",
                                                  "9223372036854775808",
                                                  "18446744073709551616",
                                                  "-9223372036854775808",
                                                  "is User",
                                                  "== 1",
                                                  "in [",
                                                  "has a.b",
                                                  "has \"a\"",
                                                  "like \"*\"",
                                                  "\t",
                                                  "\n",
                                                  "\r",
                                                  "\v",
                                                  "\u0085",
                                                  "\u00a0",
                                                  "\u200b",
                                                  "\ufeff",
                                                  "é",
                                                  "_",
                                                  "$",
                                                  "#",
                                                  "~",
                                                  "`",
                                                  "^"};
  return tokens;
}

const std::vector<std::string>& JsonTokens() {
  static const std::vector<std::string> tokens = {"{",
                                                  "}",
                                                  "[",
                                                  "]",
                                                  ",",
                                                  ":",
                                                  "\"",
                                                  "\\",
                                                  "null",
                                                  "true",
                                                  "1",
                                                  "-0",
                                                  "1.0",
                                                  "1e3",
                                                  "-",
                                                  "01",
                                                  "9223372036854775808",
                                                  "-9223372036854775809",
                                                  "\"__expr\"",
                                                  "\"__entity\"",
                                                  "\"__extn\"",
                                                  "\"type\"",
                                                  "\"id\"",
                                                  "\"fn\"",
                                                  "\"arg\"",
                                                  "\"args\"",
                                                  "\"ip\"",
                                                  "\"attrs\"",
                                                  "\"tags\"",
                                                  "\"x\":1,",
                                                  "\"x\":1,\"x\":1,",
                                                  ",\"x\":null",
                                                  "[1,2]",
                                                  "{}",
                                                  "{\"__expr\":\"1\"}",
                                                  "{\"__extn\":{\"fn\":\"decimal\",\"arg\":\"1\"}}",
                                                  "{\"__entity\":{\"type\":\"a b\",\"id\":\"\"}}",
                                                  "{\"__extn\":{\"fn\":\"foo\",\"arg\":\"1\"}}",
                                                  "User::A",
                                                  "__cedar",
                                                  " ",
                                                  "\n",
                                                  "\\u0000",
                                                  "/",
                                                  "é",
                                                  "\x01"};
  return tokens;
}

const std::vector<std::string>& SchemaTokens() {
  static const std::vector<std::string> tokens = {" entity ",
                                                  " type ",
                                                  " namespace ",
                                                  " action ",
                                                  " in ",
                                                  " enum ",
                                                  " tags ",
                                                  " appliesTo ",
                                                  " principal",
                                                  " resource",
                                                  " context",
                                                  " attributes ",
                                                  "namespace A {",
                                                  "namespace NS {",
                                                  "}",
                                                  "{",
                                                  "[",
                                                  "]",
                                                  "<",
                                                  ">",
                                                  "(",
                                                  ")",
                                                  ";",
                                                  ",",
                                                  ":",
                                                  "?",
                                                  ":: ",
                                                  "=",
                                                  "@",
                                                  "@doc(\"x\")",
                                                  "@a",
                                                  "Set<",
                                                  "Set",
                                                  "Long",
                                                  "String",
                                                  "Bool",
                                                  "Boolean",
                                                  "Record",
                                                  "Entity",
                                                  "Extension",
                                                  "ipaddr",
                                                  "__cedar::",
                                                  "__cedar::Long",
                                                  "__cedar",
                                                  "User",
                                                  "NS::Group",
                                                  "NS::",
                                                  "A::B::C",
                                                  "A::",
                                                  "T0",
                                                  "T1",
                                                  "NS::T0",
                                                  "Action",
                                                  "Action::\"a\"",
                                                  "NS::Action::\"a\"",
                                                  "\"a\"",
                                                  "\"b\"",
                                                  "\"\"",
                                                  "\"",
                                                  "\\",
                                                  "\\u{41}",
                                                  "a",
                                                  "_",
                                                  "if",
                                                  "true",
                                                  "1",
                                                  "//",
                                                  "\n",
                                                  "\r",
                                                  " ",
                                                  "é",
                                                  "\x01"};
  return tokens;
}

const std::vector<std::string>& SchemaJsonTokens() {
  static const std::vector<std::string> tokens = {
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      "\"",
      "null",
      "true",
      "false",
      "1",
      "\"\"",
      "\"a\"",
      "\"type\"",
      "\"name\"",
      "\"element\"",
      "\"attributes\"",
      "\"required\":false,",
      "\"required\":true,",
      "\"additionalAttributes\":false,",
      "\"additionalAttributes\":true,",
      "\"Set\"",
      "\"Record\"",
      "\"Entity\"",
      "\"EntityOrCommon\"",
      "\"Extension\"",
      "\"Long\"",
      "\"String\"",
      "\"Bool\"",
      "\"Boolean\"",
      "\"ipaddr\"",
      "\"__cedar::Long\"",
      "\"__cedar\"",
      "\"T0\"",
      "\"NS::T0\"",
      "\"User\"",
      "\"NS::Group\"",
      "\"Action\"",
      "{\"type\":\"Long\"}",
      "{\"type\":\"Set\"}",
      "{\"type\":\"Entity\",\"name\":\"User\"}",
      "{\"type\":\"Record\",\"attributes\":{}}",
      "{\"type\":\"Set\",\"element\":{\"type\":\"Bool\"}}",
      "{\"id\":\"a\"}",
      "{\"id\":\"a\",\"type\":\"NS::Action\"}",
      "\"memberOf\":[],",
      "\"memberOfTypes\":[\"User\"],",
      "\"shape\":{\"type\":\"T0\"},",
      "\"tags\":{\"type\":\"Long\"},",
      "\"enum\":[\"a\"],",
      "\"enum\":[],",
      "\"annotations\":{\"doc\":\"x\"},",
      "\"commonTypes\":{},",
      "\"entityTypes\":{},",
      "\"actions\":{},",
      "\"appliesTo\":{\"principalTypes\":[],\"resourceTypes\":[]},",
      "\"context\":{\"type\":\"Record\",\"attributes\":{}},",
      "\"x\":1,",
      "A::",
      "é",
      "\x01"};
  return tokens;
}
// clang-format on

// The nearest place at or before `at` where a character begins.
std::size_t Boundary(const std::string& text, std::size_t at) {
  while (at > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
  return at;
}

void MutateOnce(Draw& draw, const std::vector<std::string>& tokens, std::string* text) {
  const std::size_t begin = Boundary(*text, draw.Below(text->size() + 1));
  const std::size_t end = Boundary(*text, std::min(text->size(), begin + draw.Between(1, 4)));
  const std::size_t length = end > begin ? end - begin : 0;
  switch (draw.Weighted({30, 10, 40, 20})) {
    case 0: text->erase(begin, length); break;
    case 1: text->insert(begin, text->substr(begin, length)); break;
    case 2: text->insert(begin, draw.Pick(tokens)); break;
    default: text->replace(begin, length, draw.Pick(tokens)); break;
  }
}

std::string MutateWith(Draw& draw, const std::vector<std::string>& tokens, std::string text) {
  for (std::size_t i = draw.Weighted({60, 30, 10}) + 1; i > 0; --i) {
    MutateOnce(draw, tokens, &text);
  }
  return text;
}

}  // namespace

std::string Mutate(Draw& draw, std::string text) {
  return MutateWith(draw, CedarTokens(), std::move(text));
}

std::string MutateJson(Draw& draw, std::string text) {
  return MutateWith(draw, JsonTokens(), std::move(text));
}

std::string MutateSchema(Draw& draw, std::string text) {
  return MutateWith(draw, SchemaTokens(), std::move(text));
}

std::string MutateSchemaJson(Draw& draw, std::string text) {
  return MutateWith(draw, SchemaJsonTokens(), std::move(text));
}

}  // namespace assay::testing
