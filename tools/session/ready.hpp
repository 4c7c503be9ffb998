#pragma once
// --ready-fd: telling whoever started hop that it can begin.

#include "tun/unique_fd.hpp"

namespace hop {

/// A descriptor, inherited from the parent, to which "ready" is written once.
class ReadyFd {
 public:
  /// -1 for none. Throws Failure when there is no such descriptor.
  /// Make it before anything else opens descriptors, or a wrong number may be one of those.
  explicit ReadyFd(int fd);
  /// Writes "ready\n" and closes the descriptor, unless it is a standard stream. Throws Failure.
  void tell();

 private:
  UniqueFd fd_;
};

}  // namespace hop
