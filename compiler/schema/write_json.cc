#include "compiler/schema/write.h"
#include "engine/base/json_text.h"

namespace assay::schema {

namespace {

class JsonWriter {
 public:
  std::string Take() { return std::move(out_); }

  void Write(const Fragment& fragment) {
    Open('{');
    for (const auto& [name, space] : fragment.namespaces) {
      Key(name);
      Write(space);
    }
    Close('}');
  }

 private:
  // --- punctuation

  void Open(char bracket) {
    out_ += bracket;
    first_ = true;
  }
  void Close(char bracket) {
    out_ += bracket;
    first_ = false;
  }
  void Next() {
    if (!first_) out_ += ',';
    first_ = false;
  }
  void String(std::string_view text) { json::AppendString(text, &out_); }
  void Key(std::string_view key) {
    Next();
    String(key);
    out_ += ':';
  }
  void Text(std::string_view key, std::string_view value) {
    Key(key);
    String(value);
  }

  // --- declarations

  void Write(const Namespace& space) {
    Open('{');
    if (!space.common_types.empty()) {
      Map("commonTypes", space.common_types, [&](const CommonTypeDecl& common) {
        Open('{');
        Members(common.type);
        Write(common.annotations);
        Close('}');
      });
    }
    Map("entityTypes", space.entity_types, [&](const EntityDecl& entity) { Write(entity); });
    Map("actions", space.actions, [&](const ActionDecl& action) { Write(action); });
    Write(space.annotations);
    Close('}');
  }

  template <typename Declarations, typename WriteOne>
  void Map(std::string_view key, const Declarations& declarations, WriteOne write) {
    Key(key);
    Open('{');
    for (const auto& [name, declaration] : declarations) {
      Key(name);
      write(declaration);
    }
    Close('}');
  }

  void Write(const Annotations& annotations) {
    if (annotations.empty()) return;
    Key("annotations");
    Open('{');
    for (const auto& [key, value] : annotations) {
      Key(key);
      if (value) {
        String(*value);
      } else {
        out_ += "null";
      }
    }
    Close('}');
  }

  void Write(const EntityDecl& entity) {
    Open('{');
    if (!entity.choices.empty()) {
      Key("enum");
      Open('[');
      for (const std::string& choice : entity.choices) {
        Next();
        String(choice);
      }
      Close(']');
    } else {
      if (!entity.member_of.empty()) Names("memberOfTypes", entity.member_of);
      if (!entity.shape.is_empty_record()) Type("shape", entity.shape);
      if (entity.tags) Type("tags", *entity.tags);
    }
    Write(entity.annotations);
    Close('}');
  }

  void Write(const ActionDecl& action) {
    Open('{');
    if (action.applies_to) {
      Key("appliesTo");
      Open('{');
      Names("resourceTypes", action.applies_to->resources);
      Names("principalTypes", action.applies_to->principals);
      if (!action.applies_to->context.is_empty_record()) {
        Type("context", action.applies_to->context);
      }
      Close('}');
    }
    if (action.member_of) {
      Key("memberOf");
      Open('[');
      for (const ActionRef& parent : *action.member_of) {
        Next();
        Open('{');
        Text("id", parent.id);
        if (parent.type) Text("type", *parent.type);
        Close('}');
      }
      Close(']');
    }
    Write(action.annotations);
    Close('}');
  }

  void Names(std::string_view key, const std::vector<Name>& names) {
    Key(key);
    Open('[');
    for (const Name& name : names) {
      Next();
      String(name.text);
    }
    Close(']');
  }

  // --- types

  void Type(std::string_view key, const TypeExpr& type) {
    Key(key);
    Open('{');
    Members(type);
    Close('}');
  }

  // What stands inside the braces of a type; attributes put more beside it.
  void Members(const TypeExpr& type) {
    switch (type.form) {
      case TypeForm::kBoolean: return Text("type", "Boolean");
      case TypeForm::kLong: return Text("type", "Long");
      case TypeForm::kString: return Text("type", "String");
      case TypeForm::kSet: Text("type", "Set"); return Type("element", type.element.front());
      case TypeForm::kRecord: Text("type", "Record"); return Attributes(type);
      case TypeForm::kEntity: Text("type", "Entity"); break;
      case TypeForm::kEntityOrCommon: Text("type", "EntityOrCommon"); break;
      case TypeForm::kExtension: Text("type", "Extension"); break;
      case TypeForm::kCommon: return Text("type", type.name);
    }
    Text("name", type.name);
  }

  void Attributes(const TypeExpr& record) {
    Key("attributes");
    Open('{');
    for (const AttributeDecl& attribute : record.attributes) {
      Key(attribute.name);
      Open('{');
      Members(attribute.type);
      Write(attribute.annotations);
      if (!attribute.required) {
        Key("required");
        out_ += "false";
      }
      Close('}');
    }
    Close('}');
  }

  std::string out_;
  bool first_ = true;  // nothing stands in the open bracket yet
};

}  // namespace

std::string WriteJson(const Fragment& fragment) {
  JsonWriter writer;
  writer.Write(fragment);
  return writer.Take();
}

}  // namespace assay::schema
