// What a grant costs: on the processor, beside a bare signature; durably with 64 callers and at a
// fixed rate, beside the disk's own figures from the same run.
#include <openssl/evp.h>
#include <time.h>

#include <filesystem>

#include "assay/compile.h"
#include "assay/mint/mint.h"
#include "bench/macro/timing.h"
#include "engine/mint/identity/identity_data.h"
#include "engine/mint/jose/key_data.h"

namespace {

using namespace assay;
using namespace assay::bench;
using mint::Ledger;

constexpr char kPolicies[] = R"(
@id("send") @grant_ttl("60s") @grant_uses("1") @grant_pin("to")
permit(principal in Group::"mail", action == Action::"send", resource in Team::"support")
when { context.purpose == "answer" };
@id("hold") forbid(principal, action, resource) when { resource has held && resource.held };
)";

struct Fixture {
  mint::SigningKey key = mint::SigningKey::Generate(mint::Algorithm::kEs256).value();
  mint::Clock clock;
  mint::VerifiedIdentity identity = mint::identity::Access::Make(
      {mint::IdentityKind::kX509Svid, "example.org", "spiffe://example.org/agents/mail",
       4'000'000'000, std::string(43, 'c')});
  mint::MintRequest request;
  mint::MintPolicies policies;

  Fixture() {
    request.tuples = {{"mail", {"Action", "send"}, {"Mailbox", "inbox"}}};
    request.context = {{"to", "bob@example.org"}, {"attempt", 1}};
    request.audience = "https://mail.example.org";
    request.task = "task-4711";
    request.step = "3";
    request.purpose = "answer";
    Sources sources;
    Diagnostics diagnostics;
    PolicySet set;
    if (!set.AddCedar(sources, sources.Add("p", kPolicies), &diagnostics)) std::exit(1);
    policies = {set.Compile().value(),
                Entities::Create({{{"Agent", "spiffe://example.org/agents/mail"},
                                   {{"owner", "mail-team"}},
                                   {{"Group", "mail"}},
                                   {}},
                                  {{"Mailbox", "inbox"}, {}, {{"Team", "support"}}, {}}})
                    .value(),
                true};
  }
  std::unique_ptr<mint::Mint> Start(Ledger* ledger) const {
    auto made = std::make_unique<mint::Mint>(
        mint::MintOptions{.issuer = "https://mint.example.org",
                          .principals = {{"example.org", "", "Agent", ""}}},
        key, ledger, clock);
    if (!made->Publish(policies).ok()) std::exit(1);
    return made;
  }
};

void IssueOne(mint::Mint& mint, const Fixture& fixture) {
  const auto grant = mint.Issue(fixture.identity, fixture.request);
  if (grant.ok()) return;
  std::fprintf(stderr, "%s\n", std::string(mint::RefusalName(grant.error().id)).c_str());
  std::exit(1);
}

// Seconds of processor time that this thread has used.
double ThreadSeconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

double MicrosOf(int count, const std::function<void()>& one) {
  for (int i = 0; i < count / 10; ++i) one();
  const double begin = ThreadSeconds();
  for (int i = 0; i < count; ++i) one();
  return (ThreadSeconds() - begin) * 1e6 / count;
}

void BareSign(const Fixture& fixture) {
  EVP_PKEY* pkey = mint::jose::Access::DataOf(fixture.key.public_key()).pkey.get();
  static const std::string message(1000, 'x');
  unsigned char signature[80];
  std::size_t size = sizeof(signature);
  const mint::MdCtxPtr ctx(EVP_MD_CTX_new());
  EVP_DigestSignInit(ctx.get(), nullptr, EVP_sha256(), nullptr, pkey);
  if (EVP_DigestSign(ctx.get(), signature, &size, mint::Bytes(message), message.size()) != 1) {
    std::exit(1);
  }
}

double ClosedLoop(mint::Mint& mint, const Fixture& fixture, double seconds) {
  std::atomic<std::uint64_t> count = 0;
  const auto begin = SteadyClock::now();
  std::vector<std::thread> threads;
  for (int t = 0; t < kCallers; ++t) {
    threads.emplace_back([&] {
      for (; SecondsSince(begin) < seconds; ++count) IssueOne(mint, fixture);
    });
  }
  for (std::thread& thread : threads) thread.join();
  return static_cast<double>(count) / SecondsSince(begin);
}

}  // namespace

int main() {
  const std::string folder = "build/bench-mint";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const Fixture fixture;
  const mint::LedgerOptions options;
  Need(Ledger::Create(folder + "/ledger", options));
  const auto ledger = Need(Ledger::Open(folder + "/ledger", options));
  const auto mint = fixture.Start(ledger.get());

  const double sign = MicrosOf(20'000, [&] { BareSign(fixture); });
  const double issue = MicrosOf(5'000, [&] { IssueOne(*mint, fixture); });
  Row("bare ES256 signature", Text("%.1f us, %.0f/s", sign, 1e6 / sign));
  Row("mint, processor time of the caller",
      Text("%.1f us, %.2f x the signature", issue, issue / sign));

  double syncs = 0;
  const Percentiles bare = BareSync(folder + "/bare", 3, &syncs);
  Row("bare append of 400 bytes and fdatasync",
      Text("p50 %.0f us, p99 %.0f us", bare.p50, bare.p99));
  const Percentiles open = OpenLoop(4, [&](int) { IssueOne(*mint, fixture); });
  Row("open loop at 5,000 mints/s", Text("p50 %.0f us, p99 %.0f us", open.p50, open.p99));
  Row("  of the bare append",
      Text("p50 %.2f x, p99 %.2f x", open.p50 / bare.p50, open.p99 / bare.p99));
  Row("closed loop, 64 callers", Text("%.0f durable mints/s", ClosedLoop(*mint, fixture, 4)));
  std::filesystem::remove_all(folder);
  return 0;
}
