// Texts made by counting, so that no chance is involved.
#include "bench/micro/world.h"

#include <algorithm>
#include <string>

namespace assay::bench {
namespace {

constexpr std::size_t kUsers = 100;
constexpr std::size_t kDocuments = 200;
constexpr std::size_t kRequests = 64;
constexpr std::size_t kActions = 5;

std::string Uid(const char* type, std::size_t number) {
  return std::string(type) + "::\"" + std::to_string(number) + "\"";
}

std::string UidJson(const char* type, std::size_t number) {
  return R"({"type":")" + std::string(type) + R"(","id":")" + std::to_string(number) + "\"}";
}

std::string PolicyText(std::size_t i, std::size_t folders) {
  const std::string action = "action == " + Uid("Action", i % kActions);
  const std::string folder = "resource in " + Uid("Folder", i % folders);
  if (i % 10 == 9) {
    return "forbid(principal, " + action + ", " + folder +
           ") when { resource.classified && principal.level < " + std::to_string(i % 7) +
           " } unless { context.mfa };";
  }
  if (i % 10 >= 6) {
    return "permit(principal is User, " + action +
           ", resource is Doc) when { resource.owner == " + "principal && principal.level > " +
           std::to_string(i % 13) + " && context.hour < " + std::to_string(i % 24) + " };";
  }
  return "permit(principal in " + Uid("Role", i % folders) + ", " + action + ", " + folder + ");";
}

std::string UserJson(std::size_t i, std::size_t roles) {
  return R"({"uid":)" + UidJson("User", i) + R"(,"attrs":{"level":)" + std::to_string(i % 10) +
         R"(},"parents":[)" + UidJson("Role", i % roles) + "," + UidJson("Role", (i + 1) % roles) +
         "]}";
}

std::string DocumentJson(std::size_t i, std::size_t folders) {
  return R"({"uid":)" + UidJson("Doc", i) + R"(,"attrs":{"classified":)" +
         (i % 3 == 0 ? "true" : "false") + R"(,"owner":{"__entity":)" +
         UidJson("User", i % kUsers) + R"(}},"parents":[)" + UidJson("Folder", i % folders) + "]}";
}

}  // namespace

testing::World Organisation(std::size_t policies) {
  // Every folder has a role; with many policies there are many of both, as in an organisation.
  const std::size_t folders = std::max<std::size_t>(2, policies / 10);
  testing::World world;
  for (std::size_t i = 0; i < policies; ++i) {
    world.policies.emplace_back("p" + std::to_string(i), PolicyText(i, folders));
  }
  for (std::size_t i = 0; i < kUsers; ++i) world.entities.push_back(UserJson(i, folders));
  for (std::size_t i = 0; i < kDocuments; ++i) {
    world.entities.push_back(DocumentJson(i, folders));
  }
  for (std::size_t i = 0; i < kRequests; ++i) {
    world.requests.push_back(R"({"principal":)" + UidJson("User", i % kUsers) + R"(,"action":)" +
                             UidJson("Action", i % kActions) + R"(,"resource":)" +
                             UidJson("Doc", i % kDocuments) + R"(,"context":{"mfa":)" +
                             (i % 2 == 0 ? "true" : "false") + R"(,"hour":)" +
                             std::to_string(i % 24) + "}}");
  }
  return world;
}

}  // namespace assay::bench
