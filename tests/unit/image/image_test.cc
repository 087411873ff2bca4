// Images: what is written is read again, and whatever was changed is refused with the reason.
#include "assay/image.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <set>

#include "assay/evaluator.h"
#include "engine/snapshot/policy_digest.h"
#include "tests/support/image_pieces.h"
#include "tests/support/paths.h"

namespace assay {
namespace {

using image::Section;
using testing::Draw;
using testing::FixChecksum;
using testing::MutateImage;
using testing::Pieces;
using testing::RichImage;
using testing::RichParts;

std::string ErrorOf(const std::string& image, const Limits& limits = {}) {
  const Result<Program> program = ReadImage(image, limits);
  return program.ok() ? "loaded" : program.error().message;
}

TEST(Image, RoundTrips) {
  const bc::ProgramParts parts = RichParts();
  const Result<Program> program = ReadImage(RichImage());
  ASSERT_TRUE(program.ok()) << program.error().message;
  const bc::ProgramParts& read = program.value().parts();
  EXPECT_EQ(read.code, parts.code);
  EXPECT_EQ(read.constants, parts.constants);
  EXPECT_EQ(read.names, parts.names);
  EXPECT_EQ(read.types, parts.types);
  EXPECT_EQ(read.patterns, parts.patterns);
  EXPECT_EQ(read.bodies, parts.bodies);
  ASSERT_EQ(read.rules.size(), parts.rules.size());
  for (std::size_t i = 0; i < parts.rules.size(); ++i) {
    EXPECT_EQ(read.rules[i].is_forbid, parts.rules[i].is_forbid);
    EXPECT_EQ(read.rules[i].principal, parts.rules[i].principal);
    EXPECT_EQ(read.rules[i].action, parts.rules[i].action);
    EXPECT_EQ(read.rules[i].resource, parts.rules[i].resource);
    EXPECT_EQ(read.rules[i].body, parts.rules[i].body);
    EXPECT_EQ(read.rules[i].digest, parts.rules[i].digest);
    EXPECT_EQ(read.rules[i].annotations, parts.rules[i].annotations);
  }
  ASSERT_EQ(read.policies.size(), parts.policies.size());
  for (std::size_t i = 0; i < parts.policies.size(); ++i) {
    EXPECT_EQ(read.policies[i].id, parts.policies[i].id);
    EXPECT_EQ(read.policies[i].rule, parts.policies[i].rule);
    EXPECT_EQ(read.policies[i].principal_slot, parts.policies[i].principal_slot);
    EXPECT_EQ(read.policies[i].resource_slot, parts.policies[i].resource_slot);
  }
  ASSERT_EQ(read.templates.size(), 1U);
  EXPECT_EQ(read.templates[0].id, "template");
  EXPECT_EQ(read.templates[0].rule, 1U);
  EXPECT_EQ(WriteImage(program.value()).value(), RichImage());
}

TEST(Image, OfAnEmptyProgram) {
  const std::string image = WriteImage(Program()).value();
  const Result<Program> program = ReadImage(image);
  ASSERT_TRUE(program.ok()) << program.error().message;
  EXPECT_EQ(program.value().policy_count(), 0U);
}

TEST(Image, SaysWhatItIs) {
  const Result<ImageInfo> info = ReadImageInfo(RichImage());
  ASSERT_TRUE(info.ok());
  EXPECT_EQ(info.value().format, 1U);
  EXPECT_EQ(info.value().producer.substr(0, 6), "assay ");
  EXPECT_EQ(info.value().digest, rt::DigestOf(RichParts()));
  EXPECT_FALSE(ReadImageInfo("permit(principal, action, resource);").ok());
}

TEST(Image, TextIsNoImage) {
  EXPECT_TRUE(IsImage(RichImage()));
  EXPECT_FALSE(IsImage(""));
  EXPECT_FALSE(IsImage("permit(principal, action, resource);"));
  EXPECT_FALSE(IsImage(image::kMagic.substr(0, 7)));
  EXPECT_EQ(ErrorOf(""), "this is not a program image");
  EXPECT_EQ(ErrorOf("permit(principal, action, resource);"), "this is not a program image");
  EXPECT_EQ(ErrorOf(std::string(image::kMagic)), "this is not a program image");
}

TEST(Image, RefusesANewerFormatAndSaysWhatToDo) {
  std::string image = RichImage();
  image[image::kFormatAt] = 2;
  FixChecksum(&image);
  EXPECT_EQ(ErrorOf(image),
            "the image has format 2, and this version reads 1; compile the policies with this "
            "version, or use one that knows the format");
  EXPECT_EQ(ReadImage(image).error().code, ErrorCode::kUnsupportedImage);
}

TEST(Image, RefusesEveryFlippedBit) {
  std::string image = RichImage();
  for (std::size_t i = 0; i < image.size() * 8; ++i) {
    image[i / 8] = static_cast<char>(image[i / 8] ^ 1 << i % 8);
    ASSERT_FALSE(ReadImage(image).ok()) << "bit " << i;
    image[i / 8] = static_cast<char>(image[i / 8] ^ 1 << i % 8);
  }
}

TEST(Image, RefusesEveryTruncationAndWhatFollows) {
  const std::string image = RichImage();
  for (std::size_t size = 0; size < image.size(); ++size) {
    std::string cut = image.substr(0, size);
    ASSERT_FALSE(ReadImage(cut).ok()) << size;
    if (size < image::kProducerAt) continue;
    FixChecksum(&cut);
    ASSERT_FALSE(ReadImage(cut).ok()) << size << " with a right checksum";
  }
  std::string longer = image + '\0';
  FixChecksum(&longer);
  EXPECT_EQ(ErrorOf(longer), "the image is broken: templates: there is something after it");
}

// Uses all of a program that was let through.
void Use(const Program& program) {
  program.Disassemble();
  const Request request = {{"Group", "g"}, {"Action", "a"}, {"Doc", "d"}, {{"a", "x"}}};
  Result<Snapshot> snapshot = Snapshot::Create(program, Entities());
  ASSERT_TRUE(snapshot.ok()) << snapshot.error().message;
  Scratch scratch;
  const Decision decision = Decide(snapshot.value(), request, scratch);
  ASSERT_EQ(decision.status(), DecisionStatus::kDecided);
  ASSERT_TRUE(WriteImage(program).ok());
}

// Behind a right checksum, a changed image is another program or none.
TEST(Image, AnyChangeGivesAProgramOrAnError) {
  const std::string image = RichImage();
  int loaded = 0;
  for (std::size_t i = image::kProducerAt; i < image.size(); ++i) {
    for (const int change : {1, 0x80, 0xFF}) {
      std::string changed = image;
      changed[i] = static_cast<char>(changed[i] ^ change);
      FixChecksum(&changed);
      const Result<Program> program = ReadImage(changed);
      if (!program.ok()) continue;
      ++loaded;
      Use(program.value());
    }
  }
  EXPECT_GT(loaded, 100);
}

TEST(Image, SplicedImagesGiveAProgramOrAnError) {
  bc::ProgramParts small;
  small.rules.resize(1);
  small.code = {{bc::Op::kSatisfied, 0, 0, 0}};
  small.bodies = {{.begin = 0, .end = 1}};
  small.policies = {{"p", 0, std::nullopt, std::nullopt}};
  const Pieces other(WriteImage(Program::Load(small).value()).value());
  for (unsigned mask = 0; mask < 1U << image::kSectionCount; ++mask) {
    Pieces pieces(RichImage());
    for (std::size_t i = 0; i < image::kSectionCount; ++i) {
      if ((mask >> i & 1) != 0) pieces.sections[i] = other.sections[i];
    }
    const Result<Program> program = ReadImage(pieces.Image());
    if (program.ok()) Use(program.value());
  }
}

// Many changes at a time, behind a right checksum: nothing crashes, and of what is refused every
// section and the verifier are the reason at some time.
TEST(Image, HostileImagesGiveAProgramOrAnError) {
  const Pieces rich(RichImage());
  std::vector<Pieces> seeds = {rich};
  std::set<std::filesystem::path> files;
  for (const auto& file :
       std::filesystem::directory_iterator(testing::SourceDir() / "tests/golden/image")) {
    if (file.path().extension() == ".assay") files.insert(file.path());
  }
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    seeds.emplace_back(std::string(std::istreambuf_iterator<char>(in), {}));
  }
  Draw draw(20'240'601);
  std::map<std::string, int> reasons;
  int loaded = 0;
  constexpr int kImages = 20'000;
  for (int i = 0; i < kImages; ++i) {
    Pieces pieces = draw.Pick(seeds);
    MutateImage(draw, draw.Pick(seeds), &pieces);
    const Result<Program> program = ReadImage(pieces.Image());
    if (program.ok()) {
      ++loaded;
      Use(program.value());
    } else {
      ASSERT_NE(program.error().code, ErrorCode::kOutOfMemory);
      // Without numbers, such as those of instructions.
      std::string reason = program.error().message;
      std::erase_if(reason, [](char c) { return c >= '0' && c <= '9'; });
      ++reasons[reason];
    }
  }
  std::cout << kImages << " images: " << loaded << " loaded, " << kImages - loaded
            << " refused for " << reasons.size() << " reasons\n";
  EXPECT_GT(loaded, kImages / 10);
  EXPECT_GT(reasons.size(), 40U);
  for (const image::SectionInfo& section : image::kSections) {
    const std::string name(section.name);
    EXPECT_TRUE(std::any_of(reasons.begin(), reasons.end(), [&](const auto& reason) {
      return reason.first.find("broken: " + name + ":") != std::string::npos;
    })) << name;
  }
}

using Change = std::function<void(Pieces&)>;

// Writes 4 bytes.
void Set(std::string& section, std::size_t at, std::uint32_t number) {
  ASSERT_LE(at + 4, section.size());
  std::memcpy(section.data() + at, &number, 4);
}

std::string Numbers(std::initializer_list<std::uint32_t> numbers) {
  std::string out;
  for (const std::uint32_t number : numbers) image::Put(number, &out);
  return out;
}

struct Case {
  const char* message;
  Change change;
};

// One constant, encoded by hand; the others are kept for what mentions them.
Case Constant(const char* message, std::string bytes) {
  return {message, [bytes = std::move(bytes)](Pieces& p) {
            std::string& constants = p[Section::kConstants];
            constants = Numbers({1}) + bytes;
          }};
}

std::string OfKind(Kind kind, const std::string& rest) { return static_cast<char>(kind) + rest; }

std::vector<Case> SectionCases() {
  return {
      {"text: it goes beyond the end of the image",
       [](Pieces& p) { p.head += "x"; }},  // moves all sizes
      {"strings: its last entry is cut off", [](Pieces& p) { p[Section::kStrings] += "x"; }},
      {"text: it is not UTF-8", [](Pieces& p) { p[Section::kText][0] = '\xff'; }},
      {"strings: end out of order", [](Pieces& p) { Set(p[Section::kStrings], 4, 0xFFFFFFFF); }},
      {"strings: end out of order", [](Pieces& p) { Set(p[Section::kStrings], 4, 0); }},
      {"strings: a string ends within a character",
       [](Pieces& p) {
         p[Section::kStrings] =
             Numbers({static_cast<std::uint32_t>(p[Section::kText].find("\xc3") + 1)});
       }},
      {"strings: text outside of every string", [](Pieces& p) { p[Section::kText] += "x"; }},
      {"names: string out of range", [](Pieces& p) { Set(p[Section::kNames], 0, 1000); }},
      {"types: string out of range", [](Pieces& p) { Set(p[Section::kTypes], 0, 0xFFFFFFFF); }},
      {"uids: string out of range", [](Pieces& p) { Set(p[Section::kUids], 4, 1000); }},
      {"uids: string out of range", [](Pieces& p) { Set(p[Section::kUids], 0, 1000); }},
      {"patterns: end out of order", [](Pieces& p) { Set(p[Section::kPatterns], 0, 1000); }},
      {"patterns: end out of order", [](Pieces& p) { Set(p[Section::kPatterns], 4, 1); }},
      {"patterns: text is not UTF-8", [](Pieces& p) { p[Section::kPatternText][0] = '\x80'; }},
      {"pattern text: text outside of every pattern",
       [](Pieces& p) { p[Section::kPatternText] += "x"; }},
      {"bodies: a body goes beyond the code", [](Pieces& p) { Set(p[Section::kBodies], 0, 11); }},
      {"bodies: a body goes beyond the code",
       [](Pieces& p) { Set(p[Section::kBodies], 12, 0xFFFFFFFF); }},
      {"bodies: a flag is neither 0 nor 1", [](Pieces& p) { Set(p[Section::kBodies], 8, 2); }},
      {"rules: unknown flag", [](Pieces& p) { p[Section::kRules][0] = 8; }},
      {"rules: more annotations than there are",
       [](Pieces& p) { Set(p[Section::kRules], 28, 0xFFFFFFFF); }},
      {"annotations: an annotation of no rule",
       [](Pieces& p) {
         p[Section::kAnnotations] += Numbers({0, 0});
       }},
      {"annotations: string out of range",
       [](Pieces& p) { Set(p[Section::kAnnotations], 0, 1000); }},
      {"annotations: string out of range",
       [](Pieces& p) { Set(p[Section::kAnnotations], 4, 1000); }},
      {"policies: string out of range", [](Pieces& p) { Set(p[Section::kPolicies], 0, 1000); }},
      {"policies: uid out of range", [](Pieces& p) { Set(p[Section::kPolicies], 24, 1000); }},
      {"policies: uid out of range", [](Pieces& p) { Set(p[Section::kPolicies], 28, 1000); }},
      {"templates: string out of range", [](Pieces& p) { Set(p[Section::kTemplates], 0, 1000); }},
  };
}

std::vector<Case> ConstantCases() {
  const std::string no_bits(14, '\0');
  return {
      Constant("a value is cut off", OfKind(Kind::kLong, "1234567")),
      {"a value is cut off", [](Pieces& p) { p[Section::kConstants].clear(); }},
      {"more elements than there are bytes",
       [](Pieces& p) { Set(p[Section::kConstants], 0, 0xFFFFFFFF); }},
      {"there is something after the values", [](Pieces& p) { p[Section::kConstants] += '\1'; }},
      Constant("no such kind of value", OfKind(Kind::kUndefined, "xx")),
      Constant("no such kind of value", "\x0b x"),
      Constant("a bool is neither 0 nor 1", OfKind(Kind::kBool, "\2")),
      Constant("string out of range", OfKind(Kind::kString, Numbers({1000}))),
      Constant("uid out of range", OfKind(Kind::kEntity, Numbers({1000}))),
      Constant("no such address", OfKind(Kind::kIpAddr, "\2\x20\1\1" + no_bits)),
      Constant("no such address", OfKind(Kind::kIpAddr, std::string("\0\x21\1\1", 4) + no_bits)),
      Constant("no such address", OfKind(Kind::kIpAddr, "\1\x81\1\1" + no_bits)),
      Constant("no such address",
               OfKind(Kind::kIpAddr, std::string("\0\x20", 2) + std::string(16, '\1'))),
      Constant("a set is not in ascending order",
               OfKind(Kind::kSet, Numbers({2}) + OfKind(Kind::kBool, "\1") +
                                      OfKind(Kind::kBool, std::string(1, '\0')))),
      Constant(
          "a set is not in ascending order",
          OfKind(Kind::kSet, Numbers({2}) + OfKind(Kind::kBool, "\1") + OfKind(Kind::kBool, "\1"))),
      Constant("more elements than there are bytes",
               OfKind(Kind::kSet, Numbers({0xFFFFFFFF}) + OfKind(Kind::kBool, "\1"))),
      Constant("more elements than there are bytes", OfKind(Kind::kRecord, Numbers({0x40000000}))),
      Constant("the members of a record are not in ascending order",
               OfKind(Kind::kRecord, Numbers({2}) + Numbers({0}) + OfKind(Kind::kBool, "\1") +
                                         Numbers({0}) + OfKind(Kind::kBool, "\1"))),
      Constant("string out of range",
               OfKind(Kind::kRecord, Numbers({1, 1000}) + OfKind(Kind::kBool, "\1"))),
  };
}

TEST(Image, RefusesEveryBrokenSection) {
  for (const Case& test : SectionCases()) {
    Pieces pieces(RichImage());
    test.change(pieces);
    EXPECT_EQ(ErrorOf(pieces.Image()), std::string("the image is broken: ") + test.message);
  }
  for (const Case& test : ConstantCases()) {
    Pieces pieces(RichImage());
    test.change(pieces);
    EXPECT_EQ(ErrorOf(pieces.Image()),
              std::string("the image is broken: constants: ") + test.message);
  }
}

// What the sections cannot tell is the verifier's to refuse.
TEST(Image, IsVerified) {
  Pieces pieces(RichImage());
  pieces[Section::kCode][0] = '\xff';
  EXPECT_EQ(ErrorOf(pieces.Image()), "instruction 0: no such opcode");
  EXPECT_EQ(ReadImage(pieces.Image()).error().code, ErrorCode::kCorruptProgram);

  Pieces types(RichImage());
  Set(types[Section::kUids], 8, image::Load<std::uint32_t>(types[Section::kNames].data() + 4));
  EXPECT_EQ(ErrorOf(types.Image()), "constant with a type that is not a path");
}

TEST(Image, KeepsLimits) {
  Limits limits;
  limits.policies = 4;
  EXPECT_EQ(ErrorOf(RichImage(), limits), "the image has more than 4 policies (policies)");
  limits.policies = 5;
  EXPECT_EQ(ErrorOf(RichImage(), limits), "loaded");
  limits.json_depth = 3;
  EXPECT_EQ(ErrorOf(RichImage(), limits), "loaded");
  limits.json_depth = 2;
  EXPECT_EQ(ErrorOf(RichImage(), limits),
            "the image is broken: constants: a value is nested too deep (json_depth)");
  limits = {};
  limits.image_bytes = RichImage().size();
  EXPECT_EQ(ErrorOf(RichImage(), limits), "loaded");
  --limits.image_bytes;
  EXPECT_EQ(
      ErrorOf(RichImage(), limits),
      "the image is larger than " + std::to_string(limits.image_bytes) + " bytes (image_bytes)");
}

TEST(Image, RefusesDeepConstants) {
  std::string bomb;
  for (int i = 0; i < 100'000; ++i) bomb += OfKind(Kind::kSet, Numbers({1}));
  Pieces pieces(RichImage());
  Constant("", bomb + OfKind(Kind::kBool, "\1")).change(pieces);
  EXPECT_EQ(ErrorOf(pieces.Image()),
            "the image is broken: constants: a value is nested too deep (json_depth)");
}

// A text of 1 MiB that 4,096 names mention would take 4 GiB.
TEST(Image, RefusesTextsThatAreUsedTooOften) {
  const auto with_long_text = [] {
    Pieces pieces(RichImage());
    pieces[Section::kText] += std::string(std::size_t{1} << 20, 'x');
    pieces[Section::kStrings] +=
        Numbers({static_cast<std::uint32_t>(pieces[Section::kText].size())});
    return pieces;
  };
  Pieces pieces = with_long_text();
  const auto last = static_cast<std::uint32_t>(pieces[Section::kStrings].size() / 4 - 1);
  const std::string message = "the texts of the image take more than 268435456 bytes (image_bytes)";
  for (int i = 0; i < 4096; ++i) pieces[Section::kNames] += Numbers({last});
  EXPECT_EQ(ErrorOf(pieces.Image()), message);
  EXPECT_EQ(ReadImage(pieces.Image()).error().code, ErrorCode::kLimitExceeded);

  Pieces constants = with_long_text();
  std::string values;
  for (int i = 0; i < 4096; ++i) values += OfKind(Kind::kString, Numbers({last}));
  constants[Section::kConstants] = Numbers({4096}) + values;
  EXPECT_EQ(ErrorOf(constants.Image()), message);

  Pieces few = with_long_text();
  for (int i = 0; i < 3; ++i) few[Section::kNames] += Numbers({last});
  EXPECT_EQ(ErrorOf(few.Image()), "loaded");
}

// A set of 1,000 entities that 300,000 rules name as their actions, or 300,000 bodies load: a few
// megabytes that a snapshot would make gigabytes of.
TEST(Image, RefusesConstantsThatAreUsedTooOften) {
  constexpr std::uint32_t kUses = 300'000;
  const auto with_large_set = [] {
    Pieces pieces(RichImage());
    std::string elements;
    for (std::uint32_t i = 0; i < 1000; ++i) {
      elements += OfKind(Kind::kLong, Numbers({i, 0}));
    }
    pieces[Section::kConstants] = Numbers({1}) + OfKind(Kind::kSet, Numbers({1000}) + elements);
    pieces[Section::kAnnotations].clear();
    pieces[Section::kPolicies].clear();
    pieces[Section::kTemplates].clear();
    pieces[Section::kBodies] = Numbers({1, 0, 0});
    pieces[Section::kCode].clear();
    image::Put(bc::Inst{bc::Op::kSatisfied, 0, 0, 0}, &pieces[Section::kCode]);
    pieces[Section::kRules].clear();
    return pieces;
  };
  const std::string message = "the constants of the image are used too often (image_bytes)";

  Pieces rules = with_large_set();
  std::string rule(64, '\0');
  rule[2] = static_cast<char>(bc::Constraint::Kind::kInAnyOf);
  for (std::uint32_t i = 0; i < kUses; ++i) rules[Section::kRules] += rule;
  EXPECT_EQ(ErrorOf(rules.Image()), message);
  EXPECT_EQ(ReadImage(rules.Image()).error().code, ErrorCode::kLimitExceeded);

  Pieces bodies = with_large_set();
  for (std::uint32_t i = 0; i < kUses; ++i) {
    bodies[Section::kBodies] += Numbers({2, 1, 0});
    image::Put(bc::Inst{bc::Op::kLoadConstant, 0, 0, 0}, &bodies[Section::kCode]);
    image::Put(bc::Inst{bc::Op::kSatisfied, 0, 0, 0}, &bodies[Section::kCode]);
  }
  EXPECT_EQ(ErrorOf(bodies.Image()), message);
}

// A snapshot makes a cell of a set and of each of its elements wherever the set is used.
TEST(Image, CountsTheCellsOfConstants) {
  constexpr std::uint32_t kElements = 999, kUses = 50;
  Pieces pieces(RichImage());
  std::string elements;
  for (std::uint32_t i = 0; i < kElements; ++i) {
    elements += OfKind(Kind::kLong, Numbers({i, 0}));
  }
  pieces[Section::kConstants] = Numbers({1}) + OfKind(Kind::kSet, Numbers({kElements}) + elements);
  for (const Section none : {Section::kAnnotations, Section::kPolicies, Section::kTemplates,
                             Section::kRules, Section::kCode, Section::kBodies}) {
    pieces[none].clear();
  }
  for (std::uint32_t i = 0; i < kUses; ++i) {
    pieces[Section::kBodies] += Numbers({2, 1, 0});
    image::Put(bc::Inst{bc::Op::kLoadConstant, 0, 0, 0}, &pieces[Section::kCode]);
    image::Put(bc::Inst{bc::Op::kSatisfied, 0, 0, 0}, &pieces[Section::kCode]);
  }
  const std::string image = pieces.Image();
  Limits limits;
  limits.image_bytes = (kElements + 1) * kUses * kImageBytesPerCell;
  ASSERT_LT(image.size(), limits.image_bytes);
  EXPECT_TRUE(ReadImage(image, limits).ok());
  --limits.image_bytes;
  const Result<Program> refused = ReadImage(image, limits);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(refused.error().message, "the constants of the image are used too often (image_bytes)");
}

// One body that fills 4,096 registers and then jumps often, the i-th time by distance(i), which is
// at most the number of jumps.
std::string ImageOfJumps(std::uint32_t jumps,
                         const std::function<std::uint32_t(std::uint32_t)>& distance) {
  Pieces pieces(RichImage());
  std::string code;
  const auto put = [&code](bc::Op op, std::uint32_t a, std::uint32_t c) {
    image::Put(bc::Inst{op, 0, static_cast<std::uint16_t>(a), c}, &code);
  };
  for (std::uint32_t r = 0; r < bc::kMaxRegisters; ++r) put(bc::Op::kLoadConstant, r, 2);
  for (std::uint32_t i = 0; i < jumps; ++i) put(bc::Op::kJumpIfFalse, 0, distance(i));
  for (std::uint32_t i = 0; i < jumps; ++i) put(bc::Op::kCheckBool, 0, 0);
  put(bc::Op::kSatisfied, 0, 0);
  const auto size = static_cast<std::uint32_t>(code.size() / 8);
  pieces[Section::kCode] = code;
  pieces[Section::kBodies] = Numbers({size, bc::kMaxRegisters, 0});
  pieces[Section::kRules] = std::string(64, '\0');
  pieces[Section::kAnnotations].clear();
  pieces[Section::kPolicies].clear();
  pieces[Section::kTemplates].clear();
  return pieces.Image();
}

// Code that makes the verifier keep a state of 4,096 registers for each of many jumps.
TEST(Image, RefusesCodeThatIsCostlyToVerify) {
  constexpr std::uint32_t kJumps = 100'000;
  EXPECT_EQ(ErrorOf(ImageOfJumps(kJumps, [](std::uint32_t) { return kJumps; })),
            "instruction 8192: too many jumps are pending");
}

// Jumps to one place keep one state only, but each has to be compared with it.
TEST(Image, RefusesJumpsThatCarryTooMuch) {
  const auto error_of = [](std::uint32_t jumps) {
    return ErrorOf(ImageOfJumps(jumps, [jumps](std::uint32_t i) { return jumps - i; }));
  };
  EXPECT_EQ(error_of(1'000), "loaded");
  EXPECT_EQ(error_of(200'000), "instruction 135168: too many registers at jumps");
}

class ImageFile : public ::testing::Test {
 protected:
  ImageFile() { Write(path_, RichImage()); }
  ~ImageFile() override {
    std::filesystem::remove(path_);
    std::filesystem::remove(path_ + ".sig");
  }
  static void Write(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
  }
  std::string Message(const ImageFileOptions& options = {}) const {
    const Result<Program> program = LoadImageFile(path_, options);
    if (program.ok()) return "loaded";
    EXPECT_EQ(program.error().message.substr(0, path_.size() + 2), path_ + ": ");
    return program.error().message.substr(path_.size() + 2);
  }

  const std::string path_ =
      (testing::BuildDir() /
       (std::string("image_") + ::testing::UnitTest::GetInstance()->current_test_info()->name() +
        ".assay"))
          .string();
};

TEST_F(ImageFile, Loads) { EXPECT_EQ(Message(), "loaded"); }

TEST_F(ImageFile, SaysWhyNot) {
  EXPECT_EQ(LoadImageFile("/nowhere/x").error().message, "/nowhere/x: No such file or directory");
  EXPECT_EQ(LoadImageFile("/nowhere/x").error().code, ErrorCode::kUnreadableFile);
  EXPECT_EQ(LoadImageFile("/").error().message, "/: this is not a file");
  EXPECT_EQ(LoadImageFile("/dev/zero").error().message, "/dev/zero: this is not a file");
  ImageFileOptions options;
  options.limits.image_bytes = 10;
  EXPECT_EQ(Message(options), "the file is larger than 10 bytes (image_bytes)");
  Write(path_, RichImage().substr(0, 300));
  EXPECT_EQ(Message(), "the image is damaged: its checksum does not match");
  Write(path_, "");
  EXPECT_EQ(Message(), "this is not a program image");
}

}  // namespace
}  // namespace assay
