#pragma once
// --counters: what became of all packets, into a file.

#include <cstdio>
#include <memory>
#include <string>

namespace hop {

/// A file that is opened at the beginning, so that a wrong name is told then, and written at the
/// end. Programs that are started meanwhile do not get it.
class CountersFile {
 public:
  /// Throws Failure when it cannot be opened.
  explicit CountersFile(const std::string& path);
  /// Writes the only line and closes the file. False after saying why not.
  [[nodiscard]] bool write(const std::string& line);

 private:
  struct Close {
    void operator()(std::FILE* file) const { static_cast<void>(std::fclose(file)); }
  };
  std::string path_;
  std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace hop
