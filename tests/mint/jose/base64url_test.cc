#include "engine/mint/jose/base64url.h"

#include <gmock/gmock.h>

#include <string>

namespace assay::mint::jose {
namespace {

std::string Decoded(std::string_view text) {
  std::string bytes;
  return DecodeBase64url(text, &bytes) ? bytes : "refused";
}

TEST(Base64url, EncodesTheExamplesOfRfc4648) {
  EXPECT_EQ(EncodeBase64url(""), "");
  EXPECT_EQ(EncodeBase64url("f"), "Zg");
  EXPECT_EQ(EncodeBase64url("fo"), "Zm8");
  EXPECT_EQ(EncodeBase64url("foo"), "Zm9v");
  EXPECT_EQ(EncodeBase64url("foob"), "Zm9vYg");
  EXPECT_EQ(EncodeBase64url("fooba"), "Zm9vYmE");
  EXPECT_EQ(EncodeBase64url("foobar"), "Zm9vYmFy");
}

TEST(Base64url, DecodesWhatItEncodes) {
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    EXPECT_EQ(Decoded(EncodeBase64url(bytes)), bytes);
    bytes.push_back(static_cast<char>(i * 7));
  }
}

TEST(Base64url, RefusesWhatIsNotCanonical) {
  EXPECT_EQ(Decoded("Zg"), "f");
  EXPECT_EQ(Decoded("Zg=="), "refused");  // padding
  EXPECT_EQ(Decoded("Zh"), "refused");    // bits left over
  EXPECT_EQ(Decoded("Zm9"), "refused");
  EXPECT_EQ(Decoded("Z"), "refused");  // a length that cannot be
  EXPECT_EQ(Decoded("Zm9vY"), "refused");
  EXPECT_EQ(Decoded("Zm 9v"), "refused");
  EXPECT_EQ(Decoded("Zm9v\n"), "refused");
  EXPECT_EQ(Decoded("+/+/"), "refused");
  EXPECT_EQ(Decoded("-_-_"), "\xfb\xff\xbf");
  EXPECT_EQ(Decoded(std::string_view("Zg\0A", 4)), "refused");
}

TEST(Base64, WantsPaddingAndTheOrdinaryAlphabet) {
  std::string bytes;
  EXPECT_TRUE(DecodeBase64("Zg==", &bytes));
  EXPECT_EQ(bytes, "f");
  EXPECT_TRUE(DecodeBase64("+/+/", &bytes));
  EXPECT_TRUE(DecodeBase64("", &bytes));
  EXPECT_FALSE(DecodeBase64("Zg", &bytes));
  EXPECT_FALSE(DecodeBase64("Zh==", &bytes));
  EXPECT_FALSE(DecodeBase64("-_-_", &bytes));
  EXPECT_FALSE(DecodeBase64("Z===", &bytes));
  EXPECT_FALSE(DecodeBase64("====", &bytes));
}

}  // namespace
}  // namespace assay::mint::jose
