// No allocation failure gets through a door of the ledger, and none hides that a sync has failed.
#include <gtest/gtest.h>

#include <memory>

#include "assay/mint/ledger_feeds.h"
#include "tests/alloc/counter.h"
#include "tests/alloc/fail_each.h"
#include "tests/mint/ledger/world.h"

namespace assay::mint {
namespace {

using assay::testing::FailAllocation;
using assay::testing::FailEach;
using testing::World;

// Syncs that fail from some time on. Allocates nothing, so nothing in it is failed in turn.
class FailingFiles : public Files {
 public:
  int Sync(int file) override {
    if (!fails) return Files::Sync(file);
    has_failed = true;
    return EIO;
  }
  std::atomic<bool> fails = false, has_failed = false;
};

// A ledger whose next sync fails.
struct FailingLedger {
  FailingLedger() {
    world.options.files = &files;
    world.options.head_every_records = 1000;
    ledger = world.CreateAndOpen();
    files.fails = true;
  }
  FailingFiles files;
  World world;
  std::unique_ptr<Ledger> ledger;
};

TEST(MintAllocationFailure, AFailedSyncLeavesItsMark) {
  const Record record = testing::Deny("a decision with a long name");
  std::unique_ptr<FailingLedger> failing;
  FailEach(
      "Ledger::Append when a sync fails", [&] { failing = std::make_unique<FailingLedger>(); },
      [&] {
        const auto receipt = failing->ledger->Append(record);
        FailAllocation(0);  // what follows is not the ledger's
        EXPECT_FALSE(receipt.ok());
        if (failing->files.has_failed) {
          EXPECT_EQ(receipt.error().fault, LedgerFault::kPoisoned);
        }
        EXPECT_EQ(std::filesystem::exists(failing->world.folder + "/poisoned"),
                  failing->files.has_failed);
        return failing->files.has_failed && !receipt.error().message.empty();
      });
}

TEST(MintAllocationFailure, DoesNotEscapeFromWaiting) {
  FailingLedger failing;
  const auto ticket = failing.ledger->Enqueue(testing::Deny("d"));
  ASSERT_TRUE(ticket.ok());
  EXPECT_EQ(failing.ledger->Wait(ticket.value()).error().fault, LedgerFault::kPoisoned);
  // The thread is done: what is failed is in Wait.
  FailEach("Ledger::Wait", [&] {
    const auto receipt = failing.ledger->Wait(ticket.value());
    EXPECT_EQ(receipt.error().fault, LedgerFault::kPoisoned);
    return !receipt.error().message.empty();
  });
}

TEST(MintAllocationFailure, DoesNotEscapeFromFollowingRevocations) {
  World world;
  {
    const auto ledger = world.CreateAndOpen();
    ASSERT_TRUE(ledger->Append(testing::Revoke("a grant with a long name", 1'060'000)).ok());
  }
  const Clock clock;
  std::unique_ptr<RevocationView> view;
  std::unique_ptr<LedgerReader> reader;
  const auto prepare = [&] {
    view = std::make_unique<RevocationView>(clock);
    reader = std::make_unique<LedgerReader>(LedgerReader::Open(world.folder).value());
  };
  FailEach("FollowRevocations", prepare, [&] {
    const auto taken = FollowRevocations(reader.get(), view.get());
    EXPECT_TRUE(taken.ok() || taken.error().fault == LedgerFault::kOutOfMemory);
    return taken.ok();
  });
}

}  // namespace
}  // namespace assay::mint
