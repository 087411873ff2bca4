#include "compiler/cli/clause_report.h"

#include "compiler/cli/json_text.h"
#include "engine/base/escape.h"

namespace assay::cli {

std::string ClauseText(const std::vector<Clause>& clauses) {
  std::string out;
  for (const Clause& clause : clauses) {
    out += "  " + (clause.place.empty() ? "" : Printable(clause.place) + ": ") +
           Printable(clause.text) + " " + Printable(clause.verdict) + "\n";
    for (const std::string& value : clause.values) out += "    " + Printable(value) + "\n";
  }
  return out;
}

std::string ClauseJson(const Clause& clause) {
  return "{\"text\":" + JsonText(clause.text) + ",\"verdict\":" + JsonText(clause.verdict) +
         ",\"values\":" + JsonTexts(clause.values) +
         (clause.place.empty() ? "" : ",\"place\":" + JsonText(clause.place)) + "}";
}

std::string NearMissText(const std::vector<NearMiss>& near, bool is_allow) {
  std::string out;
  for (const NearMiss& miss : near) {
    out += "near: `" + Printable(miss.policy) + "` would " + (is_allow ? "forbid" : "permit") +
           ", but\n" + ClauseText(miss.clauses);
  }
  return out;
}

std::string NearMissJson(const NearMiss& miss) {
  return "{\"policy\":" + JsonText(miss.policy) +
         ",\"clauses\":" + JsonList(miss.clauses, ClauseJson) + "}";
}

}  // namespace assay::cli
