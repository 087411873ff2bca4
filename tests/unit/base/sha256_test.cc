#include "engine/base/sha256.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

// FIPS 180-4's examples, and one text that spans many blocks.
TEST(Sha256, GivesTheStandardsExamples) {
  Sha256 sha;
  EXPECT_EQ(ToHex(sha.Finish()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(ToHex(sha.Add("abc").Finish()),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(ToHex(sha.Add(std::string(1'000'000, 'a')).Finish()),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, StartsAnewAfterEachDigest) {
  Sha256 sha;
  const Sha256Digest first = sha.Add("a").Add("bc").Finish();
  EXPECT_EQ(sha.Add("abc").Finish(), first);
}

TEST(Sha256, AddsBytesDigestsAndLengths) {
  Sha256 sha;
  const Sha256Digest abc = sha.Add("abc").Finish();
  const std::string bytes(reinterpret_cast<const char*>(abc.data()), abc.size());
  EXPECT_EQ(sha.Add(abc).Finish(), sha.Add(bytes).Finish());
  EXPECT_EQ(sha.AddByte('a').Finish(), sha.Add("a").Finish());
  EXPECT_EQ(sha.AddSized("ab").Finish(), sha.Add(std::string("\2\0\0\0\0\0\0\0ab", 10)).Finish());
}

}  // namespace
}  // namespace assay
