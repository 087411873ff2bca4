// Images of every format that a version has written, as files: they must load and mean the same for
// ever. UPDATE_GOLDEN=1 writes what is missing; what is there is never written again.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "assay/image.h"
#include "tests/support/image_pieces.h"
#include "tests/support/paths.h"
#include "tests/unit/compiler/compiled.h"

namespace assay {
namespace {

namespace fs = std::filesystem;

fs::path Folder() { return testing::SourceDir() / "tests/golden/image"; }

std::string ReadText(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void WriteIfMissing(const fs::path& path, const std::string& bytes) {
  if (!fs::exists(path)) std::ofstream(path, std::ios::binary) << bytes;
}

// The examples of policies/ and a program with every kind of constant.
void WriteMissing() {
  const std::string prefix = "format_" + std::to_string(image::kFormat) + "_";
  WriteIfMissing(Folder() / (prefix + "constants.assay"), testing::RichImage());
  for (const char* name : {"photos", "agents", "deploys"}) {
    testing::TestSet set;
    const fs::path example = testing::SourceDir() / "policies" / name;
    if (fs::exists(example / "policies.json")) {
      EXPECT_TRUE(set.AddJson(ReadText(example / "policies.json")));
    } else {
      EXPECT_TRUE(set.AddCedar(ReadText(example / "policies.cedar")));
    }
    WriteIfMissing(Folder() / (prefix + name + ".assay"),
                   WriteImage(set.set.Compile().value()).value());
  }
}

TEST(GoldenImages, LoadAndMeanTheSame) {
  const bool update = std::getenv("UPDATE_GOLDEN") != nullptr;
  if (update) WriteMissing();
  int images = 0;
  for (const auto& entry : fs::directory_iterator(Folder())) {
    if (entry.path().extension() != ".assay") continue;
    const Result<Program> program = LoadImageFile(entry.path().string());
    ASSERT_TRUE(program.ok()) << program.error().message;
    const fs::path text = fs::path(entry.path()).replace_extension(".txt");
    if (update) WriteIfMissing(text, program.value().Disassemble());
    EXPECT_EQ(program.value().Disassemble(), ReadText(text)) << entry.path();
    ++images;
  }
  EXPECT_GE(images, 4);
}

}  // namespace
}  // namespace assay
