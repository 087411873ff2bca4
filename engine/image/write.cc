#include <array>
#include <limits>
#include <string>

#include "assay/image.h"
#include "engine/base/guarded.h"
#include "engine/base/sha256.h"
#include "engine/bytecode/program_parts.h"
#include "engine/image/format.h"
#include "engine/snapshot/policy_digest.h"
#include "engine/value/symbols.h"

namespace assay {

namespace image {

namespace {

class Writer {
 public:
  explicit Writer(const bc::ProgramParts& parts) : parts_(parts) {}

  Result<std::string> Write() {
    for (const std::string& name : parts_.names) PutString(name, Section::kNames);
    for (const std::string& type : parts_.types) PutString(type, Section::kTypes);
    PutPatterns();
    PutNumber(parts_.constants.size(), Section::kConstants);
    for (const Value& constant : parts_.constants) PutValue(constant);
    PutCode();
    for (const bc::Rule& rule : parts_.rules) PutRule(rule);
    PutPolicies();
    PutUids();
    PutStrings();  // last: all others mention strings
    if (At(Section::kText).size() > std::numeric_limits<std::uint32_t>::max() ||
        At(Section::kPatternText).size() > std::numeric_limits<std::uint32_t>::max()) {
      return Error{ErrorCode::kLimitExceeded, "an image holds no more than 4 GiB of text"};
    }
    return Assemble();
  }

 private:
  std::string& At(Section section) { return sections_[static_cast<std::size_t>(section)]; }

  void PutNumber(std::size_t number, Section section) {
    Put(static_cast<std::uint32_t>(number), &At(section));
  }
  void PutString(std::string_view text, Section section) {
    Put(strings_.Intern(0, text), &At(section));
  }
  std::uint32_t Uid(const EntityUid& uid) {
    return uids_.Intern(strings_.Intern(0, uid.type), uid.id);
  }

  void PutPatterns() {
    for (const std::string& pattern : parts_.patterns) {
      At(Section::kPatternText) += pattern;
      PutNumber(At(Section::kPatternText).size(), Section::kPatterns);
    }
  }

  // Recursion is bounded by the depth of the value, as everywhere.
  void PutValue(const Value& value) {
    std::string& out = At(Section::kConstants);
    Put(static_cast<std::uint8_t>(value.kind()), &out);
    switch (value.kind()) {
      case Kind::kUndefined: break;  // no Value is
      case Kind::kBool: Put(static_cast<std::uint8_t>(*value.As<bool>()), &out); break;
      case Kind::kLong: Put(*value.As<std::int64_t>(), &out); break;
      case Kind::kString: PutString(*value.As<std::string>(), Section::kConstants); break;
      case Kind::kEntity: Put(Uid(*value.As<EntityUid>()), &out); break;
      case Kind::kSet:
        PutNumber(value.As<Value::Set>()->size(), Section::kConstants);
        for (const Value& element : *value.As<Value::Set>()) PutValue(element);
        break;
      case Kind::kRecord:
        PutNumber(value.As<Record>()->size(), Section::kConstants);
        for (const auto& [name, member] : *value.As<Record>()) {
          PutString(name, Section::kConstants);
          PutValue(member);
        }
        break;
      case Kind::kDatetime: Put(value.As<Datetime>()->milliseconds, &out); break;
      case Kind::kDecimal: Put(value.As<Decimal>()->ten_thousandths, &out); break;
      case Kind::kDuration: Put(value.As<Duration>()->milliseconds, &out); break;
      case Kind::kIpAddr: {
        const IpAddr& ip = *value.As<IpAddr>();
        Put(static_cast<std::uint8_t>(ip.is_v6), &out);
        Put(ip.prefix, &out);
        Put(ip.bytes, &out);
        break;
      }
    }
  }

  void PutCode() {
    for (const bc::Body& body : parts_.bodies) {
      PutNumber(body.end - body.begin, Section::kBodies);
      PutNumber(body.registers, Section::kBodies);
      PutNumber(body.is_expression ? 1 : 0, Section::kBodies);
    }
    At(Section::kCode)
        .assign(reinterpret_cast<const char*>(parts_.code.data()),
                parts_.code.size() * sizeof(bc::Inst));
  }

  void PutRule(const bc::Rule& rule) {
    std::string& out = At(Section::kRules);
    const int flags = (rule.is_forbid ? 1 : 0) + (rule.principal.has_slot ? 2 : 0) +
                      (rule.resource.has_slot ? 4 : 0);
    Put(static_cast<std::uint8_t>(flags), &out);
    for (const bc::Constraint* constraint : {&rule.principal, &rule.action, &rule.resource}) {
      Put(static_cast<std::uint8_t>(constraint->kind), &out);
    }
    for (const std::uint32_t number :
         {rule.body, rule.principal.type, rule.principal.constant, rule.action.constant,
          rule.resource.type, rule.resource.constant}) {
      Put(number, &out);
    }
    PutNumber(rule.annotations.size(), Section::kRules);
    Put(rule.digest, &out);
    for (const bc::Annotation& annotation : rule.annotations) {
      PutString(annotation.key, Section::kAnnotations);
      PutString(annotation.value, Section::kAnnotations);
    }
  }

  void PutPolicies() {
    for (const bc::PolicyEntry& policy : parts_.policies) {
      PutString(policy.id, Section::kPolicies);
      PutNumber(policy.rule, Section::kPolicies);
      for (const auto* slot : {&policy.principal_slot, &policy.resource_slot}) {
        PutNumber(*slot ? Uid(**slot) : kNone, Section::kPolicies);
      }
    }
    for (const bc::TemplateEntry& entry : parts_.templates) {
      PutString(entry.id, Section::kTemplates);
      PutNumber(entry.rule, Section::kTemplates);
    }
  }

  void PutUids() {
    for (std::uint32_t i = 0; i < uids_.size(); ++i) {
      PutNumber(uids_.qualifier(i), Section::kUids);
      PutString(uids_.text(i), Section::kUids);
    }
  }

  void PutStrings() {
    for (std::uint32_t i = 0; i < strings_.size(); ++i) {
      At(Section::kText) += strings_.text(i);
      PutNumber(At(Section::kText).size(), Section::kStrings);
    }
  }

  std::string Assemble() {
    std::size_t size = kHeadBytes;
    for (const std::string& section : sections_) size += section.size();
    std::string image(kMagic);
    image.reserve(size);
    Put(kFormat, &image);
    image.resize(kProducerAt);  // zeros, and the checksum that follows below
    image += ASSAY_PRODUCER;
    image.resize(kDigestAt);
    Put(rt::DigestOf(parts_), &image);
    for (const std::string& section : sections_) Put(std::uint64_t{section.size()}, &image);
    for (std::string& section : sections_) {
      image += section;
      std::string().swap(section);
    }
    const Sha256Digest checksum =
        Sha256().Add(std::string_view(image).substr(kProducerAt)).Finish();
    std::memcpy(image.data() + kChecksumAt, checksum.data(), checksum.size());
    return image;
  }

  const bc::ProgramParts& parts_;
  std::array<std::string, kSectionCount> sections_;
  rt::SymbolTable strings_;
  rt::SymbolTable uids_;  // qualified by the string of their type
};

static_assert(sizeof(ASSAY_PRODUCER) - 1 <= kProducerBytes);

}  // namespace

}  // namespace image

Result<std::string> WriteImage(const Program& program) {
  return Guarded([&] { return image::Writer(program.parts()).Write(); });
}

}  // namespace assay
