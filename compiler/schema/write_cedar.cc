#include "compiler/schema/write.h"
#include "engine/base/escape.h"
#include "engine/base/names.h"

namespace assay::schema {

namespace {

constexpr std::size_t kIndent = 2;

std::string Quoted(std::string_view text) { return "\"" + EscapeText(text) + "\""; }

class CedarWriter {
 public:
  std::string Take() { return std::move(out_); }

  void Write(const Fragment& fragment) {
    std::size_t left = fragment.namespaces.size();
    for (const auto& [name, space] : fragment.namespaces) {
      if (name.empty()) {
        Declarations(space, 0);
      } else {
        Annotate(space.annotations, 0);
        out_ += "namespace " + name + " {\n";
        Declarations(space, kIndent);
        out_ += "}\n";
      }
      if (--left > 0) out_ += "\n";
    }
  }

 private:
  void Indent(std::size_t indent) { out_.append(indent, ' '); }

  void Annotate(const Annotations& annotations, std::size_t indent) {
    for (const auto& [key, value] : annotations) {
      Indent(indent);
      out_ += "@" + key;
      if (value) out_ += "(" + Quoted(*value) + ")";
      out_ += "\n";
    }
  }

  void Declarations(const Namespace& space, std::size_t indent) {
    std::size_t left = space.common_types.size() + space.entity_types.size() + space.actions.size();
    const auto end = [&] {
      out_ += ";\n";
      if (--left > 0) out_ += "\n";
    };
    for (const auto& [name, common] : space.common_types) {
      Annotate(common.annotations, indent);
      Indent(indent);
      out_ += "type " + name + " = ";
      Type(common.type, indent);
      end();
    }
    for (const auto& [name, entity] : space.entity_types) {
      Annotate(entity.annotations, indent);
      Indent(indent);
      out_ += "entity " + name;
      Entity(entity, indent);
      end();
    }
    for (const auto& [name, action] : space.actions) {
      Annotate(action.annotations, indent);
      Indent(indent);
      out_ += "action " + Quoted(name);
      Action(action, indent);
      end();
    }
  }

  void Entity(const EntityDecl& entity, std::size_t indent) {
    if (!entity.choices.empty()) {
      out_ += " enum [";
      for (const std::string& choice : entity.choices) {
        if (&choice != &entity.choices.front()) out_ += ", ";
        out_ += Quoted(choice);
      }
      out_ += "]";
      return;
    }
    if (!entity.member_of.empty()) {
      out_ += " in ";
      Names(entity.member_of);
    }
    if (!entity.shape.is_empty_record()) {
      out_ += " = ";
      Type(entity.shape, indent);
    }
    if (entity.tags) {
      out_ += " tags ";
      Type(*entity.tags, 0);  // the reference does not indent these
    }
  }

  void Action(const ActionDecl& action, std::size_t indent) {
    if (action.member_of && !action.member_of->empty()) {
      out_ += " in [";
      for (const ActionRef& parent : *action.member_of) {
        if (&parent != &action.member_of->front()) out_ += ", ";
        out_ += parent.type.value_or("Action") + "::" + Quoted(parent.id);
      }
      out_ += "]";
    }
    if (!action.applies_to || action.applies_to->principals.empty() ||
        action.applies_to->resources.empty()) {
      return;
    }
    const std::size_t inner = indent + kIndent;
    const auto member = [&](std::string_view name) {
      Indent(inner);
      out_ += std::string(name) + ": ";
    };
    out_ += " appliesTo {\n";
    member("principal");
    Names(action.applies_to->principals);
    out_ += ",\n";
    member("resource");
    Names(action.applies_to->resources);
    out_ += ",\n";
    member("context");
    if (action.applies_to->context.is_empty_record()) {
      out_ += "{}";
    } else {
      Type(action.applies_to->context, inner);
    }
    out_ += "\n";
    Indent(indent);
    out_ += "}";
  }

  void Names(const std::vector<Name>& names) {
    out_ += "[";
    for (const Name& name : names) {
      if (&name != &names.front()) out_ += ", ";
      out_ += name.text;
    }
    out_ += "]";
  }

  void Type(const TypeExpr& type, std::size_t indent) {
    switch (type.form) {
      case TypeForm::kBoolean: out_ += "__cedar::Bool"; break;
      case TypeForm::kLong: out_ += "__cedar::Long"; break;
      case TypeForm::kString: out_ += "__cedar::String"; break;
      case TypeForm::kExtension: out_ += "__cedar::" + type.name; break;
      case TypeForm::kEntity:
      case TypeForm::kEntityOrCommon:
      case TypeForm::kCommon: out_ += type.name; break;
      case TypeForm::kSet:
        out_ += "Set<";
        Type(type.element.front(), indent);
        out_ += ">";
        break;
      case TypeForm::kRecord: Record(type, indent); break;
    }
  }

  void Record(const TypeExpr& record, std::size_t indent) {
    out_ += "{";
    if (!record.attributes.empty()) out_ += "\n";
    const std::size_t inner = indent + kIndent;
    for (const AttributeDecl& attribute : record.attributes) {
      Annotate(attribute.annotations, inner);
      Indent(inner);
      out_ += IsFieldName(attribute.name) ? attribute.name : Quoted(attribute.name);
      out_ += attribute.required ? ": " : "?: ";
      Type(attribute.type, inner);
      out_ += &attribute == &record.attributes.back() ? "\n" : ",\n";
    }
    Indent(indent);
    out_ += "}";
  }

  std::string out_;
};

}  // namespace

std::optional<std::string> WriteCedar(const Fragment& fragment, Diagnostics* diagnostics) {
  const std::uint64_t errors_before = diagnostics->total();
  for (const auto& [name, space] : fragment.namespaces) {
    for (const auto& [type, entity] : space.entity_types) {
      const std::string shown = "`" + Qualified(name, type) + "`";
      // In the empty namespace the reference lets such names pass.
      if (!name.empty() && space.common_types.contains(type)) {
        diagnostics->Add(DiagId::kNotExpressible, entity.span,
                         shown +
                             " is an entity type and a common type: Cedar's syntax cannot "
                             "tell them apart",
                         "rename one of them");
      }
      if (entity.choices.empty() && entity.shape.form != TypeForm::kRecord) {
        diagnostics->Add(DiagId::kNotExpressible, entity.span,
                         "the shape of " + shown +
                             " is no record of its own: Cedar's syntax has "
                             "no other shapes",
                         "write the record out");
      }
    }
  }
  if (diagnostics->total() != errors_before) return std::nullopt;
  CedarWriter writer;
  writer.Write(fragment);
  return writer.Take();
}

}  // namespace assay::schema
