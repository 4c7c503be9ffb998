#include "tools/replay/pending_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "tools/failure.hpp"

namespace hop {

namespace {

namespace fs = std::filesystem;

/// Can the target be replaced by renaming? Links are followed when it is opened, so they are not.
bool can_be_replaced(const std::string& target) {
  std::error_code ignored;
  const fs::file_status status = fs::symlink_status(target, ignored);
  return target != "-" && (!fs::exists(status) || fs::is_regular_file(status));
}

}  // namespace

PendingFile::PendingFile(std::string target)
    : target_(std::move(target)),
      path_(can_be_replaced(target_) ? fmt::format("{}.{}.part", target_, getpid()) : target_) {}

PendingFile::~PendingFile() {
  std::error_code ignored;  // there is nobody to tell who could do more about it
  if (!committed_ && path_ != target_) fs::remove(path_, ignored);
}

void PendingFile::commit() {
  std::error_code error;
  if (path_ != target_) fs::rename(path_, target_, error);
  if (error) {
    throw Failure(kFailed,
                  fmt::format("cannot rename {} to {}: {}", path_, target_, error.message()));
  }
  committed_ = true;
}

}  // namespace hop
