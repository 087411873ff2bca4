// A store that was edited answers as one that was made of the result: after any series of batches,
// of which some must be refused and then change nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <map>

#include "assay/store.h"
#include "tests/property/harness.h"
#include "tests/support/world_draw.h"
#include "tests/support/world_random.h"

namespace assay::testing {
namespace {

constexpr WorldSize kSize = {30, 6};
constexpr int kBatches = 24;

// What a store should hold, as plain maps.
struct Model {
  std::map<std::string, std::string> policies, templates;  // id to text
  std::map<std::string, World::Link> links;
  std::map<EntityUid, Entity> entities;

  bool HasId(const std::string& id) const {
    return policies.count(id) + templates.count(id) + links.count(id) > 0;
  }
  bool HasLinksOf(const std::string& id) const {
    return std::any_of(links.begin(), links.end(),
                       [&](const auto& link) { return link.second.template_id == id; });
  }

  // The set, compiled at once; nothing if entities cannot be together.
  std::optional<Snapshot> Compile() const {
    Sources sources;
    Diagnostics diagnostics;
    PolicySet set;
    for (const auto* texts : {&policies, &templates}) {
      for (const auto& [id, text] : *texts) {
        set.AddPolicy(id, sources, sources.Add(id, text), &diagnostics);
      }
    }
    for (const auto& [id, link] : links) {
      set.Link(link.template_id, id, link.principal, link.resource, &diagnostics);
    }
    EXPECT_TRUE(diagnostics.empty()) << diagnostics.Render(sources);
    std::vector<Entity> all;
    for (const auto& [uid, entity] : entities) all.push_back(entity);
    Result<Entities> store = Entities::Create(std::move(all));
    if (!store.ok()) return std::nullopt;
    return Snapshot::Create(set.Compile().value(), store.value()).value();
  }
};

Program CompileOne(const std::string& id, const std::string& text) {
  Sources sources;
  Diagnostics diagnostics;
  PolicySet set;
  EXPECT_TRUE(set.AddPolicy(id, sources, sources.Add(id, text), &diagnostics))
      << diagnostics.Render(sources);
  return set.Compile().value();
}

std::vector<Entity> EntitiesOf(const World& world) {
  Sources sources;
  Diagnostics diagnostics;
  const auto store = Entities::FromJson(sources, sources.Add("entities", world.EntitiesJson()),
                                        Limits{}, &diagnostics);
  std::vector<Entity> all;
  for (std::size_t i = 0; store && i < store->size(); ++i) all.push_back((*store)[i]);
  return all;
}

// Draws operations from the parts of a few worlds, and does them to a model and to an Edit.
class Editing {
 public:
  explicit Editing(Draw* draw) : draw_(*draw) {
    for (int i = 0; i < 3; ++i) {
      worlds_.push_back(RandomWorld(draw_.Next(), kSize));
      for (Entity& entity : EntitiesOf(worlds_.back())) entities_.push_back(std::move(entity));
    }
  }

  const std::vector<World>& worlds() const { return worlds_; }

  // False if the operation must be refused, whatever the rest of the batch is.
  bool Operate(Model* model, Edit* edit) {
    switch (draw_.Below(12)) {
      case 0:
      case 1:
      case 2:
      case 3: return AddPolicy(model, edit);
      case 4: return ReplacePolicy(model, edit);
      case 5: return Remove(model, edit);
      case 6: return AddTemplate(model, edit);
      case 7:
      case 8: return Link(model, edit);
      case 9: return Unlink(model, edit);
      case 10: return Upsert(model, edit);
      default: return draw_.Below(3) == 0 ? Erase(model, edit) : Upsert(model, edit);
    }
  }

 private:
  template <typename Container>
  auto& Any(Container& all) {
    return all[draw_.Below(all.size())];
  }
  template <typename Map>
  auto AnyOf(Map& map) {
    return std::next(map.begin(), static_cast<std::ptrdiff_t>(draw_.Below(map.size())));
  }
  // Any id, or rather one that is taken, or rather one that is free.
  std::string Id() { return "p" + std::to_string(draw_.Below(200)); }
  std::string TakenId(const Model& model) {
    std::string id = Id();
    for (int i = 0; i < 100 && !model.HasId(id); ++i) id = Id();
    return id;
  }
  std::string FreeId(const Model& model) {
    std::string id = Id();
    for (int i = 0; draw_.Below(200) > 0 && i < 100 && model.HasId(id); ++i) id = Id();
    return id;
  }

  bool AddPolicy(Model* model, Edit* edit) {
    const World& world = Any(worlds_);
    if (world.policies.empty()) return true;
    const std::string id = FreeId(*model), text = Any(world.policies).second;
    edit->Add(CompileOne(id, text));
    if (model->HasId(id)) return false;
    model->policies.emplace(id, text);
    return true;
  }

  bool ReplacePolicy(Model* model, Edit* edit) {
    const World& world = Any(worlds_);
    if (world.policies.empty()) return true;
    const std::string id = Id(), text = Any(world.policies).second;
    edit->Replace(CompileOne(id, text));
    if (model->templates.count(id) > 0 && model->HasLinksOf(id)) return false;
    model->policies.erase(id);
    model->templates.erase(id);
    model->links.erase(id);
    model->policies.emplace(id, text);
    return true;
  }

  bool Remove(Model* model, Edit* edit) {
    const std::string id = draw_.Below(60) == 0 ? Id() : TakenId(*model);
    edit->Remove(id);
    if (model->policies.erase(id) > 0) return true;
    if (model->templates.count(id) == 0 || model->HasLinksOf(id)) return false;
    model->templates.erase(id);
    return true;
  }

  bool AddTemplate(Model* model, Edit* edit) {
    const World& world = Any(worlds_);
    if (world.templates.empty()) return true;
    const std::string id = FreeId(*model), text = Any(world.templates).second;
    edit->Add(CompileOne(id, text));
    if (model->HasId(id)) return false;
    model->templates.emplace(id, text);
    return true;
  }

  bool Link(Model* model, Edit* edit) {
    if (model->templates.empty() || entities_.empty()) return true;
    const auto& [id, text] = *AnyOf(model->templates);
    World::Link link{id, FreeId(*model), std::nullopt, std::nullopt};
    if (text.find("?principal") != std::string::npos) link.principal = Any(entities_).uid;
    if (text.find("?resource") != std::string::npos) link.resource = Any(entities_).uid;
    const bool wrong = draw_.Below(60) == 0;
    if (wrong)
      link.principal.has_value() ? void(link.principal.reset())
                                 : void(link.principal = Any(entities_).uid);
    edit->Link(link.template_id, link.new_id, link.principal, link.resource);
    if (wrong || model->HasId(link.new_id)) return false;
    model->links.emplace(link.new_id, link);
    return true;
  }

  bool Unlink(Model* model, Edit* edit) {
    const bool sure = !model->links.empty() && draw_.Below(20) > 0;
    const std::string id = sure ? AnyOf(model->links)->first : Id();
    edit->Unlink(id);
    return model->links.erase(id) > 0;
  }

  bool Upsert(Model* model, Edit* edit) {
    if (entities_.empty()) return true;
    const Entity& entity = Any(entities_);
    edit->Upsert(entity);
    model->entities.insert_or_assign(entity.uid, entity);
    return true;
  }

  bool Erase(Model* model, Edit* edit) {
    if (model->entities.empty()) return true;
    const EntityUid uid = AnyOf(model->entities)->first;
    edit->Erase(uid);
    model->entities.erase(uid);
    for (auto& [other, entity] : model->entities) {
      std::erase(entity.parents, uid);
    }
    return true;
  }

  Draw& draw_;
  std::vector<World> worlds_;
  std::vector<Entity> entities_;
};

std::vector<Request> RequestsOf(const std::vector<World>& worlds) {
  std::vector<Request> requests;
  for (const World& world : worlds) {
    for (const std::string& text : world.requests) {
      Sources sources;
      Diagnostics diagnostics;
      auto request = ParseRequestJson(sources, sources.Add("r", text), Limits{}, &diagnostics);
      if (request) requests.push_back(std::move(*request));
    }
  }
  return requests;
}

struct Counts {
  Mix mix;
  std::uint64_t published = 0, refused = 0;
};

// True if both snapshots answer all requests alike.
bool Agree(const Snapshot& edited, const Snapshot& fresh, const std::vector<Request>& requests,
           Scratch& scratch, Mix* mix) {
  for (const Request& request : requests) {
    std::string error;
    const auto actual = AskSnapshot(edited, request, scratch, &error);
    const auto wanted = AskSnapshot(fresh, request, scratch, &error);
    if (!actual || !wanted || *actual != *wanted) {
      ADD_FAILURE() << error << "\nedited: " << (actual ? Show(*actual) : "")
                    << "\nfresh: " << (wanted ? Show(*wanted) : "");
      return false;
    }
    mix->Add(*wanted);
  }
  return true;
}

void RunSeries(std::uint64_t seed, Counts* counts) {
  Draw draw(seed);
  Editing editing(&draw);
  const std::vector<Request> requests = RequestsOf(editing.worlds());
  Store store = Store::Create(Program(), Entities()).value();
  Model model;
  Scratch scratch;
  for (int batch = 0; batch < kBatches; ++batch) {
    Edit edit;
    Model next = model;
    bool possible = true;
    const std::size_t size = 1 + draw.Below(batch % 8 == 0 ? 100 : 5);
    for (std::size_t i = 0; i < size && possible; ++i) possible = editing.Operate(&next, &edit);
    std::optional<Snapshot> fresh;
    if (possible) fresh = next.Compile();
    const std::uint64_t before = store.Collect().live_bytes;
    const Result<Snapshot> applied = store.Apply(edit);
    ASSERT_EQ(applied.ok(), fresh.has_value())
        << "seed " << seed << " batch " << batch << ": "
        << (applied.ok() ? "published" : applied.error().message);
    if (applied.ok()) {
      model = std::move(next);
      ++counts->published;
    } else {
      ++counts->refused;
      ASSERT_EQ(store.Collect().live_bytes, before) << applied.error().message;
      fresh = model.Compile();
    }
    ASSERT_EQ(store.snapshot().policy_count(), model.policies.size() + model.links.size());
    ASSERT_EQ(store.snapshot().entity_count(), model.entities.size());
    ASSERT_EQ(store.snapshot().policy_digest(), fresh->policy_digest())
        << "seed " << seed << " batch " << batch;
    ASSERT_TRUE(Agree(store.snapshot(), *fresh, requests, scratch, &counts->mix))
        << "seed " << seed << " batch " << batch;
  }
  // With all taken away again nothing is left but the containers' own rows.
  Edit all;
  for (const auto& [id, link] : model.links) all.Unlink(id);
  for (const auto& [id, text] : model.policies) all.Remove(id);
  for (const auto& [id, text] : model.templates) all.Remove(id);
  for (const auto& [uid, entity] : model.entities) all.Erase(uid);
  ASSERT_TRUE(store.Apply(all).ok());
  ASSERT_EQ(store.snapshot().policy_count(), 0U);
  ASSERT_EQ(store.snapshot().name_count(), 0U);
  ASSERT_EQ(store.snapshot().policy_digest(),
            Snapshot::Create(Program(), Entities()).value().policy_digest());
}

TEST(EditsProperty, AnEditedStoreAnswersAsAFreshOne) {
  std::cout << "seed " << Seed() << std::endl;
  Counts counts;
  const std::uint64_t decisions = DecisionsToMake(100'000);
  for (std::uint64_t i = 0; counts.mix.decisions < decisions && !HasFailure(); ++i) {
    RunSeries(Seed() + i, &counts);
  }
  std::cout << counts.mix.Show() << ", no difference; " << counts.published
            << " batches published, " << counts.refused << " refused" << std::endl;
  EXPECT_GT(counts.refused, counts.published / 20);
  counts.mix.Check();
}

}  // namespace
}  // namespace assay::testing
