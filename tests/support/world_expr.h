// Random expressions as Cedar text, mostly well-typed against a schema: every operator, method and
// extension function, in many spellings.
#pragma once

#include <string>
#include <vector>

#include "tests/support/world_draw.h"
#include "tests/support/world_schema.h"

namespace assay::testing {

class ExprMaker {
 public:
  // The types the policy's scope takes the principal and the resource to be of.
  ExprMaker(Draw& draw, const WorldSchema& schema, std::string principal, std::string resource);

  // What goes between the braces of `when`.
  std::string Condition();

 private:
  // How tightly a text binds; what stands in a place that needs more gets parentheses.
  enum Level { kIf, kOr, kAnd, kRelation, kAdd, kMultiply, kUnary, kMember };
  struct Code {
    std::string text;
    Level level;
  };
  // A chain of attributes that should be there, like `principal.a.b`.
  struct Path {
    std::string root;
    std::vector<std::string> names;
    WorldType type;
  };

  void AddPaths(const Path& base, const std::vector<Field>& fields, int depth);
  const Path* FindPath(const WorldType& type);
  std::string Root(const std::string& root);
  Code Spell(const Path& path);
  // `principal has a && …`, so that the path can be used behind it.
  std::string Guard(const Path& path);

  std::string At(const Code& code, Level needed);
  std::string Arguments(const std::vector<Code>& arguments);
  Code Call(const Code& receiver, const std::string& method, const std::vector<Code>& arguments);
  Code Infix(const Code& left, const std::string& op, const Code& right, Level level,
             Level operand);

  Code Make(const WorldType& type, int depth);
  Code Any(int depth);
  Code Entity(int depth);
  Code Constant(const WorldType& type, int depth);
  Code Operation(const WorldType& type, int depth);
  Code IfThenElse(const WorldType& type, int depth);
  Code Projection(const WorldType& type, int depth);
  Code Tag(const WorldType& type, int depth);
  Code Wrong(const WorldType& type, int depth);
  Code Long(std::int64_t value);
  Code Arithmetic(int depth);
  Code SetLiteral(const WorldType& type, int depth);
  Code RecordLiteral(const std::vector<Field>& fields, int depth);
  Code Extension(TypeKind kind, int depth);

  Code Bool(int depth);
  Code Connective(int depth);
  Code Equality(int depth);
  Code Ordering(int depth);
  Code In(int depth);
  Code Is(int depth);
  Code Has(int depth);
  Code Like(int depth);
  Code SetTest(int depth);
  Code HasTag(int depth);
  Code ExtensionTest(int depth);
  Code Guarded(int depth);

  Draw& draw_;
  const WorldSchema& schema_;
  std::string principal_, resource_;
  std::vector<Path> paths_;
};

}  // namespace assay::testing
