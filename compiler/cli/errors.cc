#include "compiler/cli/errors.h"

#include <cstdint>
#include <ostream>
#include <string_view>

#include "compiler/cli/json_text.h"
#include "engine/base/escape.h"

namespace assay::cli {

namespace {

// One error, in the two forms without marks.
class Shower {
 public:
  Shower(const Sources& sources, std::ostream* out) : sources_(sources), out_(*out) {}

  void Show(const Diagnostic& error, std::string_view name) {
    if (TheErrorFormat() == ErrorFormat::kJson) {
      Json(error, name);
    } else {
      Plain(error, name);
    }
  }

 private:
  static const char* Severity(const Diagnostic& error) {
    return error.is_warning ? "warning" : "error";
  }

  void Plain(const Diagnostic& error, std::string_view name) {
    if (error.has_place) {
      const LineColumn place = sources_.Locate(error.span.source, error.span.begin);
      out_ << Printable(sources_.name(error.span.source)) << ":" << place.line << ":"
           << place.column << ": ";
    }
    out_ << Severity(error) << ": " << Printable(error.message);
    if (!name.empty()) out_ << " [" << name << "]";
    out_ << "\n";
    if (!error.hint.empty()) out_ << "  hint: " << Printable(error.hint) << "\n";
  }

  void Json(const Diagnostic& error, std::string_view name) {
    const auto span = error.has_place ? std::optional(error.span) : std::nullopt;
    out_ << ToJson({.message = error.message,
                    .code = name,
                    .severity = Severity(error),
                    .help = error.hint,
                    .span = span},
                   sources_)
         << "\n";
  }

  const Sources& sources_;
  std::ostream& out_;
};

}  // namespace

std::string ToJson(const JsonError& error, const Sources& sources) {
  std::string out = "{\"message\":" + JsonText(error.message);
  if (!error.code.empty()) out += ",\"code\":" + JsonText(error.code);
  out += std::string(",\"severity\":\"") + error.severity + "\",\"causes\":" + error.causes;
  if (!error.help.empty()) out += ",\"help\":" + JsonText(error.help);
  std::string label;
  if (error.span) {
    out += ",\"filename\":" + JsonText(sources.name(error.span->source));
    label = "{\"span\":{\"offset\":" + std::to_string(error.span->begin) +
            ",\"length\":" + std::to_string(error.span->end - error.span->begin) + "}}";
  }
  return out + ",\"labels\":[" + label + "],\"related\":" + error.related + "}";
}

ErrorFormat& TheErrorFormat() {
  static ErrorFormat format = ErrorFormat::kHuman;
  return format;
}

void PrintError(const std::string& message, std::ostream* out, const std::string& hint) {
  Diagnostic error;
  error.message = message;
  error.hint = hint;
  Shower(Sources(), out).Show(error, "");
}

void PrintWarning(const std::string& message, const std::string& hint) {
  Diagnostic warning;
  warning.message = message;
  warning.hint = hint;
  warning.is_warning = true;
  Shower(Sources(), &std::cerr).Show(warning, "");
}

void PrintDiagnostics(const Diagnostics& diagnostics, const Sources& sources, std::ostream* out) {
  if (TheErrorFormat() == ErrorFormat::kHuman) {
    *out << diagnostics.Render(sources);
    return;
  }
  Shower shower(sources, out);
  std::uint64_t unlisted = diagnostics.total();
  for (const Diagnostic& error : diagnostics.list()) {
    shower.Show(error, DiagName(error.id));
    if (!error.is_warning) --unlisted;
  }
  if (diagnostics.out_of_memory()) PrintError("out of memory", out);
  if (unlisted > 0) PrintError("and " + std::to_string(unlisted) + " more", out);
}

}  // namespace assay::cli
