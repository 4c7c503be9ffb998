#pragma once
// A file that appears under its name only when it is complete.

#include <string>

namespace hop {

/// Stands for an output file that is written under a temporary name beside it. Without commit()
/// nothing is left, and a file of that name stays what it was. Where a rename would do harm (a
/// device, a pipe, "-") the target itself is written.
class PendingFile {
 public:
  explicit PendingFile(std::string target);
  ~PendingFile();
  PendingFile(const PendingFile&) = delete;
  PendingFile& operator=(const PendingFile&) = delete;

  /// The name to write to.
  [[nodiscard]] const std::string& path() const { return path_; }
  /// Gives the file its name. Throws Failure.
  void commit();

 private:
  std::string target_;
  std::string path_;
  bool committed_ = false;
};

}  // namespace hop
