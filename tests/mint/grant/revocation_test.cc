#include "assay/mint/revocation.h"

#include <gmock/gmock.h>

#include <atomic>
#include <limits>
#include <string>
#include <thread>

namespace assay::mint {
namespace {

class Revocation : public ::testing::Test {
 protected:
  std::int64_t now = 1'000'000;
  Clock clock{[this] { return now; }, [this] { return now; }};
  RevocationView view{clock};

  void Revoke(const std::string& key, std::int64_t until, std::int64_t forget_at) {
    ASSERT_TRUE(view.Revoke(RevocationKind::kGrant, key, until, forget_at).ok());
  }
  bool IsRevoked(const std::string& key, std::int64_t issued_at) {
    return view.IsRevoked({.jti = key, .txn = "other", .task = "other", .subject = "other"},
                          issued_at);
  }
};

TEST_F(Revocation, HoldsForWhatWasIssuedBefore) {
  Revoke("a", 1000, 2000);
  EXPECT_TRUE(IsRevoked("a", 1000));
  EXPECT_TRUE(IsRevoked("a", 0));
  EXPECT_FALSE(IsRevoked("a", 1001));
  EXPECT_FALSE(IsRevoked("b", 0));
  EXPECT_FALSE(view.IsRevoked({.jti = "b", .txn = "a", .task = "a", .subject = "a"},
                              0));  // another kind of name
}

TEST_F(Revocation, NeverBecomesLess) {
  Revoke("a", 1000, 2000);
  Revoke("a", 500, 1500);
  EXPECT_TRUE(IsRevoked("a", 1000));
  now = 1'500'000;
  view.Prune();
  EXPECT_TRUE(IsRevoked("a", 1000));
  EXPECT_EQ(view.size(), 1u);
}

TEST_F(Revocation, IsForgottenWhenNothingIsLeftToRevoke) {
  Revoke("a", 1000, 2000);
  Revoke("b", 1000, 3000);
  now = 2'000'000;
  view.Prune();
  EXPECT_EQ(view.size(), 1u);
  EXPECT_TRUE(IsRevoked("b", 1000));
}

TEST_F(Revocation, KnowsItsAge) {
  EXPECT_EQ(view.AgeMilliseconds(), std::numeric_limits<std::int64_t>::max());
  view.MarkFresh();
  EXPECT_EQ(view.AgeMilliseconds(), 0);
  now += 42;
  EXPECT_EQ(view.AgeMilliseconds(), 42);
  view.MarkAuthoritative();
  now += 42;
  EXPECT_EQ(view.AgeMilliseconds(), 0);
}

TEST_F(Revocation, T28IsSeenOnceItHasReturned) {
  std::atomic<int> revoked = 0;
  std::atomic<bool> wrong = false;
  std::thread reader([&] {
    while (revoked < 2'000) {
      const int known = revoked;
      if (known > 0 && !IsRevoked(std::to_string(known - 1), 0)) wrong = true;
    }
  });
  for (int i = 0; i < 2'000; ++i) {
    Revoke(std::to_string(i), 0, 2'000);
    revoked = i + 1;
  }
  reader.join();
  EXPECT_FALSE(wrong);
}

}  // namespace
}  // namespace assay::mint
