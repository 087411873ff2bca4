// Policies, templates and links, and the world around them.
#include "tests/support/world_random.h"

#include <algorithm>

#include "tests/support/world_draw.h"
#include "tests/support/world_expr.h"
#include "tests/support/world_schema.h"

namespace assay::testing {
namespace {

class PolicyMaker {
 public:
  PolicyMaker(Draw& draw, const WorldSchema& schema)
      : draw_(draw), schema_(schema), permits_(draw.Weighted({30, 40, 30}) * 18 + 62) {}

  std::string StaticPolicy() { return Policy(false, false); }

  // At least one of the slots is used.
  std::string Template(bool principal_slot, bool resource_slot) {
    return Policy(principal_slot, resource_slot);
  }

 private:
  std::string Policy(bool principal_slot, bool resource_slot) {
    principal_ = draw_.Pick(schema_.types).name;
    resource_ = draw_.Pick(schema_.types).name;
    const bool permit = draw_.Percent(static_cast<unsigned>(permits_));
    // Forbids are kept narrow: one that applies hides all permits.
    const unsigned open = permit ? 50 : 20;
    std::string text = Gap(draw_);
    text += Annotations();
    text += Cat({permit ? "permit" : "forbid", Gap(draw_), "(", Gap(draw_)});
    text += Scope("principal", principal_, principal_slot, open);
    text += Cat({Gap(draw_), ",", Space(draw_)});
    text += ActionScope(open);
    text += Cat({Gap(draw_), ",", Space(draw_)});
    text += Scope("resource", resource_, resource_slot, open);
    text += Cat({Gap(draw_), draw_.Percent(5) ? "," : "", Gap(draw_), ")"});
    text += Conditions(permit);
    return text + Cat({Gap(draw_), ";", Gap(draw_)});
  }

  std::string Annotations() {
    std::string text;
    std::vector<std::string> keys = {"id", "note", "if", "in_1", "permit", "true"};
    while (draw_.Percent(12) && !keys.empty()) {
      text += Cat({"@", Gap(draw_), keys.back()});
      if (draw_.Percent(75)) {
        text += Cat({Gap(draw_), "(", Gap(draw_), Literal(draw_, AnyText(draw_)), Gap(draw_), ")"});
      }
      text += Space(draw_);
      keys.pop_back();
    }
    return text;
  }

  std::string Uid(const std::string& type) {
    const EntityUid uid = DrawUid(draw_, schema_, type);
    const std::string text = UidText(draw_, uid.type, uid.id);
    return draw_.Percent(5) ? Cat({"(", Gap(draw_), text, Gap(draw_), ")"}) : text;
  }

  std::string Scope(const std::string& var, const std::string& type, bool slot, unsigned open) {
    const auto target = [&](const std::string& of) { return slot ? "?" + var : Uid(of); };
    const std::string& above = draw_.Pick(schema_.Find(type)->above);
    const std::string space = Space(draw_);
    if (!slot && draw_.Percent(open)) return var;
    switch (slot ? draw_.Weighted({35, 35, 30}) : draw_.Weighted({12, 20, 18, 50})) {
      case 0: return Cat({var, Space(draw_), "==", Gap(draw_), target(type)});
      case 1: return Cat({var, space, "in", Space(draw_), target(above)});
      case 2:
        return Cat({var, space, "is", Space(draw_), TypeText(draw_, type), Space(draw_), "in",
                    Space(draw_), target(above)});
      default: return Cat({var, space, "is", Space(draw_), TypeText(draw_, type)});
    }
  }

  std::string ActionUid() {
    const std::string id = draw_.Percent(95) ? draw_.Pick(schema_.actions.ids) : AnyText(draw_);
    return UidText(draw_, schema_.actions.name, id);
  }

  std::string ActionScope(unsigned open) {
    if (draw_.Percent(open)) return "action";
    switch (draw_.Weighted({35, 25, 40})) {
      case 0: return Cat({"action", Gap(draw_), "==", Gap(draw_), ActionUid()});
      case 1: return Cat({"action", Space(draw_), "in", Space(draw_), ActionUid()});
      default: {
        std::vector<std::string> uids;
        for (std::size_t i = draw_.Below(5); i > 0; --i) uids.push_back(ActionUid());
        return Cat({"action", Space(draw_), "in", Gap(draw_), List(draw_, "[", uids, "]")});
      }
    }
  }

  std::string Conditions(bool permit) {
    ExprMaker expressions(draw_, schema_, principal_, resource_);
    std::string text;
    std::size_t count = draw_.Weighted({20, 55, 18, 7});
    if (!permit) count = std::max<std::size_t>(count, 1);
    for (; count > 0; --count) {
      text += Cat({Space(draw_), draw_.Percent(75) ? "when" : "unless", Gap(draw_), "{",
                   expressions.Condition(), "}"});
    }
    return text;
  }

  Draw& draw_;
  const WorldSchema& schema_;
  std::size_t permits_;  // in a hundred
  std::string principal_, resource_;
};

std::string PolicyId(Draw& draw, const char* prefix, std::size_t number) {
  const std::string odd = draw.Percent(4) ? AnyText(draw) : "";
  return Cat({odd, prefix, std::to_string(number)});
}

std::size_t DrawCount(Draw& draw, std::size_t most) {
  switch (draw.Weighted({30, 40, 22, 8})) {
    case 0: return draw.Between(2, std::min<std::size_t>(5, most));
    case 1: return draw.Between(2, std::min<std::size_t>(20, most));
    case 2: return draw.Between(2, std::min<std::size_t>(80, most));
    default: return draw.Between(2, most);
  }
}

// One template with its links; at most `most` of them.
void AddTemplate(Draw& draw, const WorldSchema& schema, PolicyMaker* maker, std::size_t most,
                 World* world) {
  const std::size_t slots = draw.Weighted({35, 35, 30});
  const std::string id = PolicyId(draw, "t", world->templates.size());
  world->templates.emplace_back(id, maker->Template(slots != 1, slots != 0));
  const std::size_t count = std::min(most, draw.Weighted({10, 30, 30, 20, 10}));
  for (std::size_t i = 0; i < count; ++i) {
    World::Link link{id, PolicyId(draw, "l", world->links.size()), std::nullopt, std::nullopt};
    const auto value = [&] { return DrawUid(draw, schema, draw.Pick(schema.types).name); };
    if (slots != 1) link.principal = value();
    if (slots != 0) link.resource = value();
    world->links.push_back(std::move(link));
  }
}

}  // namespace

World RandomWorld(std::uint64_t seed, const WorldSize& size) {
  Draw draw(seed);
  const WorldSchema schema = DrawSchema(draw);
  World world;
  PolicyMaker maker(draw, schema);
  const std::size_t count = DrawCount(draw, size.most_policies);
  while (world.policies.size() + world.links.size() < count) {
    if (draw.Percent(15)) {
      AddTemplate(draw, schema, &maker, count - world.policies.size() - world.links.size(), &world);
    } else {
      world.policies.emplace_back(PolicyId(draw, "p", world.policies.size()), maker.StaticPolicy());
    }
  }
  world.entities = DrawEntities(draw, schema);
  for (std::size_t i = 0; i < size.requests; ++i) {
    world.requests.push_back(DrawRequest(draw, schema));
  }
  return world;
}

}  // namespace assay::testing
