#include "engine/snapshot/leading_test.h"

#include <algorithm>
#include <limits>

namespace assay::rt {

using bc::Inst;
using bc::Op;

namespace {

constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

// A variable and attributes of it, evaluated into one register.
struct Subject {
  std::uint8_t variable = 0;
  std::span<const Inst> path;
};

bool SamePath(const Subject& a, const Subject& b) {
  return a.variable == b.variable &&
         std::equal(a.path.begin(), a.path.end(), b.path.begin(), b.path.end(),
                    [](const Inst& x, const Inst& y) { return x.c == y.c; });
}

bool IsScalar(Kind kind) {
  return kind == Kind::kBool || kind == Kind::kLong || kind == Kind::kString ||
         kind == Kind::kEntity || kind == Kind::kDecimal || kind == Kind::kDatetime ||
         kind == Kind::kDuration;
}

bool IsOrdered(Kind kind) {
  return kind == Kind::kLong || kind == Kind::kDatetime || kind == Kind::kDuration;
}

// Reads conditions from the front of the code. Every body ends in an instruction that is none of
// those looked for, so there is always a next one to look at.
class Reader {
 public:
  Reader(std::span<const Inst> code, const Cell* constants) : code_(code), constants_(constants) {}

  std::optional<LeadingTest> Read() {
    const std::optional<Subject> guard = ReadGuard();
    std::optional<LeadingTest> test = ReadCondition();
    if (!test) return std::nullopt;
    if (guard) {
      if (!SamePath(*guard, {test->variable, test->path})) return std::nullopt;
      test->is_guarded = true;
    }
    if (test->is_range) Narrow(&*test);
    return test;
  }

 private:
  const Inst& Next() const { return code_[at_]; }
  bool Take(Op op, std::uint16_t a) {
    if (Next().op != op || Next().a != a) return false;
    ++at_;
    return true;
  }
  bool TakeBinary(Op op) {
    if (Next().op != op || Next().a != 0 || Next().c != 1) return false;
    ++at_;
    return true;
  }

  std::optional<Subject> ReadSubject(std::uint16_t reg) {
    if (Next().op != Op::kLoadVariable || Next().a != reg) return std::nullopt;
    Subject subject{static_cast<std::uint8_t>(Next().c), {}};
    const std::size_t begin = ++at_;
    while (Next().op == Op::kGetAttribute && Next().a == reg) ++at_;
    subject.path = code_.subspan(begin, at_ - begin);
    return subject;
  }

  const Cell* ReadConstant(std::uint16_t reg) {
    if (Next().op != Op::kLoadConstant || Next().a != reg) return nullptr;
    return &constants_[code_[at_++].c];
  }

  // `f has a` followed by `require`: the path of f.a. Steps back if there is none.
  std::optional<Subject> ReadGuard() {
    const std::size_t begin = at_;
    if (auto subject = ReadSubject(0)) {
      const std::size_t end = at_ + 1;
      if (Take(Op::kHasAttribute, 0) && Take(Op::kRequire, 0)) {
        subject->path = code_.subspan(begin + 1, end - begin - 1);
        return subject;
      }
    }
    at_ = begin;
    return std::nullopt;
  }

  std::optional<LeadingTest> ReadCondition() {
    if (const Cell* constant = ReadConstant(0)) {
      const auto subject = ReadSubject(1);
      return subject ? ReadComparison(*subject, *constant, true) : std::nullopt;
    }
    const auto subject = ReadSubject(0);
    if (!subject) return std::nullopt;
    if (const Cell* constant = ReadConstant(1)) return ReadComparison(*subject, *constant, false);
    return ReadBool(*subject);
  }

  std::optional<LeadingTest> ReadBool(const Subject& subject) {
    bool wanted = true;
    while (Take(Op::kNot, 0)) wanted = !wanted;
    if (Next().a != 0) return std::nullopt;
    if (Next().op == Op::kRequireNot) {
      wanted = !wanted;
    } else if (Next().op != Op::kRequire) {
      return std::nullopt;
    }
    ++at_;
    return LeadingTest{.variable = subject.variable,
                       .path = subject.path,
                       .required = Kind::kBool,
                       .value = Cell::Bool(wanted)};
  }

  // `subject op constant`, or with `flipped` the other way round.
  std::optional<LeadingTest> ReadComparison(const Subject& subject, const Cell& constant,
                                            bool flipped) {
    LeadingTest test;
    test.variable = subject.variable;
    test.path = subject.path;
    if (TakeBinary(Op::kEqual)) {
      if (!IsScalar(constant.kind) || !Take(Op::kRequire, 0)) return std::nullopt;
      test.value = constant;
      return test;
    }
    const bool strict = Next().op == Op::kLess;
    if (!IsOrdered(constant.kind) || (!TakeBinary(Op::kLess) && !TakeBinary(Op::kLessEqual))) {
      return std::nullopt;
    }
    bool holds = true;
    while (Take(Op::kNot, 0)) holds = !holds;
    if (Next().a != 0) return std::nullopt;
    if (Next().op == Op::kRequireNot) {
      holds = !holds;
    } else if (Next().op != Op::kRequire) {
      return std::nullopt;
    }
    ++at_;
    test.is_range = true;
    test.required = constant.kind;
    SetRange(constant.number, strict, flipped, holds, &test);
    return test;
  }

  // subject < c, subject <= c, c < subject, c <= subject, or the negation. An empty range has
  // low > high.
  static void SetRange(std::int64_t c, bool strict, bool flipped, bool holds, LeadingTest* test) {
    test->low = kLeast;
    test->high = kMost;
    const bool is_upper = flipped != holds;  // bounds the subject from above
    const bool excludes = strict == holds;   // c itself is outside
    if (is_upper) {
      test->high = c;
      if (excludes) c == kLeast ? void(test->low = kMost) : void(--test->high);
    } else {
      test->low = c;
      if (excludes) c == kMost ? void(test->high = kLeast) : void(++test->low);
    }
  }

  // A second comparison of the same subject with the same kind cannot fail where the first held.
  void Narrow(LeadingTest* test) {
    const auto more = ReadCondition();
    if (!more || !more->is_range || more->required != test->required) return;
    if (!SamePath({more->variable, more->path}, {test->variable, test->path})) return;
    test->low = std::max(test->low, more->low);
    test->high = std::min(test->high, more->high);
  }

  std::span<const Inst> code_;
  const Cell* constants_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<LeadingTest> FindLeadingTest(std::span<const Inst> code, const Cell* constants) {
  return Reader(code, constants).Read();
}

}  // namespace assay::rt
