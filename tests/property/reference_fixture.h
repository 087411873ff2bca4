// Tests that ask the reference, each a process of its own; skipped, saying so, where it is absent.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "tests/property/reference.h"

namespace assay::testing {

class ReferenceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string why;
    reference_ = Reference::Start(&why);
    if (reference_ == nullptr) GTEST_SKIP() << why;
  }

  std::unique_ptr<Reference> reference_;
};

}  // namespace assay::testing
