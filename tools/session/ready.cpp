#include "tools/session/ready.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <string_view>

#include "tools/failure.hpp"
#include "tun/error.hpp"

namespace hop {

namespace {

/// A descriptor that is ours to close. Standard streams are not: others go on to use them.
int own(int fd) {
  return fd >= 0 && fd <= STDERR_FILENO ? fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1) : fd;
}

}  // namespace

ReadyFd::ReadyFd(int fd) {
  if (fd < 0) return;
  fd_ = UniqueFd{own(fd)};
  // Not for the command of `hop run`: it would keep the other end from seeing the end of file.
  if (!fd_ || fcntl(fd_.get(), F_SETFD, FD_CLOEXEC) != 0) {
    throw Failure(kUsageError,
                  fmt::format("--ready-fd {}: {}; open it for hop, as in 'hop up --ready-fd 3 "
                              "3>FILE'",
                              fd, reason_of(errno)));
  }
}

void ReadyFd::tell() {
  constexpr std::string_view kWord = "ready\n";
  if (!fd_) return;
  if (::write(fd_.get(), kWord.data(), kWord.size()) != static_cast<ssize_t>(kWord.size())) {
    throw Failure(kFailed,
                  fmt::format("cannot write to --ready-fd {}: {}", fd_.get(), reason_of(errno)));
  }
  UniqueFd closed = std::move(fd_);
}

}  // namespace hop
