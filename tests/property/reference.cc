// Starting the child and reading its answers.
#include "tests/property/reference.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/support/paths.h"

extern char** environ;

namespace assay::testing {
namespace {

using Json = nlohmann::json;

std::string ProgramPath() {
  const char* named = std::getenv("ASSAY_REFERENCE");
  if (named != nullptr && *named != '\0') return named;
  return (SourceDir() / "tests/differential/reference/target/release/assay-reference").string();
}

oracle::Answer ReadAnswer(const Json& json) {
  oracle::Answer answer;
  answer.allow = json.at("decision") == "allow";
  answer.reasons = json.at("reason").get<std::vector<std::string>>();
  for (const Json& error : json.at("errors")) {
    answer.errors.push_back(
        {error.at("policyId").get<std::string>(), error.at("inner").get<std::string>()});
  }
  // Rust sorts strings bytewise too, but that is not ours to rely on.
  std::sort(answer.reasons.begin(), answer.reasons.end());
  std::sort(answer.errors.begin(), answer.errors.end());
  return answer;
}

}  // namespace

std::unique_ptr<Reference> Reference::Start(std::string* why) {
  const std::string path = ProgramPath();
  if (!std::filesystem::exists(path)) {
    *why = "the reference program " + path + " is not there; ASSAY_REFERENCE can name another";
    return nullptr;
  }
  std::array<int, 2> in{};
  std::array<int, 2> out{};
  if (pipe(in.data()) != 0 || pipe(out.data()) != 0) {
    *why = "no pipes";
    return nullptr;
  }
  std::signal(SIGPIPE, SIG_IGN);  // a child that dies shows as an empty answer
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  for (const int fd : {in[0], in[1], out[0], out[1]}) {
    posix_spawn_file_actions_addclose(&actions, fd);
  }
  std::string program = path;
  std::array<char*, 2> arguments = {program.data(), nullptr};
  pid_t process = 0;
  const int status =
      posix_spawn(&process, path.c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(in[0]);
  close(out[1]);
  if (status != 0) {
    *why = "cannot start " + path;
    close(in[1]);
    close(out[0]);
    return nullptr;
  }
  return std::unique_ptr<Reference>(
      new Reference(process, fdopen(in[1], "w"), fdopen(out[0], "r")));
}

Reference::~Reference() {
  std::fclose(to_);  // the child ends with its input
  std::fclose(from_);
  waitpid(process_, nullptr, 0);
}

std::string Reference::Exchange(const std::string& line) {
  std::fwrite(line.data(), 1, line.size(), to_);
  std::fputc('\n', to_);
  std::fflush(to_);
  char* text = nullptr;
  std::size_t capacity = 0;
  const ssize_t length = getline(&text, &capacity, from_);
  std::string answer(text == nullptr ? "" : text,
                     length > 0 ? static_cast<std::size_t>(length) : 0);
  std::free(text);
  return answer;
}

std::optional<std::vector<oracle::Answer>> Reference::Ask(const World& world, std::string* error) {
  const Json json = Json::parse(Exchange("{\"op\":\"world\"," + world.ToJson().substr(1)), nullptr,
                                /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("answers")) {
    *error = json.is_object() ? json.value("error", "") : "no answer";
    return std::nullopt;
  }
  std::vector<oracle::Answer> answers;
  for (const Json& answer : json["answers"]) {
    if (answer.contains("error")) {
      *error = answer.value("error", "");
      return std::nullopt;
    }
    answers.push_back(ReadAnswer(answer));
  }
  return answers;
}

bool Reference::Accepts(const std::string& kind, const std::string& text, std::string* error) {
  const Json question = {{"op", kind}, {"text", text}};
  const Json json = Json::parse(Exchange(question.dump()), nullptr, /*allow_exceptions=*/false);
  if (json.is_object() && json.value("ok", false)) return true;
  *error = json.is_object() ? json.value("error", "") : "no answer";
  return false;
}

std::optional<std::string> Reference::Translate(const std::string& op, const std::string& text,
                                                std::string* error) {
  using Ordered = nlohmann::ordered_json;
  const Json question = {{"op", op}, {"text", text}};
  const Ordered answer =
      Ordered::parse(Exchange(question.dump()), nullptr, /*allow_exceptions=*/false);
  if (answer.is_object() && answer.contains("json")) return answer["json"].dump();
  if (answer.is_object() && answer.contains("text")) return answer["text"].get<std::string>();
  *error = answer.is_object() ? answer.value("error", "") : "no answer";
  return std::nullopt;
}

}  // namespace assay::testing
