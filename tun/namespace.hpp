#pragma once
// Network namespaces: entering one for a while, and making a private one.

#include <string>

#include "tun/unique_fd.hpp"

namespace hop {

/// Moves the calling thread into a network namespace and, when destroyed, back. Being unable to
/// return would leave the process in a foreign network, and ends it (std::terminate).
class NetnsGuard {
 public:
  /// `name`: as of `ip netns add`, a file in /run/netns; empty to stay where we are. Throws
  /// TunError when there is no such namespace or it may not be entered.
  explicit NetnsGuard(const std::string& name);
  ~NetnsGuard();
  NetnsGuard(const NetnsGuard&) = delete;
  NetnsGuard& operator=(const NetnsGuard&) = delete;

 private:
  UniqueFd home_;  // none when we stayed
};

/// Moves the process into a fresh user and network namespace in which it is root and only
/// loopback exists, up: what `unshare -Urn` does, and as that needs no privilege. Where user
/// namespaces are refused but the process has CAP_SYS_ADMIN, a fresh network namespace alone.
/// Children inherit it; it is gone with the last process in it. There is no way back.
///
/// To be called while the process has one thread: std::logic_error otherwise. Throws TunError
/// when it is refused, saying by which setting.
void enter_private_network();

}  // namespace hop
