// The strings of an image that is being read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay::image {

// A program owns its texts, so a string that many policies mention is copied as often. The budget
// bounds the sum of all copies.
class Strings {
 public:
  enum class Status : std::uint8_t { kOk, kOutOfRange, kOverBudget };

  // `text` is UTF-8, `ends` are numbers of 4 bytes. Returns the rule that is broken, or nullptr.
  const char* Read(std::string_view text, std::string_view ends, std::size_t budget);

  std::size_t size() const { return strings_.size(); }
  Status Copy(std::uint32_t number, std::string* out) {
    if (number >= strings_.size()) return Status::kOutOfRange;
    const std::string_view text = strings_[number];
    if (text.size() > budget_) return Status::kOverBudget;
    budget_ -= text.size();
    out->assign(text);
    return Status::kOk;
  }

  static std::string OverBudget(std::size_t budget) {
    return "the texts of the image take more than " + std::to_string(budget) +
           " bytes (image_bytes)";
  }

 private:
  std::vector<std::string_view> strings_;
  std::size_t budget_ = 0;
};

// An entity uid by its strings.
struct UidNumbers {
  std::uint32_t type = 0, id = 0;
};

}  // namespace assay::image
