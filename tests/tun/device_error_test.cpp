// What is refused, with a message that says what to do; and that nothing of it remains.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "tests/tun/machine.hpp"
#include "tun/device.hpp"

namespace hop::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class InvalidName : public testing::TestWithParam<std::string> {};

TEST_P(InvalidName, IsRefused) {
  EXPECT_THAT(error_of(options_for(GetParam())),
              AllOf(HasSubstr("'" + GetParam() + "'"), HasSubstr("1 to 15 characters")));
}

INSTANTIATE_TEST_SUITE_P(Table, InvalidName,
                         testing::Values("", ".", "..", "a/b", "a b", "a:b", "tun%d", "tab\tbed",
                                         "sixteenletters16"));

TEST(Name, OfFifteenCharactersIsTaken) { EXPECT_EQ(error_of(options_for("fifteenletter15")), ""); }

TEST(Name, InUseByAnotherProcess) {
  const TunDevice other{options_for("tun0")};
  EXPECT_THAT(error_of(options_for("tun0")),
              AllOf(HasSubstr("cannot attach to TUN device tun0"), HasSubstr("busy"),
                    HasSubstr("another process uses it")));
  EXPECT_TRUE(device_exists("tun0"));
}

TEST(Name, OfADeviceThatIsNoTun) {
  EXPECT_THAT(error_of(options_for("lo")), HasSubstr("is no TUN"));
}

TEST(Name, OfATap) {
  const ExistingDevice tap{"tap0", "mode tap"};
  EXPECT_THAT(error_of(options_for("tap0")), HasSubstr("is a TAP"));
}

TEST(Name, OfATunWithOneQueueWhereSeveralAreWanted) {
  const ExistingDevice one{"tun0"};
  TunOptions options = options_for("tun0");
  options.queues = 2;
  EXPECT_THAT(error_of(options), AllOf(HasSubstr("has one queue"), HasSubstr("--workers 1"),
                                       HasSubstr("'ip tuntap add tun0 mode tun multi_queue'")));
}

TEST(Node, ThatIsMissing) {
  TunOptions options = options_for("tun0");
  options.device_path = "/run/no/tun";
  EXPECT_THAT(error_of(options),
              AllOf(HasSubstr("cannot open /run/no/tun: no such file or directory"),
                    HasSubstr("modprobe tun"), HasSubstr("mknod"), HasSubstr("--tun-device")));
}

TEST(Node, ThatIsAnotherDevice) {
  TunOptions options = options_for("tun0");
  options.device_path = "/dev/null";
  EXPECT_THAT(error_of(options), HasSubstr("the node is not /dev/net/tun"));
}

TEST(Node, ThatMayNotBeOpened) {
  TunOptions options = options_for("tun0");
  options.device_path = "/run/locked";
  sh("touch /run/locked && chmod 000 /run/locked");
  EXPECT_THAT(in_child([&] {
                drop_capabilities();
                return error_of(options);
              }),
              AllOf(HasSubstr("cannot open /run/locked: permission denied"),
                    HasSubstr("run as root"), HasSubstr("chmod 0666")));
}

TEST(Privilege, MissingToCreate) {
  EXPECT_THAT(in_child([] {
                drop_capabilities();
                return error_of(options_for("tun0"));
              }),
              AllOf(HasSubstr("cannot create TUN device tun0: operation not permitted"),
                    HasSubstr("run as root, or use 'hop run'")));
}

TEST(Mtu, BelowTheKernelsLeast) {
  const std::string before = state_of_machine();
  TunOptions options = options_for("tun0");
  options.mtu = 67;
  EXPECT_THAT(error_of(options),
              AllOf(HasSubstr("cannot set the MTU of tun0 to 67"), HasSubstr("68 to 65535")));
  EXPECT_EQ(state_of_machine(), before);
}

TEST(Address, DifferentFromTheOneOfAnExistingDevice) {
  const ExistingDevice existing{"tun0"};
  sh("ip addr add 198.51.100.1/24 dev tun0");
  const std::string before = state_of_machine();
  EXPECT_THAT(error_of(options_for("tun0")),
              AllOf(HasSubstr("198.18.0.1/24"), HasSubstr("it has 198.51.100.1/24"),
                    HasSubstr("ip address del 198.51.100.1/24 dev tun0")));
  EXPECT_EQ(state_of_machine(), before);
}

TEST(HalfWay, FailureIsUndoneOnAnExistingDevice) {
  const ExistingDevice existing{"tun0"};
  const std::string before = state_of_machine();
  TunOptions options = options_for("tun0");
  options.mtu = 20;  // refused when the address is there already
  EXPECT_NE(error_of(options), "");
  EXPECT_EQ(state_of_machine(), before);
}

// A second device of this machine, up, with 10.1.0.1/16 and what `commands` add.
struct Overlap {
  std::string_view name;
  std::string_view commands;
  std::string_view wanted;
  std::string_view message;
};

class OverlappingRoute : public testing::TestWithParam<Overlap> {
 protected:
  OverlappingRoute() { sh("ip link set other up; ip addr add 10.1.0.1/16 dev other"); }
  const ExistingDevice other_{"other"};
};

TEST_P(OverlappingRoute, IsRefusedByRouteAndDevice) {
  sh(std::string{GetParam().commands});
  const std::string before = state_of_machine();
  TunOptions options = options_for("tun0");
  options.routes = {Prefix::parse(GetParam().wanted).value()};
  EXPECT_THAT(error_of(options),
              AllOf(HasSubstr("cannot route " + std::string{GetParam().wanted} + " into tun0"),
                    HasSubstr(std::string{GetParam().message}), HasSubstr("hop run")));
  EXPECT_EQ(state_of_machine(), before);
  sh("ip route flush table main type unreachable");
}

INSTANTIATE_TEST_SUITE_P(
    Table, OverlappingRoute,
    testing::Values(
        Overlap{"the_same", "ip route add 203.0.113.0/24 dev other", "203.0.113.0/24",
                "the same prefix is routed to other;"},
        Overlap{"covering", "ip route add 203.0.113.0/25 dev other", "203.0.113.0/24",
                "it covers 203.0.113.0/25, which is routed to other;"},
        Overlap{"covered", "ip route add 203.0.112.0/22 dev other", "203.0.113.0/24",
                "it is part of 203.0.112.0/22, which is routed to other;"},
        Overlap{"two_defaults", "ip route add default dev other", "0.0.0.0/0",
                "the same prefix is routed to other;"},
        Overlap{"without_a_device", "ip route add unreachable 203.0.113.0/24", "203.0.113.0/25",
                "which is routed to nothing;"},
        Overlap{"over_several_hops",
                "ip route add 203.0.113.0/24 nexthop dev other nexthop dev other weight 2",
                "203.0.113.0/25", "which is routed to other;"},
        Overlap{"subnet_of_an_address", "true", "10.1.2.0/24",
                "it is part of 10.1.0.0/16, which is the subnet of this machine's address "
                "10.1.0.1/16 on other;"},
        Overlap{"address_of_a_device_that_is_down", "ip link set other down", "10.0.0.0/8",
                "it covers 10.1.0.0/16, which is the subnet of this machine's address"},
        Overlap{"loopback", "true", "127.0.1.0/24", "127.0.0.1/8 on lo;"}),
    [](const auto& row) { return std::string{row.param.name}; });

TEST(Subnet, OverlappingThatOfAnotherDevice) {
  const ExistingDevice other{"other"};
  sh("ip link set other up; ip addr add 198.18.0.200/25 dev other");
  EXPECT_THAT(error_of(options_for("tun0")),
              AllOf(HasSubstr("cannot route 198.18.0.0/24 into tun0"),
                    HasSubstr("198.18.0.200/25 on other;")));
  EXPECT_FALSE(device_exists("tun0"));
}

TEST(DefaultRoute, IsNoConflict) {
  const ExistingDevice other{"other"};
  sh("ip link set other up; ip addr add 10.1.0.1/16 dev other; ip route add default dev other");
  TunOptions options = options_for("tun0");
  options.routes = {Prefix::parse("203.0.113.0/24").value()};
  EXPECT_EQ(error_of(options), "");
}

TEST(DefaultRoute, IntoTheDeviceLeavesOtherRoutesAlone) {
  const ExistingDevice other{"other"};
  sh("ip link set other up; ip addr add 10.1.0.1/16 dev other");
  TunOptions options = options_for("tun0");
  options.routes = {Prefix{}};
  const TunDevice device{options};
  EXPECT_THAT(sh("ip route"), HasSubstr("default dev tun0"));
}

}  // namespace
}  // namespace hop::test
