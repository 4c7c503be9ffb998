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
  /// `network`: a descriptor of the namespace; -1 to stay where we are. Throws TunError.
  explicit NetnsGuard(int network);
  ~NetnsGuard();
  NetnsGuard(const NetnsGuard&) = delete;
  NetnsGuard& operator=(const NetnsGuard&) = delete;

 private:
  void enter(int network, const std::string& what);

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

/// A descriptor of the network namespace `name`, as of `ip netns`; of the current one for an empty
/// name. Throws TunError when there is none of that name.
[[nodiscard]] UniqueFd open_network(const std::string& name);

/// A descriptor of a fresh network namespace, in which only loopback exists, up; the process stays
/// where it is. It is gone with the last descriptor and process. Throws TunError.
[[nodiscard]] UniqueFd make_network();

/// A descriptor of the user namespace of the process. Throws TunError.
[[nodiscard]] UniqueFd open_user_namespace();

/// Moves the process into a user namespace, if it is not there already, and a network namespace,
/// both by descriptor. To be called while the process has one thread. Throws TunError.
void join_namespaces(int user, int network);

}  // namespace hop
