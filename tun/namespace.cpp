#include "tun/namespace.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <exception>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string_view>

#include "tun/error.hpp"
#include "tun/netlink.hpp"

namespace hop {
namespace {

UniqueFd open_namespace(const std::string& path) {
  return UniqueFd{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
}

// Settings that forbid user namespaces: Debian's own, everybody's, and Ubuntu's since 23.10.
struct Setting {
  std::string_view file;
  std::string_view forbids;  // the value that does
  std::string_view remedy;
};
constexpr std::array kSettings{
    Setting{"/proc/sys/kernel/unprivileged_userns_clone", "0",
            "kernel.unprivileged_userns_clone is 0; set it to 1 with 'sysctl -w "
            "kernel.unprivileged_userns_clone=1', or run as root"},
    Setting{"/proc/sys/user/max_user_namespaces", "0",
            "user.max_user_namespaces is 0; raise it with 'sysctl -w "
            "user.max_user_namespaces=1000', or run as root"},
    Setting{"/proc/sys/user/max_net_namespaces", "0",
            "user.max_net_namespaces is 0; raise it with 'sysctl -w "
            "user.max_net_namespaces=1000'"},
    Setting{"/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1",
            "AppArmor restricts user namespaces; allow them with 'sysctl -w "
            "kernel.apparmor_restrict_unprivileged_userns=0', or run as root"},
};

std::string first_word_of(std::string_view file) {
  std::string word;
  std::ifstream{std::filesystem::path{file}} >> word;
  return word;
}

std::string remedy() {
  for (const Setting& setting : kSettings) {
    if (first_word_of(setting.file) == setting.forbids) return std::string{setting.remedy};
  }
  return "run as root, or in a container allow it (docker run --cap-add SYS_ADMIN, or a seccomp "
         "profile that permits unshare)";
}

[[noreturn]] void refuse(std::string_view what, int error) {
  throw TunError{fmt::format("cannot {}: {}; {}", what, reason_of(error), remedy())};
}

// These files take one write(2), so std::ofstream would do, but it does not tell why it failed.
void write_map(const char* file, const std::string& text) {
  const UniqueFd fd{::open(file, O_WRONLY | O_CLOEXEC)};
  const auto size = static_cast<ssize_t>(text.size());
  if (!fd || ::write(fd.get(), text.data(), text.size()) != size) {
    refuse(fmt::format("become root of a user namespace ({})", file), errno);
  }
}

// user_namespaces(7): without CAP_SETGID outside, gid_map wants setgroups denied first.
void become_root(uid_t user, gid_t group) {
  write_map("/proc/self/setgroups", "deny");
  write_map("/proc/self/uid_map", fmt::format("0 {} 1", user));
  write_map("/proc/self/gid_map", fmt::format("0 {} 1", group));
}

void bring_loopback_up() try {
  Netlink netlink;
  if (const auto loopback = netlink.find_link("lo")) {
    netlink.set_state(loopback->index, AdminState::up);
  }
} catch (const NetlinkError& error) {
  throw TunError{fmt::format("cannot bring up lo in a fresh network namespace: {}; {}",
                             error.what(), remedy())};
}

void require_one_thread() {
  const std::filesystem::directory_iterator threads{"/proc/self/task"};
  if (std::distance(begin(threads), end(threads)) == 1) return;
  throw std::logic_error{"enter_private_network() while the process has several threads"};
}

}  // namespace

NetnsGuard::NetnsGuard(const std::string& name) {
  if (!name.empty()) enter(open_network(name).get(), " " + name);
}

NetnsGuard::NetnsGuard(int network) {
  if (network >= 0) enter(network, "");
}

void NetnsGuard::enter(int network, const std::string& what) {
  home_ = open_namespace("/proc/thread-self/ns/net");
  if (!home_ || ::setns(network, CLONE_NEWNET) != 0) {
    throw TunError{
        fmt::format("cannot enter network namespace{}: {}; run as root", what, reason_of(errno))};
  }
}

NetnsGuard::~NetnsGuard() {
  if (home_ && ::setns(home_.get(), CLONE_NEWNET) != 0) std::terminate();
}

void enter_private_network() {
  require_one_thread();
  const uid_t user = ::geteuid();
  const gid_t group = ::getegid();
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0) {
    become_root(user, group);
  } else if (const int error = errno; ::unshare(CLONE_NEWNET) != 0) {
    refuse("make a private network (user and network namespace)", error);
  }
  bring_loopback_up();
}

UniqueFd open_network(const std::string& name) {
  UniqueFd network =
      open_namespace(name.empty() ? "/proc/thread-self/ns/net" : "/run/netns/" + name);
  if (network) return network;
  throw TunError{
      fmt::format("cannot open network namespace {}: {}; 'ip netns list' shows those that exist, "
                  "'ip netns add {}' makes it",
                  name, reason_of(errno), name)};
}

UniqueFd make_network() {
  const UniqueFd home = open_network("");
  if (::unshare(CLONE_NEWNET) != 0) refuse("make a network namespace", errno);
  UniqueFd made = open_network("");
  bring_loopback_up();
  if (::setns(home.get(), CLONE_NEWNET) != 0) std::terminate();  // as NetnsGuard has it
  return made;
}

UniqueFd open_user_namespace() {
  UniqueFd user = open_namespace("/proc/self/ns/user");
  if (user) return user;
  throw TunError{fmt::format("cannot open our user namespace: {}", reason_of(errno))};
}

void join_namespaces(int user, int network) {
  struct stat there{};
  struct stat here{};
  const UniqueFd own = open_user_namespace();
  const bool is_ours =
      ::fstat(user, &there) == 0 && ::fstat(own.get(), &here) == 0 && there.st_ino == here.st_ino;
  if ((!is_ours && ::setns(user, CLONE_NEWUSER) != 0) || ::setns(network, CLONE_NEWNET) != 0) {
    throw TunError{
        fmt::format("cannot enter the namespaces of the network: {}; run this as the "
                    "user who runs the network",
                    reason_of(errno))};
  }
}

}  // namespace hop
