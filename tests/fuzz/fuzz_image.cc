// Any bytes as an image: refused, or a program that runs to a decision and gives an image again.
// The checksum is made right, or nothing behind it would ever be reached.
//
// Covers: engine/image/read.cc engine/image/read_constants.cc engine/image/strings.cc
// Covers: engine/image/spread.cc engine/image/write.cc engine/bytecode/verify.cc
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>

#include "assay/evaluator.h"
#include "assay/image.h"
#include "tests/support/image_pieces.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace assay;
  std::string image(reinterpret_cast<const char*>(data), size);
  if (size >= image::kProducerAt) testing::FixChecksum(&image);
  Limits limits;
  limits.image_bytes = std::size_t{16} << 20;
  const Result<Program> program = ReadImage(image, limits);
  if (!program.ok()) {
    if (program.error().message.empty() || program.error().code == ErrorCode::kOutOfMemory) {
      std::abort();
    }
    return 0;
  }
  if (!ReadImageInfo(image, limits).ok()) std::abort();
  // A second image is that of the same program.
  const std::string again = WriteImage(program.value()).value();
  const Result<Program> read = ReadImage(again, limits);
  if (!read.ok() || WriteImage(read.value()).value() != again) std::abort();
  const Request request = {{"User", "u"}, {"Action", "a"}, {"Doc", "d"}, {{"a", "x"}}};
  const Entity user = {{"User", "u"}, {{"a", 1}}, {{"Group", "g"}}, {{"t", "x"}}};
  const Result<Snapshot> snapshot =
      Snapshot::Create(program.value(), Entities::Create({user}).value());
  if (!snapshot.ok()) std::abort();
  Scratch scratch;
  const Decision decision = Decide(snapshot.value(), request, scratch);
  if (decision.status() != DecisionStatus::kDecided) std::abort();
  for (std::size_t i = 0; i < decision.error_count(); ++i) decision.error_text(i);
  return 0;
}

// libFuzzer's, or replay.cc's.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

// Half of the time what lies in the sections is changed and the sizes with it; bytes changed
// anywhere else seldom get beyond the sizes.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max_size, unsigned seed) {
  using namespace assay::testing;
  Draw draw(seed);
  auto pieces = Pieces::Split({reinterpret_cast<const char*>(data), size});
  if (!pieces || draw.Below(8) == 0) return LLVMFuzzerMutate(data, size, max_size);
  if (draw.Below(2) == 0) {
    std::string& section = pieces->sections[draw.Below(pieces->sections.size())];
    const std::size_t old = section.size();
    section.resize(old + 64);
    auto* bytes = reinterpret_cast<std::uint8_t*>(section.data());
    section.resize(LLVMFuzzerMutate(bytes, old, section.size()));
  } else {
    static const Pieces rich(RichImage());
    MutateImage(draw, rich, &*pieces);
  }
  const std::string image = pieces->Image();
  if (image.size() > max_size) return LLVMFuzzerMutate(data, size, max_size);
  std::memcpy(data, image.data(), image.size());
  return image.size();
}
