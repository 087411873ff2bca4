// Runs a fuzz target over the files of its seed corpus, for builds without libFuzzer, and if the
// target has a mutator of its own over mutations of them, always the same. The target aborts on a
// finding; a corpus that is absent or empty is a failure too.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" __attribute__((weak)) std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data,
                                                                     std::size_t size,
                                                                     std::size_t max_size,
                                                                     unsigned seed);

// What libFuzzer offers to a target's mutator; here it changes one byte.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t) {
  static std::uint32_t state = 1;
  state = state * 1'664'525 + 1'013'904'223;
  if (size > 0) data[state % size] = static_cast<std::uint8_t>(state >> 24);
  return size;
}

namespace {

constexpr unsigned kMutations = 2'000;  // of each file
constexpr std::size_t kMostBytes = 1 << 16;

// Each mutation is of the one before, up to eight in a row.
void RunMutations(const std::vector<std::uint8_t>& bytes) {
  std::vector<std::uint8_t> mutated(std::max(bytes.size(), kMostBytes));
  std::size_t size = 0;
  for (unsigned i = 0; i < kMutations; ++i) {
    if (i % 8 == 0) {
      std::copy(bytes.begin(), bytes.end(), mutated.begin());
      size = bytes.size();
    }
    size = LLVMFuzzerCustomMutator(mutated.data(), size, mutated.size(), i);
    LLVMFuzzerTestOneInput(mutated.data(), size);
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t runs = 0;
  for (int i = 1; i < argc; ++i) {
    if (!std::filesystem::is_directory(argv[i])) continue;
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      std::ifstream file(entry.path(), std::ios::binary);
      const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
      LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
      ++runs;
      if (LLVMFuzzerCustomMutator == nullptr) continue;
      RunMutations(bytes);
      runs += kMutations;
    }
  }
  std::printf("%zu inputs\n", runs);
  return runs == 0 ? 1 : 0;
}
