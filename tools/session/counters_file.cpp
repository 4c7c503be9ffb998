#include "tools/session/counters_file.hpp"

#include <fmt/format.h>

#include <cerrno>

#include "tools/failure.hpp"
#include "tools/say.hpp"
#include "tun/error.hpp"

namespace hop {

namespace {

std::string cannot_write(const std::string& path) {
  return fmt::format("cannot write the counters {}: {}", path, reason_of(errno));
}

}  // namespace

CountersFile::CountersFile(const std::string& path)
    : path_(path), file_(std::fopen(path.c_str(), "we")) {
  if (!file_) throw Failure(kUsageError, cannot_write(path));
}

bool CountersFile::write(const std::string& line) {
  const bool written = std::fputs((line + '\n').c_str(), file_.get()) >= 0;
  const bool flushed = std::fflush(file_.get()) == 0;
  if (!written || !flushed) say_error(cannot_write(path_));
  file_.reset();
  return written && flushed;
}

}  // namespace hop
