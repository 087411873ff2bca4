// The public door of the compiler: builds policy sets and runs the stages.
#include "assay/compile.h"

#include <new>
#include <utility>

#include "assay/schema.h"
#include "compiler/cedar/lower.h"
#include "compiler/cedar/parse.h"
#include "compiler/cedar/policy_json.h"
#include "compiler/cedar/policy_set_build.h"
#include "compiler/cedar/policy_set_json.h"
#include "compiler/cedar/print.h"
#include "compiler/emit/emit.h"
#include "compiler/passes/fold.h"
#include "compiler/validate/plan.h"
#include "engine/base/guarded.h"

namespace assay {

namespace {

Result<Program> CompileSet(const cedar::PolicySetSyntax& set, const cedar::Plans& plans) {
  ir::Module module = cedar::Lower(set, plans);
  passes::Fold(&module);
  return emit::Emit(std::move(module), emit::What::kPolicies);
}

}  // namespace

struct PolicySet::State {
  explicit State(const Limits& most) : limits(most), builder(most) {}
  Limits limits;
  cedar::PolicySetBuilder builder;
};

// Without memory there is no state, and every call says so.
PolicySet::PolicySet(const Limits& limits) {
  try {
    state_ = std::make_unique<State>(limits);
  } catch (const std::bad_alloc&) {
    state_ = nullptr;
  }
}

PolicySet::~PolicySet() = default;
PolicySet::PolicySet(PolicySet&&) noexcept = default;
PolicySet& PolicySet::operator=(PolicySet&&) noexcept = default;

bool PolicySet::AddCedar(const Sources& sources, std::uint32_t source, Diagnostics* diagnostics) {
  return Guarded(diagnostics, [&] {
    if (state_ == nullptr) throw std::bad_alloc();
    return state_->builder.AddCedar(sources, source, diagnostics);
  });
}

bool PolicySet::AddPolicy(std::string id, const Sources& sources, std::uint32_t source,
                          Diagnostics* diagnostics) {
  return Guarded(diagnostics, [&] {
    if (state_ == nullptr) throw std::bad_alloc();
    return state_->builder.AddPolicy(std::move(id), sources, source, diagnostics);
  });
}

bool PolicySet::AddPolicyJson(std::string id, const Sources& sources, std::uint32_t source,
                              Diagnostics* diagnostics) {
  return Guarded(diagnostics, [&] {
    if (state_ == nullptr) throw std::bad_alloc();
    const auto node = json::Parse(sources, source, state_->builder.limits(), diagnostics);
    return node && state_->builder.AddPolicy(std::move(id), *node, diagnostics);
  });
}

bool PolicySet::Link(std::string_view template_id, std::string new_id,
                     std::optional<EntityUid> principal, std::optional<EntityUid> resource,
                     Diagnostics* diagnostics) {
  return Guarded(diagnostics, [&] {
    if (state_ == nullptr) throw std::bad_alloc();
    return state_->builder.Link(template_id, std::move(new_id), std::move(principal),
                                std::move(resource), diagnostics);
  });
}

bool PolicySet::AddJson(Sources* sources, std::uint32_t source, Diagnostics* diagnostics) {
  return Guarded(diagnostics, [&] {
    if (state_ == nullptr) throw std::bad_alloc();
    return cedar::ReadPolicySetJson(sources, source, &state_->builder, diagnostics);
  });
}

const cedar::PolicySetSyntax& PolicySet::syntax() const {
  static const cedar::PolicySetSyntax no_syntax;
  return state_ != nullptr ? state_->builder.syntax() : no_syntax;
}

Result<std::string> PolicySet::ToJson() const {
  return Guarded([&]() -> Result<std::string> {
    if (state_ == nullptr) throw std::bad_alloc();
    return cedar::WritePolicySetJson(syntax());
  });
}

Result<std::string> PolicySet::ToCedar() const {
  return Guarded([&]() -> Result<std::string> {
    if (state_ == nullptr) throw std::bad_alloc();
    if (!syntax().links.empty()) {
      return Error{ErrorCode::kInvalidArgument, "linked policies cannot be written as Cedar text"};
    }
    return cedar::PrintPolicies(syntax().ast);
  });
}

Result<Program> PolicySet::Compile() const {
  return Guarded([&]() -> Result<Program> {
    if (state_ == nullptr) throw std::bad_alloc();
    return CompileSet(syntax(), {});
  });
}

Result<Program> PolicySet::Compile(const Schema& schema) const {
  return Guarded([&]() -> Result<Program> {
    if (state_ == nullptr) throw std::bad_alloc();
    return CompileSet(syntax(), validate::PlanConditions(schema.model(), syntax(), state_->limits));
  });
}

std::optional<Program> CompileExpression(const Sources& sources, std::uint32_t source,
                                         const Limits& limits, Diagnostics* diagnostics) {
  return Guarded(diagnostics, [&]() -> std::optional<Program> {
    cedar::Ast ast;
    const auto expr = cedar::ParseExpression(sources, source, limits, &ast, diagnostics);
    if (!expr) return std::nullopt;
    ir::Module module = cedar::LowerExpression(ast, *expr);
    passes::Fold(&module);
    Result<Program> program = emit::Emit(std::move(module), emit::What::kExpression);
    if (program.ok()) return std::move(program).value();
    diagnostics->Add(DiagId::kTooDeep, ast[*expr].span, program.error().message);
    return std::nullopt;
  });
}

}  // namespace assay
