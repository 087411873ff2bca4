#include "assay/mint/annotations.h"

#include <gmock/gmock.h>

#include <initializer_list>
#include <set>
#include <string>

namespace assay::mint {
namespace {

struct Example {
  std::string key, value;
};
const Example kExamples[] = {
#define ANNOTATION(Name, key, example, text) {"grant_" key, example},
#include "assay/mint/annotations.def"
#undef ANNOTATION
};

// "ok", or the message.
std::string Add(const std::string& key, std::string_view value, GrantShape* shape) {
  const auto error = AddGrantAnnotation(key, value, shape);
  return error ? error->message : "ok";
}

TEST(Annotations, OfTheTableAreRead) {
  for (const Example& example : kExamples) {
    GrantShape shape;
    EXPECT_EQ(Add(example.key, example.value, &shape), "ok") << example.key;
    EXPECT_NE(shape, GrantShape()) << example.key;
  }
}

TEST(Annotations, SayWhatTheGrantIs) {
  GrantShape shape;
  EXPECT_EQ(Add("grant_ttl", "1m30s", &shape), "ok");
  EXPECT_EQ(shape.most_seconds, 90);
  EXPECT_EQ(Add("grant_uses", "7", &shape), "ok");
  EXPECT_EQ(shape.most_uses, 7u);
  EXPECT_EQ(Add("grant_risk", "high", &shape), "ok");
  EXPECT_TRUE(shape.high_risk);
  EXPECT_EQ(Add("grant_risk", "normal", &shape), "ok");
  EXPECT_FALSE(shape.high_risk);
  EXPECT_EQ(Add("grant_audience", "https://a.example", &shape), "ok");
  EXPECT_EQ(shape.audience, "https://a.example");
  EXPECT_EQ(Add("grant_pin", "b, a ,c d", &shape), "ok");
  EXPECT_EQ(shape.pinned_members, (std::set<std::string>{"a", "b", "c d"}));
}

TEST(Annotations, BearerIsOnlyWhereItIsSaid) {
  GrantShape shape;
  EXPECT_TRUE(shape.bindings.Has(BindingKind::kMtls) && shape.bindings.Has(BindingKind::kDpop));
  EXPECT_FALSE(shape.bindings.Has(BindingKind::kBearer));
  EXPECT_EQ(Add("grant_binding", "bearer", &shape), "ok");
  EXPECT_TRUE(shape.bindings.Has(BindingKind::kBearer) && shape.bindings.Has(BindingKind::kMtls));
  EXPECT_EQ(Add("grant_binding", "dpop", &shape), "ok");
  EXPECT_TRUE(shape.bindings.Has(BindingKind::kDpop));
  EXPECT_FALSE(shape.bindings.Has(BindingKind::kMtls));
}

TEST(Annotations, MalformedOnesAreErrorsAndChangeNothing) {
  const std::string long_text(2049, 'x');
  const Example wrong[] = {{"grant_ttl", ""},
                           {"grant_ttl", "90"},
                           {"grant_ttl", "0s"},
                           {"grant_ttl", "-1s"},
                           {"grant_ttl", "1500ms"},
                           {"grant_ttl", "90 s"},
                           {"grant_ttl", "99999999999999999999s"},
                           {"grant_uses", ""},
                           {"grant_uses", "0"},
                           {"grant_uses", "-1"},
                           {"grant_uses", "01"},
                           {"grant_uses", "1.0"},
                           {"grant_uses", "1 "},
                           {"grant_uses", "1000001"},
                           {"grant_uses", "99999999999"},
                           {"grant_binding", ""},
                           {"grant_binding", "mTLS"},
                           {"grant_binding", "mtls,dpop"},
                           {"grant_risk", ""},
                           {"grant_risk", "High"},
                           {"grant_risk", "low"},
                           {"grant_audience", ""},
                           {"grant_audience", "a\nb"},
                           {"grant_audience", "\xff"},
                           {"grant_audience", long_text},
                           {"grant_audience", "a\xe2\x80\xae"},
                           {"grant_pin", ""},
                           {"grant_pin", "a,"},
                           {"grant_pin", ",a"},
                           {"grant_pin", "a,,b"},
                           {"grant_pin", "a,a"},
                           {"grant_pin", " "}};
  for (const Example& example : wrong) {
    GrantShape shape;
    const auto error = AddGrantAnnotation(example.key, example.value, &shape);
    ASSERT_TRUE(error) << example.key << " " << example.value;
    EXPECT_THAT(error->message, ::testing::HasSubstr("`" + example.key + "` is not well formed"));
    EXPECT_THAT(error->hint, ::testing::HasSubstr("@" + example.key));
    EXPECT_EQ(shape, GrantShape());
  }
  std::string many = "m0";
  for (int i = 1; i < 65; ++i) many += ",m" + std::to_string(i);
  GrantShape shape;
  EXPECT_NE(Add("grant_pin", many, &shape), "ok");
}

TEST(Annotations, UnknownOnesOfOursAreErrors) {
  GrantShape shape;
  const auto near = AddGrantAnnotation("grant_tll", "90s", &shape);
  ASSERT_TRUE(near);
  EXPECT_EQ(near->message, "there is no annotation `grant_tll` for grants");
  EXPECT_THAT(near->hint, ::testing::HasSubstr("ttl"));
  const auto far = AddGrantAnnotation("grant_everything", "", &shape);
  ASSERT_TRUE(far);
  EXPECT_THAT(far->hint, ::testing::HasSubstr("`grant_ttl`, `grant_uses`"));
  EXPECT_TRUE(AddGrantAnnotation("grant_", "", &shape));
}

TEST(Annotations, OfOthersAreTheirs) {
  GrantShape shape;
  for (const char* key : {"id", "doc", "grant", "grants_ttl", "Grant_ttl", ""}) {
    EXPECT_FALSE(IsGrantAnnotation(key));
    EXPECT_EQ(Add(key, "whatever", &shape), "ok");
  }
  EXPECT_EQ(shape, GrantShape());
}

GrantShape Shape(std::initializer_list<Example> annotations) {
  GrantShape shape;
  for (const Example& annotation : annotations) {
    EXPECT_EQ(Add(annotation.key, annotation.value, &shape), "ok");
  }
  return shape;
}

TEST(Narrowest, IsWithinBoth) {
  const GrantShape a =
      Shape({{"grant_ttl", "90s"}, {"grant_binding", "bearer"}, {"grant_pin", "x"}});
  const GrantShape b = Shape({{"grant_ttl", "1h"},
                              {"grant_uses", "3"},
                              {"grant_risk", "high"},
                              {"grant_binding", "mtls"},
                              {"grant_audience", "a"},
                              {"grant_pin", "y"}});
  for (const auto& both : {Narrowest(a, b), Narrowest(b, a)}) {
    ASSERT_TRUE(both.ok());
    EXPECT_EQ(both.value(), Shape({{"grant_ttl", "90s"},
                                   {"grant_uses", "3"},
                                   {"grant_risk", "high"},
                                   {"grant_binding", "mtls"},
                                   {"grant_audience", "a"},
                                   {"grant_pin", "x,y"}}));
  }
  EXPECT_EQ(Narrowest(a, a).value(), a);
  EXPECT_EQ(Narrowest(GrantShape(), b).value(), b);
  // A policy that says nothing does not allow bearer.
  EXPECT_FALSE(Narrowest(a, GrantShape()).value().bindings.bearer);
}

TEST(Narrowest, MayNotBe) {
  EXPECT_FALSE(
      Narrowest(Shape({{"grant_binding", "mtls"}}), Shape({{"grant_binding", "dpop"}})).ok());
  EXPECT_FALSE(Narrowest(Shape({{"grant_audience", "a"}}), Shape({{"grant_audience", "b"}})).ok());
}

}  // namespace
}  // namespace assay::mint
