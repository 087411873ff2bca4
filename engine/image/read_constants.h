// The constants of an image that is being read.
#pragma once

#include <string_view>
#include <vector>

#include "assay/value.h"
#include "engine/image/strings.h"

namespace assay::image {

// Values are refused that no Value could have given: sets out of order, members twice, depths over
// the limit, addresses with bits where there are none. The verifier looks at the names of types.
class ConstantReader {
 public:
  ConstantReader(std::string_view bytes, const std::vector<UidNumbers>& uids,
                 std::uint32_t depth_limit, Strings* strings)
      : rest_(bytes), uids_(uids), depth_limit_(depth_limit), strings_(*strings) {}

  // False if something is wrong: see broken() and over_budget().
  bool Read(std::vector<Value>* out);

  const char* broken() const { return broken_; }
  bool over_budget() const { return over_budget_; }

 private:
  bool Fail(const char* rule) {
    broken_ = rule;
    return false;
  }
  template <typename T>
  bool Take(T* number);
  // A number of things that take at least `bytes` each, so that room for them may be reserved.
  bool TakeCount(std::size_t bytes, std::uint32_t* count);
  bool TakeString(std::string* out);
  bool CopyString(std::uint32_t number, std::string* out);
  bool ReadValue(std::uint32_t depth, Value* out);
  bool ReadBool(Value* out);
  bool ReadEntity(Value* out);
  bool ReadIp(Value* out);
  bool ReadSet(std::uint32_t depth, Value* out);
  bool ReadRecord(std::uint32_t depth, Value* out);

  std::string_view rest_;
  const std::vector<UidNumbers>& uids_;
  std::uint32_t depth_limit_;
  Strings& strings_;
  const char* broken_ = "";
  bool over_budget_ = false;
};

}  // namespace assay::image
