#include "tests/support/world_schema_text.h"

#include <map>
#include <utility>

namespace assay::testing {
namespace {

std::string Quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      constexpr const char* kHex = "0123456789abcdef";
      out += std::string("\\x") + kHex[byte >> 4] + kHex[byte & 15];
    } else {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
  }
  return out + "\"";
}

std::string JoinedList(const std::vector<std::string>& parts) {
  std::string out = "[";
  for (const std::string& part : parts) out += (&part == &parts.front() ? "" : ", ") + part;
  return out + "]";
}

class SchemaWriter {
 public:
  SchemaWriter(Draw& draw, const WorldSchema& schema) : draw_(draw), schema_(schema) {}

  std::string Write() {
    std::map<std::string, std::string> spaces;
    for (const EntityType& type : schema_.types) {
      const std::size_t at = type.name.rfind("::");
      space_ = at == std::string::npos ? "" : type.name.substr(0, at);
      spaces[space_] +=
          Entity(type, at == std::string::npos ? type.name : type.name.substr(at + 2));
      spaces[space_] += std::exchange(common_types_, "");
    }
    space_ = schema_.actions.name == "Action" ? "" : "NS";
    spaces[space_] += Actions();
    spaces[space_] += std::exchange(common_types_, "");
    std::string out;
    for (const auto& [space, declarations] : spaces) {
      out += space.empty() ? declarations
                           : Annotations() + "namespace " + space + " {\n" + declarations + "}\n";
    }
    return out;
  }

 private:
  std::string Annotations() {
    std::string out;
    if (draw_.Percent(6)) out += "@doc(" + Quoted(AnyText(draw_)) + ") ";
    if (draw_.Percent(3)) out += "@if ";
    return out;
  }

  // The name of a common type that is declared for it, in the namespace where it is used.
  std::string CommonType(const WorldType& type) {
    const std::string name = "T" + std::to_string(common_count_++);
    std::string text = TypeAsIs(type);  // may declare others
    common_types_ += Annotations() + "type " + name + " = " + std::move(text) + ";\n";
    return space_.empty() || draw_.Percent(50) ? name : space_ + "::" + name;
  }

  // Within its namespace a name may stand alone.
  std::string EntityName(const std::string& name) {
    const std::string prefix = space_ + "::";
    const bool is_here = !space_.empty() && name.compare(0, prefix.size(), prefix) == 0;
    return is_here && draw_.Percent(40) ? name.substr(prefix.size()) : name;
  }

  std::string Entity(const EntityType& type, const std::string& base) {
    if (draw_.Percent(8)) {
      std::vector<std::string> ids;
      for (const std::string& id : type.ids) ids.push_back(Quoted(id));
      return Annotations() + "entity " + base + " enum " + JoinedList(ids) + ";\n";
    }
    std::string out = Annotations() + "entity " + base;
    if (draw_.Percent(80)) out += " in " + JoinedList(type.above);
    out += draw_.Percent(50) ? " = " : " ";
    out += Record(type.fields);
    if (draw_.Percent(60)) out += " tags " + Type(type.tag);
    return out + ";\n";
  }

  std::string Record(const std::vector<Field>& fields) {
    std::string out = "{";
    for (const Field& field : fields) {
      out += (&field == &fields.front() ? " " : ", ") + Annotations() + Quoted(field.name);
      out += draw_.Percent(35) ? "?: " : ": ";
      out += Type(field.type);
    }
    return out + (draw_.Percent(30) && !fields.empty() ? ", }" : " }");
  }

  std::string Type(const WorldType& type) {
    return draw_.Percent(10) ? CommonType(type) : TypeAsIs(type);
  }

  std::string TypeAsIs(const WorldType& type) {
    const auto builtin = [&](const char* name) {
      return draw_.Percent(50) ? std::string(name) : std::string("__cedar::") + name;
    };
    switch (type.kind) {
      case TypeKind::kBool: return builtin("Bool");
      case TypeKind::kLong: return builtin("Long");
      case TypeKind::kString: return builtin("String");
      case TypeKind::kEntity:
        return EntityName(type.entity.empty() ? schema_.types.front().name : type.entity);
      case TypeKind::kSet:
        return "Set<" + (type.element.empty() ? builtin("Long") : Type(type.element[0])) + ">";
      case TypeKind::kRecord: return Record(type.fields);
      case TypeKind::kIp: return builtin("ipaddr");
      case TypeKind::kDecimal: return builtin("decimal");
      case TypeKind::kDatetime: return builtin("datetime");
      case TypeKind::kDuration: return builtin("duration");
    }
    return "Long";
  }

  std::vector<std::string> SomeTypes() {
    std::vector<std::string> names;
    for (const EntityType& type : schema_.types) {
      if (draw_.Percent(60)) names.push_back(type.name);
    }
    if (names.empty()) names.push_back(draw_.Pick(schema_.types).name);
    return names;
  }

  // Each action may be in those before it.
  std::string Actions() {
    std::string out;
    std::vector<std::string> before;
    for (const std::string& id : schema_.actions.ids) {
      out += Annotations() + "action " + Quoted(id);
      std::vector<std::string> groups;
      for (const std::string& group : before) {
        if (draw_.Percent(30)) groups.push_back(group);
      }
      if (!groups.empty()) out += " in " + JoinedList(groups);
      if (draw_.Percent(85)) {
        out += " appliesTo { principal: " + JoinedList(SomeTypes()) +
               ", resource: " + JoinedList(SomeTypes());
        if (draw_.Percent(85)) {
          const WorldType context{TypeKind::kRecord, {}, schema_.context, ""};
          out += ", context: " + (draw_.Percent(30) ? CommonType(context) : TypeAsIs(context));
        }
        out += " }";
      }
      out += ";\n";
      before.push_back(Quoted(id));
    }
    return out;
  }

  Draw& draw_;
  const WorldSchema& schema_;
  std::string space_;         // the namespace that is written
  std::string common_types_;  // declared there so far
  int common_count_ = 0;
};

}  // namespace

std::string DrawSchemaText(Draw& draw, const WorldSchema& schema) {
  return SchemaWriter(draw, schema).Write();
}

}  // namespace assay::testing
