// What a TunDevice sets up, and that it leaves the machine as it was.

#include "tun/device.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "tests/tun/machine.hpp"
#include "tun/attach.hpp"
#include "tun/offload.hpp"
#include "tun/unique_fd.hpp"

namespace hop::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Prefix prefix(std::string_view text) { return Prefix::parse(text).value(); }

TEST(CreatedDevice, HasAddressMtuRoutesAndIsUp) {
  TunOptions options = options_for("tun0");
  options.mtu = 1400;
  options.routes = {prefix("203.0.113.0/24"), prefix("192.0.2.1")};
  const TunDevice device{options};
  EXPECT_FALSE(device.attached());
  EXPECT_THAT(sh("ip link show tun0"), AllOf(HasSubstr(",UP"), HasSubstr("mtu 1400")));
  EXPECT_THAT(sh("ip -o -4 addr show tun0"), HasSubstr("inet 198.18.0.1/24 "));
  EXPECT_THAT(sh("ip route"),
              AllOf(HasSubstr("198.18.0.0/24 dev tun0"), HasSubstr("203.0.113.0/24 dev tun0"),
                    HasSubstr("192.0.2.1 dev tun0")));
  EXPECT_THAT(sh("ip route get 203.0.113.9"), HasSubstr("src 198.18.0.1"));
}

TEST(CreatedDevice, IsGoneAfterwards) {
  const std::string before = state_of_machine();
  {
    TunOptions options = options_for("tun0");
    options.routes = {prefix("203.0.113.0/24")};
    const TunDevice device{options};
    EXPECT_TRUE(device_exists("tun0"));
  }
  EXPECT_EQ(state_of_machine(), before);
}

TEST(CreatedDevice, MakesNoIpv6AddressAndSolicitsNoRouters) {
  const TunDevice device{options_for("tun0")};
  EXPECT_THAT(sh("ip -d link show tun0"), HasSubstr("addrgenmode none"));
  EXPECT_THAT(sh("ip -6 addr show dev tun0"), IsEmpty());
}

TEST(CreatedDevice, TakesAnMtuTooSmallForIpv6) {
  TunOptions options = options_for("tun0");
  options.mtu = 68;
  const TunDevice device{options};
  EXPECT_THAT(sh("ip link show tun0"), HasSubstr("mtu 68 "));
}

TEST(CreatedDevice, TakesTheLargestMtu) {
  TunOptions options = options_for("tun0");
  options.mtu = 65535;
  const TunDevice device{options};
  EXPECT_THAT(sh("ip link show tun0"), HasSubstr("mtu 65535 "));
}

TEST(CreatedDevice, DescriptorNeitherBlocksNorIsInherited) {
  const TunDevice device{options_for("tun0")};
  std::array<std::byte, 2048> buffer{};
  EXPECT_EQ(::read(device.fd(), buffer.data(), buffer.size()), -1);
  EXPECT_EQ(errno, EAGAIN);
  EXPECT_NE(::fcntl(device.fd(), F_GETFD) & FD_CLOEXEC, 0);
}

bool leaves_checksums(const std::string& name) {
  const UniqueFd socket{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  ethtool_value value{.cmd = ETHTOOL_GTXCSUM, .data = 0};
  ifreq request{};
  std::ranges::copy(name, request.ifr_name);
  request.ifr_data = reinterpret_cast<char*>(&value);
  EXPECT_EQ(::ioctl(socket.get(), SIOCETHTOOL, &request), 0);
  return value.data != 0;
}

TunOptions with_offload() {
  TunOptions options = options_for("tun0");
  options.offload = true;
  return options;
}

TEST(CreatedDevice, WithOffloadPacketsHaveAHeaderInFront) {
  const TunDevice device{with_offload()};
  EXPECT_TRUE(device.offload());
  EXPECT_TRUE(leaves_checksums("tun0"));
  sh("ping -c 1 -W 0.1 198.18.0.2 >/dev/null || true");
  std::array<std::byte, 2048> buffer{};
  ASSERT_EQ(::read(device.fd(), buffer.data(), buffer.size()), 10 + 84);
  EXPECT_EQ(buffer[10], std::byte{0x45});
}

TEST(CreatedDevice, ByDefaultLeavesNothingToUs) {
  const TunDevice device{options_for("tun0")};
  EXPECT_FALSE(device.offload());
  EXPECT_FALSE(leaves_checksums("tun0"));
}

TEST(AttachedDevice, HasItsOffloadOffAfterwards) {
  const ExistingDevice existing{"tun0"};
  {
    const TunDevice device{with_offload()};
    EXPECT_TRUE(leaves_checksums("tun0"));
  }
  EXPECT_FALSE(leaves_checksums("tun0"));
}

// Somebody who was killed left it on; without a header nobody could read what comes.
TEST(AttachedDevice, IsRidOfAnOffloadThatNobodyWants) {
  const ExistingDevice existing{"tun0"};
  {
    const auto other = open_tun("/dev/net/tun", "tun0", LinkEntry{}, 1, true);
    ASSERT_TRUE(begin_offload(other.front().in.get(), true));
  }
  EXPECT_TRUE(leaves_checksums("tun0"));
  const TunDevice device{options_for("tun0")};
  EXPECT_FALSE(leaves_checksums("tun0"));
}

TEST(CreatedDevice, HasAsManyQueuesAsAreWanted) {
  TunOptions options = options_for("tun0");
  options.queues = 3;
  const TunDevice device{options};
  EXPECT_THAT(sh("ip -d link show tun0"), HasSubstr("numqueues 3 "));
  EXPECT_NE(device.fd(1), device.fd(2));
}

TEST(AttachedDevice, WithSeveralQueuesIsUsedByOneOrAsManyAsAreWanted) {
  const ExistingDevice queues{"tun0", "mode tun multi_queue"};
  for (const std::size_t count : {1U, 2U}) {
    TunOptions options = options_for("tun0");
    options.queues = count;
    const TunDevice device{options};
    EXPECT_THAT(sh("ip -d link show tun0"), HasSubstr("numqueues " + std::to_string(count) + ' '));
  }
}

// The kernel would divide the flows between the two.
TEST(AttachedDevice, WithSeveralQueuesIsRefusedWhileAnotherHasIt) {
  const ExistingDevice queues{"tun0", "mode tun multi_queue"};
  for (const std::size_t count : {1U, 2U}) {
    TunOptions options = options_for("tun0");
    options.queues = count;
    const TunDevice first{options};
    for (const std::size_t other : {1U, 2U}) {
      options.queues = other;
      EXPECT_THAT(error_of(options), HasSubstr("another process uses it"));
    }
  }
  EXPECT_EQ(error_of(options_for("tun0")), "");
}

TEST(CreatedDevice, PacketsComeWithoutAHeaderInFront) {
  const TunDevice device{options_for("tun0")};
  sh("ping -c 1 -W 0.1 198.18.0.2 >/dev/null || true");
  std::array<unsigned char, 2048> buffer{};
  EXPECT_EQ(::read(device.fd(), buffer.data(), buffer.size()), 84);
  EXPECT_EQ(buffer[0], 0x45);
}

TEST(CreatedDevice, ARouteSaidTwiceOrImpliedBySubnetIsAddedOnce) {
  TunOptions options = options_for("tun0");
  options.routes = {prefix("203.0.113.0/24"), prefix("203.0.113.0/24"), prefix("198.18.0.0/24")};
  EXPECT_EQ(error_of(options), "");
}

TEST(CreatedDevice, MovesAndTakesDownOnce) {
  TunDevice first{options_for("tun0")};
  TunDevice second = std::move(first);
  EXPECT_TRUE(device_exists("tun0"));
  TunOptions other = options_for("tun1");
  other.address = InterfaceAddress::parse("198.18.1.1/24").value();
  second = TunDevice{other};
  EXPECT_FALSE(device_exists("tun0"));
  EXPECT_TRUE(device_exists("tun1"));
  EXPECT_THAT(second.take_down(), IsEmpty());
  EXPECT_THAT(second.take_down(), IsEmpty());
  EXPECT_EQ(second.fd(), -1);
  EXPECT_FALSE(device_exists("tun1"));
}

TEST(CreatedDevice, DeletedMeanwhileIsTakenDown) {
  TunDevice device{options_for("tun0")};
  sh("ip link delete tun0");
  EXPECT_THAT(device.take_down(), IsEmpty());
}

// How an existing device may be found. hop uses 198.18.0.1/24, MTU 1400 and a route on it.
struct Found {
  std::string_view name;
  std::string_view commands;
};

class AttachedDevice : public testing::TestWithParam<Found> {};

TEST_P(AttachedDevice, IsLeftAsItWasFound) {
  const ExistingDevice existing{"tun0"};
  sh(std::string{GetParam().commands});
  const std::string before = state_of_machine();
  TunOptions options = options_for("tun0");
  options.mtu = 1400;
  options.routes = {prefix("203.0.113.0/24")};
  {
    const TunDevice device{options};
    EXPECT_TRUE(device.attached());
    EXPECT_THAT(sh("ip addr show tun0"),
                AllOf(HasSubstr(",UP"), HasSubstr("mtu 1400"), HasSubstr("198.18.0.1/24")));
    EXPECT_THAT(sh("ip route"), HasSubstr("203.0.113.0/24 dev tun0"));
  }
  EXPECT_EQ(state_of_machine(), before);
}

INSTANTIATE_TEST_SUITE_P(
    Table, AttachedDevice,
    testing::Values(
        Found{"bare", "true"}, Found{"down_with_address", "ip addr add 198.18.0.1/24 dev tun0"},
        Found{"down_with_other_mtu", "ip link set tun0 mtu 9000"},
        Found{"up", "ip link set tun0 up"},
        Found{"up_with_address", "ip link set tun0 up; ip addr add 198.18.0.1/24 dev tun0"},
        Found{"up_with_two_addresses",
              "ip link set tun0 up; ip addr add 198.51.100.1/24 dev tun0; "
              "ip addr add 198.18.0.1/24 dev tun0"},
        Found{"up_with_our_mtu", "ip link set tun0 up mtu 1400"},
        Found{"up_with_our_route",
              "ip link set tun0 up; ip addr add 198.18.0.1/24 dev tun0; "
              "ip route add 203.0.113.0/24 dev tun0"},
        Found{"up_with_foreign_route",
              "ip link set tun0 up; ip addr add 198.18.0.1/24 dev tun0; "
              "ip route add 198.51.100.0/24 dev tun0"},
        Found{"up_with_ipv6", "ip link set tun0 up; ip addr add 2001:db8::1/64 dev tun0 nodad"}),
    [](const auto& row) { return std::string{row.param.name}; });

TEST(AttachedDeviceWithEverything, NeedsNoPrivilege) {
  const ExistingDevice existing{"tun0"};
  sh("ip link set tun0 up; ip addr add 198.18.0.1/24 dev tun0; "
     "ip route add 203.0.113.0/24 dev tun0");
  TunOptions options = options_for("tun0");
  options.routes = {prefix("203.0.113.0/24")};
  EXPECT_EQ(in_child([&] {
              drop_capabilities();
              return error_of(options);
            }),
            "");
}

TEST(AttachedDeviceThatLacksARoute, SaysThatPrivilegeIsNeeded) {
  const ExistingDevice existing{"tun0"};
  sh("ip link set tun0 up; ip addr add 198.18.0.1/24 dev tun0");
  TunOptions options = options_for("tun0");
  options.routes = {prefix("203.0.113.0/24")};
  EXPECT_THAT(
      in_child([&] {
        drop_capabilities();
        return error_of(options);
      }),
      AllOf(HasSubstr("cannot add route 203.0.113.0/24 on tun0"), HasSubstr("run as root")));
}

TEST(TakeDown, TellsWhatCouldNotBeTakenBack) {
  const ExistingDevice existing{"tun0"};
  const std::string told = in_child([] {
    TunDevice device{options_for("tun0")};
    drop_capabilities();
    std::string text;
    for (const std::string& failure : device.take_down()) text += failure + '\n';
    return text;
  });
  EXPECT_THAT(told, AllOf(HasSubstr("cannot bring down tun0: "),
                          HasSubstr("cannot remove address 198.18.0.1/24 on tun0: ")));
}

class NamedNamespace : public testing::Test {
 protected:
  void SetUp() override { sh("ip netns add left"); }
  void TearDown() override { sh("ip netns delete left"); }
};

TEST_F(NamedNamespace, HoldsTheDeviceWhileWeStayWhereWeWere) {
  const std::string here = sh("readlink /proc/$PPID/ns/net");
  const std::string before = state_of_machine();
  TunOptions options = options_for("tun0");
  options.netns = "left";
  options.routes = {prefix("203.0.113.0/24")};
  {
    const TunDevice device{options};
    EXPECT_EQ(state_of_machine(), before);
    EXPECT_THAT(sh("ip -n left addr show tun0"), HasSubstr("198.18.0.1/24"));
    EXPECT_THAT(sh("ip -n left route"), HasSubstr("203.0.113.0/24 dev tun0"));
    sh("ip netns exec left ping -c 1 -W 0.1 203.0.113.1 >/dev/null || true");
    std::array<std::byte, 2048> buffer{};
    EXPECT_EQ(::read(device.fd(), buffer.data(), buffer.size()), 84);
  }
  EXPECT_THAT(sh("ip -n left -o link"), Not(HasSubstr("tun0")));
  EXPECT_EQ(sh("readlink /proc/$PPID/ns/net"), here);
}

TEST_F(NamedNamespace, DoesNotConflictWithDevicesHere) {
  const TunDevice device{options_for("tun0")};
  TunOptions options = options_for("tun0");
  options.netns = "left";
  EXPECT_EQ(error_of(options), "");
}

TEST_F(NamedNamespace, IsLeftWhenSetUpFails) {
  const std::string here = sh("readlink /proc/$PPID/ns/net");
  TunOptions options = options_for("tun0");
  options.netns = "left";
  options.mtu = 20;
  EXPECT_THAT(error_of(options), HasSubstr("MTU"));
  EXPECT_EQ(sh("readlink /proc/$PPID/ns/net"), here);
  EXPECT_THAT(sh("ip -n left -o link"), Not(HasSubstr("tun0")));
}

TEST_F(NamedNamespace, IsRefusedWithoutPrivilege) {
  TunOptions options = options_for("tun0");
  options.netns = "left";
  EXPECT_THAT(in_child([&] {
                drop_capabilities();
                return error_of(options);
              }),
              AllOf(HasSubstr("cannot enter network namespace left"), HasSubstr("run as root")));
}

TEST(UnknownNamespace, IsNamed) {
  TunOptions options = options_for("tun0");
  options.netns = "nowhere";
  EXPECT_THAT(error_of(options), AllOf(HasSubstr("cannot open network namespace nowhere"),
                                       HasSubstr("ip netns add nowhere")));
}

}  // namespace
}  // namespace hop::test
