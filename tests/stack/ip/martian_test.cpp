// Addresses that may not be: RFC 1812 section 5.3.7, RFC 1122 section 3.2.1.3, and how Linux
// departs from them (design section 5).

#include "stack/ip/martian.hpp"

#include <gtest/gtest.h>

#include "tests/stack/base/row_name.hpp"

namespace hop {
namespace {

using enum DropReason;

struct MartianCase {
  std::string_view name, address;
  DropReason as_source, as_destination;              // by the RFCs
  DropReason linux_as_source, linux_as_destination;  // by Linux
};
class Martians : public ::testing::TestWithParam<MartianCase> {};

Ipv4Address address() { return Ipv4Address::parse(Martians::GetParam().address).value(); }

TEST_P(Martians, SourcesOfRfc1812Section5_3_7) {
  EXPECT_EQ(source_fault(address(), MartianRules::rfc1812), GetParam().as_source);
}
TEST_P(Martians, DestinationsOfRfc1812Section5_3_7) {
  EXPECT_EQ(destination_fault(address(), MartianRules::rfc1812), GetParam().as_destination);
}
TEST_P(Martians, SourcesOfLinux) {
  EXPECT_EQ(source_fault(address(), MartianRules::linux_like), GetParam().linux_as_source);
}
TEST_P(Martians, DestinationsOfLinux) {
  EXPECT_EQ(destination_fault(address(), MartianRules::linux_like),
            GetParam().linux_as_destination);
}

INSTANTIATE_TEST_SUITE_P(
    ZeroNet, Martians,
    ::testing::Values(MartianCase{"zero", "0.0.0.0", source_zero_net, destination_zero_net,
                                  source_zero_net, destination_zero_net},
                      MartianCase{"zero_one", "0.0.0.1", source_zero_net, destination_zero_net,
                                  none, none},
                      MartianCase{"zero_last", "0.255.255.255", source_zero_net,
                                  destination_zero_net, none, none}),
    kRowName);

INSTANTIATE_TEST_SUITE_P(
    Loopback, Martians,
    ::testing::Values(MartianCase{"first", "127.0.0.0", source_loopback, destination_loopback,
                                  source_loopback, destination_loopback},
                      MartianCase{"localhost", "127.0.0.1", source_loopback, destination_loopback,
                                  source_loopback, destination_loopback},
                      MartianCase{"last", "127.255.255.255", source_loopback, destination_loopback,
                                  source_loopback, destination_loopback}),
    kRowName);

// A multicast or broadcast address may be a destination: the node decides what it does with it.
INSTANTIATE_TEST_SUITE_P(
    NotUnicast, Martians,
    ::testing::Values(
        MartianCase{"multicast_first", "224.0.0.0", source_multicast, none, source_multicast, none},
        MartianCase{"multicast_last", "239.255.255.255", source_multicast, none, source_multicast,
                    none},
        MartianCase{"class_e_first", "240.0.0.0", source_class_e, destination_class_e, none, none},
        MartianCase{"class_e_last", "255.255.255.254", source_class_e, destination_class_e, none,
                    none},
        MartianCase{"limited_broadcast", "255.255.255.255", source_broadcast, none,
                    source_broadcast, none}),
    kRowName);

INSTANTIATE_TEST_SUITE_P(
    Ordinary, Martians,
    ::testing::Values(MartianCase{"one", "1.0.0.0", none, none, none, none},
                      MartianCase{"before_loopback", "126.255.255.255", none, none, none, none},
                      MartianCase{"after_loopback", "128.0.0.0", none, none, none, none},
                      MartianCase{"private_net", "10.0.0.1", none, none, none, none},
                      MartianCase{"link_local", "169.254.0.1", none, none, none, none},
                      MartianCase{"benchmarks", "198.18.0.1", none, none, none, none},
                      MartianCase{"last_unicast", "223.255.255.255", none, none, none, none}),
    kRowName);

}  // namespace
}  // namespace hop
