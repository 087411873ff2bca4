// Shrinking works on the parts of a world and, to make a condition simpler, on its syntax tree.
#include "tests/property/world_gen.h"

#include <utility>
#include <vector>

#include "compiler/cedar/parse.h"

namespace assay::testing {
namespace {

// All worlds that have some of `member`'s elements left out, large parts first.
template <typename T>
rc::Seq<World> FewerOf(const World& world, std::vector<T> World::*member) {
  return rc::seq::map(rc::shrink::removeChunks(world.*member), [=](std::vector<T> fewer) {
    World smaller = world;
    smaller.*member = std::move(fewer);
    return smaller;
  });
}

// The worlds with just one of `member`'s elements. One is mostly enough to fail, and found sooner
// so.
template <typename T>
rc::Seq<World> OnlyOneOf(const World& world, std::vector<T> World::*member) {
  if ((world.*member).size() < 2) return {};
  return rc::seq::map(rc::seq::fromContainer(world.*member), [=](T element) {
    World smaller = world;
    smaller.*member = {std::move(element)};
    return smaller;
  });
}

bool IsLiteral(const cedar::Expr& expr) {
  return expr.kind == cedar::ExprKind::kBool || expr.kind == cedar::ExprKind::kLong ||
         expr.kind == cedar::ExprKind::kString || expr.kind == cedar::ExprKind::kUid;
}

std::string Replaced(const std::string& text, Span span, const std::string& with) {
  return text.substr(0, span.begin) + with + text.substr(span.end);
}

// The text with each expression replaced by one of its operands or by `true`, each condition left
// out.
std::vector<std::string> SimplerTexts(const std::string& text) {
  Sources sources;
  cedar::Ast ast;
  Diagnostics diagnostics;
  const std::uint32_t source = sources.Add("", text);
  std::vector<std::string> simpler;
  if (!cedar::ParsePolicies(sources, source, Limits{}, &ast, &diagnostics)) return simpler;
  for (const cedar::Policy& policy : ast.policies) {
    for (const cedar::Condition& c : policy.conditions) {
      simpler.push_back(Replaced(text, c.span, ""));
    }
  }
  for (auto expr = ast.exprs.rbegin(); expr != ast.exprs.rend(); ++expr) {
    for (const cedar::ExprId id : ast.operands(*expr)) {
      const std::string operand = "(" + std::string(sources.Slice(ast[id].span)) + ")";
      simpler.push_back(Replaced(text, expr->span, operand));
    }
    if (!IsLiteral(*expr)) simpler.push_back(Replaced(text, expr->span, "true"));
  }
  return simpler;
}

rc::Seq<World> SimplerPolicies(const World& world, World::Texts World::*member) {
  std::vector<World> worlds;
  // With many policies this would only be slow: they become few first.
  if ((world.*member).size() > 3) return {};
  for (std::size_t i = 0; i < (world.*member).size(); ++i) {
    for (std::string& text : SimplerTexts((world.*member)[i].second)) {
      worlds.push_back(world);
      (worlds.back().*member)[i].second = std::move(text);
    }
  }
  return rc::seq::fromContainer(std::move(worlds));
}

rc::Seq<World> Smaller(const World& world) {
  return rc::seq::concat(OnlyOneOf(world, &World::policies), OnlyOneOf(world, &World::requests),
                         FewerOf(world, &World::requests), FewerOf(world, &World::policies),
                         FewerOf(world, &World::links), FewerOf(world, &World::templates),
                         FewerOf(world, &World::entities), SimplerPolicies(world, &World::policies),
                         SimplerPolicies(world, &World::templates));
}

}  // namespace

rc::Gen<World> WorldGen(const WorldSize& size) {
  return [size](const rc::Random& random, int) {
    rc::Random source(random);
    return rc::shrinkable::shrinkRecur(RandomWorld(source.next(), size), Smaller);
  };
}

World Smallest(const World& failing, const std::function<bool(const World&)>& fails) {
  rc::Shrinkable<World> smallest = rc::shrinkable::shrinkRecur(failing, Smaller);
  bool found = true;
  while (found) {
    found = false;
    for (auto shrinks = smallest.shrinks(); auto next = shrinks.next();) {
      if (!fails(next->value())) continue;
      smallest = *next;
      found = true;
      break;
    }
  }
  return smallest.value();
}

}  // namespace assay::testing
