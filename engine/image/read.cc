// Decoding. Every number is checked before it is used, memory is bounded by the size of the image
// and limits.image_bytes, and what was decoded goes through the verifier like any program.
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "assay/image.h"
#include "engine/base/guarded.h"
#include "engine/base/sha256.h"
#include "engine/base/utf8.h"
#include "engine/bytecode/program_parts.h"
#include "engine/image/format.h"
#include "engine/image/read_constants.h"
#include "engine/image/spread.h"
#include "engine/image/strings.h"

namespace assay {

namespace image {

namespace {

// What is wrong with the head, or nothing.
std::optional<Error> CheckHead(std::string_view image, const Limits& limits) {
  if (!IsImage(image) || image.size() < kZeroAt) {
    return Error{ErrorCode::kUnsupportedImage, "this is not a program image"};
  }
  const auto format = Load<std::uint32_t>(image.data() + kFormatAt);
  if (format != kFormat) {
    return Error{ErrorCode::kUnsupportedImage,
                 "the image has format " + std::to_string(format) + ", and this version reads " +
                     std::to_string(kFormat) +
                     "; compile the policies with this version, or use one that knows the format"};
  }
  if (image.size() > limits.image_bytes) {
    return Error{
        ErrorCode::kLimitExceeded,
        "the image is larger than " + std::to_string(limits.image_bytes) + " bytes (image_bytes)"};
  }
  if (image.size() < kHeadBytes) return Error{ErrorCode::kCorruptImage, "the image is cut off"};
  const Sha256Digest checksum = Sha256().Add(image.substr(kProducerAt)).Finish();
  if (Load<std::uint32_t>(image.data() + kZeroAt) != 0 ||
      Load<Sha256Digest>(image.data() + kChecksumAt) != checksum) {
    return Error{ErrorCode::kCorruptImage, "the image is damaged: its checksum does not match"};
  }
  return std::nullopt;
}

class Reader {
 public:
  Reader(std::string_view image, const Limits& limits) : image_(image), limits_(limits) {}

  Result<Program> Read() {
    if (!Split() || !ReadStrings() || !ReadTables() || !ReadConstants() || !ReadCode() ||
        !ReadRules() || !ReadPolicies() || !ReadTemplates()) {
      return std::move(error_);
    }
    if (CellsOf(parts_) > limits_.image_bytes / kImageBytesPerCell) {
      return Error{ErrorCode::kLimitExceeded,
                   "the constants of the image are used too often (image_bytes)"};
    }
    return Program::Load(std::move(parts_));
  }

 private:
  bool Fail(Section section, const std::string& rule, ErrorCode code = ErrorCode::kCorruptImage) {
    error_ = {code, "the image is broken: " + std::string(Info(section).name) + ": " + rule};
    return false;
  }

  static const SectionInfo& Info(Section section) {
    return kSections[static_cast<std::size_t>(section)];
  }
  std::string_view At(Section section) const {
    return sections_[static_cast<std::size_t>(section)];
  }
  std::size_t Count(Section section) const {
    return At(section).size() / Info(section).entry_bytes;
  }
  const char* Entry(Section section, std::size_t i) const {
    return At(section).data() + i * Info(section).entry_bytes;
  }
  // The number in 4 bytes at `offset` of an entry.
  std::uint32_t Number(Section section, std::size_t i, std::size_t offset = 0) const {
    return Load<std::uint32_t>(Entry(section, i) + offset);
  }

  // Finds the sections. They lie one after another, so only the sum of their sizes can be wrong.
  bool Split() {
    std::string_view rest = image_.substr(kHeadBytes);
    for (std::size_t i = 0; i < kSectionCount; ++i) {
      const auto section = static_cast<Section>(i);
      const auto size = Load<std::uint64_t>(image_.data() + kSizesAt + 8 * i);
      if (size > rest.size()) return Fail(section, "it goes beyond the end of the image");
      if (size % kSections[i].entry_bytes != 0) return Fail(section, "its last entry is cut off");
      sections_[i] = rest.substr(0, size);
      rest.remove_prefix(size);
    }
    return rest.empty() || Fail(Section::kTemplates, "there is something after it");
  }

  bool ReadStrings() {
    const Section section = Section::kStrings;
    const std::string_view text = At(Section::kText);
    if (utf8::ValidPrefix(text) != text.size()) return Fail(Section::kText, "it is not UTF-8");
    if (const char* broken = strings_.Read(text, At(section), limits_.image_bytes)) {
      return Fail(section, broken);
    }
    return true;
  }

  // A copy of a string, or false after the error was noted.
  bool Text(Section section, std::uint32_t number, std::string* out) {
    switch (strings_.Copy(number, out)) {
      case Strings::Status::kOk: return true;
      case Strings::Status::kOutOfRange: return Fail(section, "string out of range");
      case Strings::Status::kOverBudget: break;
    }
    error_ = {ErrorCode::kLimitExceeded, Strings::OverBudget(limits_.image_bytes)};
    return false;
  }

  bool Texts(Section section, std::vector<std::string>* out) {
    out->resize(Count(section));
    for (std::size_t i = 0; i < out->size(); ++i) {
      if (!Text(section, Number(section, i), &(*out)[i])) return false;
    }
    return true;
  }

  bool ReadTables() {
    if (!Texts(Section::kNames, &parts_.names) || !Texts(Section::kTypes, &parts_.types)) {
      return false;
    }
    uids_.resize(Count(Section::kUids));
    for (std::size_t i = 0; i < uids_.size(); ++i) {
      uids_[i] = {Number(Section::kUids, i), Number(Section::kUids, i, 4)};
      if (uids_[i].type >= strings_.size() || uids_[i].id >= strings_.size()) {
        return Fail(Section::kUids, "string out of range");
      }
    }
    return ReadPatterns();
  }

  bool ReadPatterns() {
    const std::string_view text = At(Section::kPatternText);
    parts_.patterns.resize(Count(Section::kPatterns));
    std::size_t begin = 0;
    for (std::size_t i = 0; i < parts_.patterns.size(); ++i) {
      const std::size_t end = Number(Section::kPatterns, i);
      if (end < begin || end > text.size()) return Fail(Section::kPatterns, "end out of order");
      parts_.patterns[i] = text.substr(begin, end - begin);
      if (!IsPattern(parts_.patterns[i])) return Fail(Section::kPatterns, "text is not UTF-8");
      begin = end;
    }
    return begin == text.size() || Fail(Section::kPatternText, "text outside of every pattern");
  }

  static bool IsPattern(std::string_view pattern) {
    while (true) {
      const std::size_t wildcard = pattern.find(bc::kWildcard);
      const std::string_view piece = pattern.substr(0, wildcard);
      if (utf8::ValidPrefix(piece) != piece.size()) return false;
      if (wildcard == std::string_view::npos) return true;
      pattern.remove_prefix(wildcard + 1);
    }
  }

  bool ReadConstants() {
    ConstantReader reader(At(Section::kConstants), uids_, limits_.json_depth, &strings_);
    if (reader.Read(&parts_.constants)) return true;
    if (!reader.over_budget()) return Fail(Section::kConstants, reader.broken());
    error_ = {ErrorCode::kLimitExceeded, Strings::OverBudget(limits_.image_bytes)};
    return false;
  }

  bool ReadCode() {
    const Section section = Section::kBodies;
    const std::size_t instructions = Count(Section::kCode);
    parts_.bodies.resize(Count(section));
    std::uint32_t begin = 0;
    for (std::size_t i = 0; i < parts_.bodies.size(); ++i) {
      const std::uint32_t length = Number(section, i);
      if (length > instructions - begin) return Fail(section, "a body goes beyond the code");
      if (Number(section, i, 8) > 1) return Fail(section, "a flag is neither 0 nor 1");
      parts_.bodies[i] = {.begin = begin,
                          .end = begin + length,
                          .registers = Number(section, i, 4),
                          .is_expression = Number(section, i, 8) == 1};
      begin += length;
    }
    parts_.code.resize(instructions);
    if (instructions > 0) {
      std::memcpy(parts_.code.data(), At(Section::kCode).data(), At(Section::kCode).size());
    }
    return true;
  }

  bool ReadRules() {
    const Section section = Section::kRules;
    parts_.rules.resize(Count(section));
    for (std::size_t i = 0; i < parts_.rules.size(); ++i) {
      bc::Rule& rule = parts_.rules[i];
      const auto* head = reinterpret_cast<const unsigned char*>(Entry(section, i));
      if (head[0] > 7) return Fail(section, "unknown flag");
      rule.is_forbid = (head[0] & 1) != 0;
      const auto kind = [head](int at) { return static_cast<bc::Constraint::Kind>(head[at]); };
      rule.body = Number(section, i, 4);
      rule.principal = {kind(1), (head[0] & 2) != 0, Number(section, i, 8), Number(section, i, 12)};
      rule.action = {kind(2), false, 0, Number(section, i, 16)};
      rule.resource = {kind(3), (head[0] & 4) != 0, Number(section, i, 20), Number(section, i, 24)};
      rule.digest = Load<bc::Digest>(Entry(section, i) + 32);
      if (!ReadAnnotations(Number(section, i, 28), &rule.annotations)) return false;
    }
    return annotation_ == Count(Section::kAnnotations) ||
           Fail(Section::kAnnotations, "an annotation of no rule");
  }

  bool ReadAnnotations(std::uint32_t count, std::vector<bc::Annotation>* out) {
    const Section section = Section::kAnnotations;
    if (count > Count(section) - annotation_) {
      return Fail(Section::kRules, "more annotations than there are");
    }
    out->resize(count);
    for (bc::Annotation& annotation : *out) {
      if (!Text(section, Number(section, annotation_), &annotation.key) ||
          !Text(section, Number(section, annotation_, 4), &annotation.value)) {
        return false;
      }
      ++annotation_;
    }
    return true;
  }

  bool ReadPolicies() {
    const Section section = Section::kPolicies;
    const std::size_t count = Count(section);
    if (count + Count(Section::kTemplates) > limits_.policies) {
      error_ = {
          ErrorCode::kLimitExceeded,
          "the image has more than " + std::to_string(limits_.policies) + " policies (policies)"};
      return false;
    }
    parts_.policies.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      bc::PolicyEntry& policy = parts_.policies[i];
      policy.rule = Number(section, i, 4);
      if (!Text(section, Number(section, i), &policy.id) ||
          !Slot(Number(section, i, 8), &policy.principal_slot) ||
          !Slot(Number(section, i, 12), &policy.resource_slot)) {
        return false;
      }
    }
    return true;
  }

  bool Slot(std::uint32_t number, std::optional<EntityUid>* out) {
    if (number == kNone) return true;
    if (number >= uids_.size()) return Fail(Section::kPolicies, "uid out of range");
    EntityUid& uid = out->emplace();
    return Text(Section::kPolicies, uids_[number].type, &uid.type) &&
           Text(Section::kPolicies, uids_[number].id, &uid.id);
  }

  bool ReadTemplates() {
    const Section section = Section::kTemplates;
    parts_.templates.resize(Count(section));
    for (std::size_t i = 0; i < parts_.templates.size(); ++i) {
      parts_.templates[i].rule = Number(section, i, 4);
      if (!Text(section, Number(section, i), &parts_.templates[i].id)) return false;
    }
    return true;
  }

  std::string_view image_;
  const Limits& limits_;
  std::array<std::string_view, kSectionCount> sections_;
  Strings strings_;
  std::vector<UidNumbers> uids_;
  std::size_t annotation_ = 0;  // the next one
  bc::ProgramParts parts_;
  Error error_;
};

}  // namespace

}  // namespace image

bool IsImage(std::string_view bytes) {
  return bytes.substr(0, image::kMagic.size()) == image::kMagic;
}

Result<Program> ReadImage(std::string_view image, const Limits& limits) {
  return Guarded([&]() -> Result<Program> {
    if (auto error = image::CheckHead(image, limits)) return std::move(*error);
    return image::Reader(image, limits).Read();
  });
}

Result<ImageInfo> ReadImageInfo(std::string_view image, const Limits& limits) {
  return Guarded([&]() -> Result<ImageInfo> {
    if (auto error = image::CheckHead(image, limits)) return std::move(*error);
    const std::string_view producer = image.substr(image::kProducerAt, image::kProducerBytes);
    ImageInfo info;
    info.format = image::kFormat;
    for (const char c : producer.substr(0, producer.find('\0'))) {
      info.producer += c >= ' ' && c <= '~' ? c : '?';
    }
    info.digest = image::Load<Sha256Digest>(image.data() + image::kDigestAt);
    return info;
  });
}

}  // namespace assay
