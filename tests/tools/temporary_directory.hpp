#pragma once
// A place for files of a test.

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>

namespace hop {

/// A fixture with a fresh directory that is gone when the test is over.
class InTemporaryDirectory : public testing::Test {
 protected:
  InTemporaryDirectory() {
    std::string name = std::filesystem::temp_directory_path() / "hop-test-XXXXXX";
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
    directory_ = name;
  }
  ~InTemporaryDirectory() override { std::filesystem::remove_all(directory_); }

  [[nodiscard]] std::string path(const std::string& name) const { return directory_ / name; }

 private:
  std::filesystem::path directory_;
};

}  // namespace hop
