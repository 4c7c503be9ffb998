// Addresses that may not be (RFC 1812 section 5.3.7, RFC 1122 section 3.2.1.3): dropped in silence,
// whatever else would be wrong with the packet.

#include <gmock/gmock.h>

#include <ostream>
#include <string_view>

#include "tests/stack/node/bench.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using testing::icmp_echo;
using ::testing::IsEmpty;
using testing::udp;

struct MartianCase {
  std::string_view name;
  std::string_view source, destination;
  DropReason why;
};
std::ostream& operator<<(std::ostream& out, const MartianCase& row) { return out << row.name; }

class Martian : public ::testing::TestWithParam<MartianCase> {};

TEST_P(Martian, IsDroppedInSilence) {
  const MartianCase& row = GetParam();
  for (const std::uint8_t ttl : {std::uint8_t{64}, std::uint8_t{1}}) {
    Bench bench;
    const Wire packet =
        transit().src(row.source).dst(row.destination).ttl(ttl) / icmp_echo({}, "data");
    EXPECT_EQ(bench.receive(packet), dropped(row.why)) << packet;
    bench.expect_counted(dropped(row.why));
    EXPECT_EQ(bench.counters().get(Mib::ip_in_addr_errors), 1U);
    EXPECT_THAT(bench.sent(), IsEmpty());
  }
}

constexpr std::string_view kServer = "192.0.2.9";
constexpr std::string_view kUs = "10.0.1.1";
constexpr std::string_view kHost = "10.0.1.2";

INSTANTIATE_TEST_SUITE_P(
    Source, Martian,
    ::testing::Values(
        MartianCase{"Zero", "0.0.0.0", kServer, DropReason::source_zero_net},
        MartianCase{"ZeroToUs", "0.0.0.0", kUs, DropReason::source_zero_net},
        MartianCase{"ZeroNet", "0.1.2.3", kServer, DropReason::source_zero_net},
        MartianCase{"Loopback", "127.0.0.1", kServer, DropReason::source_loopback},
        MartianCase{"LoopbackToUs", "127.255.255.255", kUs, DropReason::source_loopback},
        MartianCase{"Multicast", "224.0.0.1", kServer, DropReason::source_multicast},
        MartianCase{"MulticastToUs", "239.1.2.3", kUs, DropReason::source_multicast},
        MartianCase{"ClassE", "240.0.0.1", kServer, DropReason::source_class_e},
        MartianCase{"ClassEToUs", "255.255.255.254", kUs, DropReason::source_class_e},
        MartianCase{"LimitedBroadcast", "255.255.255.255", kUs, DropReason::source_broadcast},
        MartianCase{"SubnetBroadcast", "10.0.1.255", kUs, DropReason::source_broadcast},
        MartianCase{"SubnetBroadcastInTransit", "10.0.1.255", kServer,
                    DropReason::source_broadcast},
        MartianCase{"BroadcastOfAnotherSubnet", "10.0.2.255", kServer,
                    DropReason::source_broadcast},
        MartianCase{"OurAddress", kUs, kServer, DropReason::source_own_address},
        MartianCase{"OurAddressToUs", kUs, kUs, DropReason::source_own_address},
        MartianCase{"OurOtherAddress", "10.0.2.1", kUs, DropReason::source_own_address}),
    kCaseName);

INSTANTIATE_TEST_SUITE_P(
    Destination, Martian,
    ::testing::Values(
        MartianCase{"Zero", kHost, "0.0.0.0", DropReason::destination_zero_net},
        MartianCase{"ZeroNet", kHost, "0.255.0.1", DropReason::destination_zero_net},
        MartianCase{"Loopback", kHost, "127.0.0.1", DropReason::destination_loopback},
        MartianCase{"ClassE", kHost, "240.0.0.1", DropReason::destination_class_e},
        // RFC 1812 section 4.2.3.1 (2).
        MartianCase{"Network", kHost, "10.0.1.0", DropReason::destination_network_address},
        MartianCase{"OtherNetwork", kHost, "10.0.2.0", DropReason::destination_network_address}),
    kCaseName);

/// Whether a router like Linux takes these addresses for ordinary ones.
class LinuxMartian : public ::testing::TestWithParam<MartianCase> {};

TEST_P(LinuxMartian, IsOrdinaryUnlessItIsZero) {
  const MartianCase& row = GetParam();
  Bench bench{with_policy(IcmpPolicy::of(Profile::linux_like))};
  const Wire packet = transit().src(row.source).dst(row.destination) / udp(1, 2);
  const Verdict expected = row.why == DropReason::none ? kForwarded : dropped(row.why);
  EXPECT_EQ(bench.receive(packet), expected);
}

INSTANTIATE_TEST_SUITE_P(
    Table, LinuxMartian,
    ::testing::Values(
        MartianCase{"SourceClassE", "240.0.0.1", kServer, DropReason::none},
        MartianCase{"SourceZeroNet", "0.1.2.3", kServer, DropReason::none},
        MartianCase{"SourceZero", "0.0.0.0", kServer, DropReason::source_zero_net},
        MartianCase{"SourceLoopback", "127.0.0.1", kServer, DropReason::source_loopback},
        MartianCase{"DestinationClassE", kHost, "240.0.0.1", DropReason::no_route},
        MartianCase{"DestinationZero", kHost, "0.0.0.0", DropReason::destination_zero_net}),
    kCaseName);

}  // namespace
}  // namespace hop
