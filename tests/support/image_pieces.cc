#include "tests/support/image_pieces.h"

#include <algorithm>

#include "engine/base/sha256.h"

namespace assay::testing {

namespace {

// Numbers at the edges of what checks compare with.
std::uint32_t EdgeNumber(Draw& draw, std::size_t count) {
  const auto near = static_cast<std::uint32_t>(count);
  switch (draw.Below(6)) {
    case 0: return 0;
    case 1: return near - 1;
    case 2: return near;
    case 3: return 0xFFFFFFFF;
    case 4: return std::uint32_t{1} << draw.Below(32);
    default: return static_cast<std::uint32_t>(draw.Below(count + 4));
  }
}

void MutateSection(Draw& draw, std::size_t entry_bytes, const std::string& other,
                   std::string* section) {
  const std::size_t count = section->size() / entry_bytes;
  const std::size_t at = count == 0 ? 0 : draw.Below(count) * entry_bytes;
  const std::string entry = section->substr(at, entry_bytes);
  switch (draw.Below(9)) {
    case 0:
      if (!section->empty()) {
        char& byte = (*section)[draw.Below(section->size())];
        byte = static_cast<char>(byte ^ 1 << draw.Below(8));
      }
      return;
    case 1:
    case 2:
      if (section->size() >= 4) {
        const std::size_t step = entry_bytes < 4 ? 1 : 4;
        const std::size_t place = draw.Below((section->size() - 4) / step + 1) * step;
        const std::uint32_t number = EdgeNumber(draw, count);
        std::memcpy(section->data() + place, &number, sizeof(number));
      }
      return;
    case 3: section->resize(at); return;
    case 4: section->resize(draw.Below(section->size() + 1)); return;
    case 5: section->erase(at, entry_bytes); return;
    case 6: section->insert(draw.Below(count + 1) * entry_bytes, entry); return;
    case 7: *section += other; return;
    default: *section = other; return;
  }
}

}  // namespace

void FixChecksum(std::string* image) {
  const Sha256Digest checksum =
      Sha256().Add(std::string_view(*image).substr(image::kProducerAt)).Finish();
  std::copy(checksum.begin(), checksum.end(), image->begin() + image::kChecksumAt);
}

std::optional<Pieces> Pieces::Split(std::string_view image) {
  if (image.size() < image::kHeadBytes) return std::nullopt;
  Pieces pieces;
  pieces.head = image.substr(0, image::kSizesAt);
  std::string_view rest = image.substr(image::kHeadBytes);
  for (std::size_t i = 0; i < image::kSectionCount; ++i) {
    const auto size = image::Load<std::uint64_t>(image.data() + image::kSizesAt + 8 * i);
    if (size > rest.size()) return std::nullopt;
    pieces.sections[i] = rest.substr(0, size);
    rest.remove_prefix(size);
  }
  return pieces;
}

std::string Pieces::Image() const {
  std::string image = head;
  for (const std::string& section : sections) image::Put(std::uint64_t{section.size()}, &image);
  for (const std::string& section : sections) image += section;
  FixChecksum(&image);
  return image;
}

void MutateImage(Draw& draw, const Pieces& other, Pieces* pieces) {
  for (std::size_t changes = draw.Between(1, 4); changes > 0; --changes) {
    if (draw.Below(100) == 0) pieces->head[draw.Below(pieces->head.size())] ^= 1;
    const std::size_t i = draw.Below(image::kSectionCount);
    MutateSection(draw, image::kSections[i].entry_bytes, other.sections[i], &pieces->sections[i]);
  }
}

bc::ProgramParts RichParts() {
  using Kind = bc::Constraint::Kind;
  bc::ProgramParts p;
  IpAddr v6;
  v6.is_v6 = true;
  v6.bytes[15] = 1;
  v6.prefix = 128;
  const Value uid = EntityUid{"Corp::User", "ann \"é\""};
  p.constants = {uid,
                 Value(Value::Set{uid, Value(EntityUid{"Group", "g"})}),
                 Value(true),
                 Value(std::int64_t{-5}),
                 Value("text é"),
                 Value(Datetime{-1}),
                 Value(Decimal{15000}),
                 Value(Duration{1}),
                 Value(IpAddr{false, {10, 1}, 8}),
                 Value(v6),
                 Value(Record{{"a", 1}, {"b", Value(Value::Set{1, 2, Value(Record{{"", "x"}})})}}),
                 Value(Value::Set{}),
                 Value(Record{})};
  p.names = {"a", "é b"};
  p.types = {"Corp::User", "Doc"};
  p.patterns = {"a\xff\xff*", "", "é\xff"};
  p.code = {{bc::Op::kLoadConstant, 0, 0, 2}, {bc::Op::kRequire, 0, 0, 0},
            {bc::Op::kSatisfied, 0, 0, 0},    {bc::Op::kLoadVariable, 0, 0, 3},
            {bc::Op::kHasAttribute, 0, 0, 1}, {bc::Op::kJumpIfFalse, 0, 0, 3},
            {bc::Op::kLoadConstant, 0, 0, 4}, {bc::Op::kLike, 0, 0, 0},
            {bc::Op::kRequireNot, 0, 0, 0},   {bc::Op::kSatisfied, 0, 0, 0}};
  p.bodies = {{.begin = 0, .end = 3, .registers = 1}, {.begin = 3, .end = 10, .registers = 1}};
  bc::Rule plain;
  plain.principal = {.kind = Kind::kEqual, .constant = 0};
  plain.action = {.kind = Kind::kInAnyOf, .constant = 1};
  plain.resource = {.kind = Kind::kIs, .type = 1};
  plain.digest.fill(7);
  plain.annotations = {{"id", "x"}, {"note", "é"}};
  bc::Rule with_slots;
  with_slots.is_forbid = true;
  with_slots.principal = {.kind = Kind::kIsIn, .has_slot = true, .type = 0};
  with_slots.resource = {.kind = Kind::kIn, .has_slot = true};
  with_slots.body = 1;
  with_slots.digest.fill(9);
  with_slots.annotations = {{"note", ""}};
  p.rules = {plain, with_slots, bc::Rule()};
  p.policies = {{"static", 0, std::nullopt, std::nullopt},
                {"link 1", 1, EntityUid{"Group", "g"}, EntityUid{"Doc", "d"}},
                {"link 2", 1, EntityUid{"Group", "g"}, EntityUid{"Doc", "e"}},
                {"all", 2, std::nullopt, std::nullopt}};
  p.templates = {{"template", 1}};
  return p;
}

std::string RichImage() { return WriteImage(Program::Load(RichParts()).value()).value(); }

}  // namespace assay::testing
