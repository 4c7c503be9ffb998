// A private network, and the settings that forbid one. Each case is a process of its own.

#include "tun/namespace.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/capability.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "tests/tun/machine.hpp"

namespace hop::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kNetwork = "readlink /proc/$PPID/ns/net";
constexpr const char* kUser = "readlink /proc/$PPID/ns/user";

// Gives up what a user has not. user_namespaces(7): who is root, as this process is, maps its own
// ID only with CAP_SETFCAP; other users need no capability at all.
void become_unprivileged() { drop_capabilities(1U << CAP_SETFCAP); }

// From here on nobody in this user namespace, or below it, makes another one.
void forbid_user_namespaces() {
  std::ofstream setting{"/proc/sys/user/max_user_namespaces"};
  setting << 0 << std::flush;
  if (!setting) throw std::runtime_error{"cannot write user.max_user_namespaces"};
}

TEST(PrivateNetwork, HasOnlyLoopbackUp) {
  const std::string devices = in_child([] {
    become_unprivileged();
    enter_private_network();
    return sh("ip -o link");
  });
  EXPECT_THAT(devices, StartsWith("1: lo: <LOOPBACK,UP"));
  EXPECT_EQ(std::ranges::count(devices, '\n'), 1) << devices;
}

TEST(PrivateNetwork, IsAnotherOneInAnotherUserNamespace) {
  const std::string before = sh(kNetwork) + sh(kUser);
  const std::string inside = in_child([] {
    enter_private_network();
    return sh(kNetwork) + sh(kUser);
  });
  EXPECT_NE(inside.substr(0, inside.find('\n')), before.substr(0, before.find('\n')));
  EXPECT_NE(inside.substr(inside.find('\n')), before.substr(before.find('\n')));
}

TEST(PrivateNetwork, MakesTheCallerRoot) {
  EXPECT_EQ(in_child([] {
              become_unprivileged();
              enter_private_network();
              return sh("id -u; id -g; cat /proc/self/setgroups");
            }),
            "0\n0\ndeny\n");
}

TEST(PrivateNetwork, TakesADeviceWithoutPrivilegeOutside) {
  EXPECT_EQ(in_child([] {
              become_unprivileged();
              enter_private_network();
              return error_of(options_for("tun0"));
            }),
            "");
}

TEST(PrivateNetwork, RefusedBySettingNamesTheSetting) {
  EXPECT_THAT(
      in_child([] {
        enter_private_network();
        forbid_user_namespaces();
        become_unprivileged();
        enter_private_network();
        return std::string{"allowed"};
      }),
      AllOf(HasSubstr("cannot make a private network"), HasSubstr("user.max_user_namespaces is 0"),
            HasSubstr("sysctl -w"), HasSubstr("run as root")));
}

TEST(PrivateNetwork, RefusedBySettingStillWorksWithPrivilege) {
  EXPECT_THAT(in_child([] {
                enter_private_network();
                forbid_user_namespaces();
                const std::string network = sh(kNetwork);
                const std::string user = sh(kUser);
                enter_private_network();
                if (sh(kNetwork) == network) return std::string{"the same network"};
                if (sh(kUser) != user) return std::string{"another user namespace"};
                return sh("ip -o link");
              }),
              StartsWith("1: lo: <LOOPBACK,UP"));
}

TEST(PrivateNetwork, IsNotForOneThreadOfMany) {
  EXPECT_THAT(in_child([] {
                std::jthread other{[](const std::stop_token& stop) {
                  while (!stop.stop_requested()) std::this_thread::yield();
                }};
                enter_private_network();
                return std::string{"allowed"};
              }),
              HasSubstr("several threads"));
}

}  // namespace
}  // namespace hop::test
