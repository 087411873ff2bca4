// What a grant costs: on the processor, beside a bare signature; durably with 64 callers and at a
// fixed rate, beside the disk's own figures from the same run.
#include <openssl/evp.h>
#include <time.h>

#include <filesystem>

#include "assay/compile.h"
#include "assay/mint/grant.h"
#include "assay/mint/mint.h"
#include "bench/macro/timing.h"
#include "engine/base/ecdsa.h"
#include "engine/mint/identity/identity_data.h"
#include "engine/mint/jose/key_data.h"
#include "engine/mint/ledger/segment.h"

namespace {

using namespace assay;
using namespace assay::bench;
using mint::Ledger;

constexpr char kPolicies[] = R"(
@id("send") @grant_ttl("60s") @grant_uses("1") @grant_pin("to")
permit(principal in Group::"mail", action == Action::"send", resource in Team::"support")
when { context.purpose == "answer" };
@id("read") permit(principal in Group::"mail", action == Action::"read", resource in Team::"support");
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

void BareVerify(EVP_PKEY* pkey, const std::string& message, const std::string& signature) {
  const mint::MdCtxPtr ctx(EVP_MD_CTX_new());
  EVP_DigestVerifyInit(ctx.get(), nullptr, EVP_sha256(), nullptr, pkey);
  if (EVP_DigestVerify(ctx.get(), mint::Bytes(signature), signature.size(), mint::Bytes(message),
                       message.size()) != 1) {
    std::exit(1);
  }
}

// What a resource server pays for a grant of the mint that it sees for the first time, and for one
// whose signature it knows. The grant has no limit of uses.
void Verify(mint::Mint& mint, const Fixture& fixture) {
  mint::MintRequest request = fixture.request;
  request.tuples[0].action.id = "read";
  const auto grant = mint.Issue(fixture.identity, request);
  mint::KeySet keys;
  if (!grant.ok() || !keys.Add(fixture.key.public_key()).ok()) std::exit(1);
  mint::RevocationView revocations(fixture.clock);
  revocations.MarkAuthoritative();
  const std::string token(grant.value().token.view());
  const std::string thumbprint(fixture.identity.certificate_thumbprint());
  const mint::Presentation shown{
      .token = token, .tuple = request.tuples[0], .certificate_thumbprint = thumbprint};
  const auto micros = [&](std::size_t cached, int count) {
    const mint::GrantVerifier server({.issuer = grant.value().claims.issuer,
                                      .audience = grant.value().claims.audience,
                                      .cached_signatures = cached},
                                     keys, fixture.clock, &revocations);
    return MicrosOf(count, [&] {
      if (!server.Verify(shown).ok()) std::exit(1);
    });
  };
  EVP_PKEY* pkey = mint::jose::Access::DataOf(fixture.key.public_key()).pkey.get();
  const std::string message = token.substr(0, token.rfind('.'));
  const std::string plain = fixture.key.Sign(message).value();
  const std::string asn1 = *EcdsaToAsn1(plain);
  const double bare = MicrosOf(5'000, [&] { BareVerify(pkey, message, asn1); });
  Row("bare ES256 verification", Text("%.1f us, %.0f/s", bare, 1e6 / bare));
  const double cold = micros(0, 5'000);
  Row("verify a grant, cold", Text("%.1f us, %.2f x the bare one", cold, cold / bare),
      "bar: <= 1.3 x");
  const double warm = micros(4096, 1'000'000);
  Row("verify a grant whose signature is known", Text("%.2f us, %.0f/s", warm, 1e6 / warm),
      "bar: >= 1,000,000/s");
}

// A disk that takes no time, once the ledger is open: the caller who waits also writes.
class FastFiles : public mint::Files {
 public:
  int Write(int file, std::uint64_t offset, const char* bytes, std::size_t size) override {
    return is_fast ? 0 : Files::Write(file, offset, bytes, size);
  }
  int Sync(int file) override { return is_fast ? 0 : Files::Sync(file); }
  std::atomic<bool> is_fast = false;
};

double ProcessSeconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

struct ClosedLoopFigures {
  double per_second = 0;
  double caller_micros = 0;  // of processor time for each, of the threads that call
  double all_micros = 0;     // the ledger's thread as well
};

ClosedLoopFigures ClosedLoop(double seconds, const std::function<void()>& one) {
  const double used = ProcessSeconds();
  std::atomic<std::uint64_t> count = 0;
  std::atomic<double> callers = 0;
  const auto begin = SteadyClock::now();
  std::vector<std::thread> threads;
  for (int t = 0; t < kCallers; ++t) {
    threads.emplace_back([&] {
      for (; SecondsSince(begin) < seconds; ++count) one();
      callers += ThreadSeconds();
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto all = static_cast<double>(count);
  return {all / SecondsSince(begin), callers * 1e6 / all, (ProcessSeconds() - used) * 1e6 / all};
}

// What a mint costs the processor when there is no disk: in the caller's thread, which decides,
// signs, and writes what has come together, and in all.
void WithoutCommit(const Fixture& fixture, const std::string& folder) {
  FastFiles files;
  mint::LedgerOptions options;
  options.files = &files;
  SignHeads(&options);
  Need(Ledger::Create(folder, options));
  const auto ledger = Need(Ledger::Open(folder, options));
  const auto mint = fixture.Start(ledger.get());
  files.is_fast = true;
  const double sign = MicrosOf(20'000, [&] { BareSign(fixture); });
  Row("bare ES256 signature", Text("%.1f us, %.0f/s", sign, 1e6 / sign));
  const double alone = MicrosOf(20'000, [&] { IssueOne(*mint, fixture); });
  Row("mint without commit, one caller", Text("%.1f us, %.2f x the signature", alone, alone / sign),
      "bar: <= 1.5 x");
  // Threads that share processors and caches are slower, whatever they do.
  const double signs = ClosedLoop(2, [&] { BareSign(fixture); }).caller_micros;
  Row("bare ES256 signature, 64 callers", Text("%.1f us", signs));
  const ClosedLoopFigures many = ClosedLoop(2, [&] { IssueOne(*mint, fixture); });
  Row("mint without commit, 64 callers",
      Text("%.1f us, %.2f x the signature", many.caller_micros, many.caller_micros / signs),
      "bar: <= 1.5 x");
  Row("  and the ledger's thread",
      Text("%.1f us, %.2f x", many.all_micros, many.all_micros / signs));
}

// How large the record of such a mint is, with its frame.
std::size_t RecordBytes(mint::Mint& mint, const Fixture& fixture, const std::string& folder) {
  const auto size = [&] { return std::filesystem::file_size(mint::SegmentPath(folder, 0)); };
  const auto before = size();
  IssueOne(mint, fixture);
  return size() - before;
}

}  // namespace

int main() {
  const std::string folder = "build/bench-mint";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const Fixture fixture;
  CountedFiles files;
  mint::LedgerOptions options;
  options.files = &files;
  SignHeads(&options);
  Need(Ledger::Create(folder + "/ledger", options));
  const auto ledger = Need(Ledger::Open(folder + "/ledger", options));
  const auto mint = fixture.Start(ledger.get());

  PrintMachine();
  WithoutCommit(fixture, folder + "/fast");
  Verify(*mint, fixture);

  const Percentiles bare =
      PrintBareSync(folder + "/bare", RecordBytes(*mint, fixture, folder + "/ledger"));
  const Percentiles open = OpenLoop(4, [&](int) { IssueOne(*mint, fixture); });
  Row("open loop at 5,000 mints/s", Text("p50 %.0f us, p99 %.0f us", open.p50, open.p99));
  Row("  of the bare append",
      Text("p50 %.2f x, p99 %.2f x", open.p50 / bare.p50, open.p99 / bare.p99),
      "bar: p50 <= 2.5 x, p99 <= 3 x");
  const std::uint64_t syncs = files.syncs;
  const ClosedLoopFigures closed = ClosedLoop(4, [&] { IssueOne(*mint, fixture); });
  Row("closed loop, 64 callers",
      Text("%.0f durable mints/s, %.0f syncs/s", closed.per_second,
           static_cast<double>(files.syncs - syncs) / 4),
      "bar: >= 20,000/s");
  Row("  processor time of each", Text("%.1f us", closed.all_micros));
  std::filesystem::remove_all(folder);
  return 0;
}
