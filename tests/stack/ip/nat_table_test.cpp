// The sessions of a NAT, by the requirements of RFC 4787, RFC 5382 and RFC 5508.

#include "stack/ip/nat_table.hpp"

#include <gtest/gtest.h>

#include <set>

#include "tests/stack/base/row_name.hpp"

namespace hop {
namespace {

using namespace std::chrono_literals;
using enum NatDependence;

constexpr std::uint8_t kIcmp = 1, kTcp = 6, kUdp = 17, kGre = 47;
constexpr Ipv4Address kShared{203, 0, 113, 1};
constexpr NatEndpoint kHost{Ipv4Address{10, 0, 0, 2}, 5000};
constexpr NatEndpoint kOther{Ipv4Address{10, 0, 0, 3}, 5000};
constexpr NatEndpoint kPeer{Ipv4Address{192, 0, 2, 9}, 53};
constexpr NatEndpoint kSamePeer{Ipv4Address{192, 0, 2, 9}, 54};
constexpr NatEndpoint kStranger{Ipv4Address{198, 51, 100, 7}, 53};
constexpr Instant kStart{1h};

class NatTableTest : public ::testing::Test {
 protected:
  explicit NatTableTest(NatPolicy policy = {}) : table(policy, Random{7}) {}

  void use(const NatPolicy& policy) { table = NatTable{policy, Random{7}}; }
  std::expected<NatEndpoint, DropReason> out(NatEndpoint from, NatEndpoint to,
                                             std::uint8_t protocol = kUdp, NatTcpFlags flags = {}) {
    return table.map({protocol, from, to}, kShared, flags, now);
  }
  [[nodiscard]] std::expected<NatEndpoint, DropReason> in(NatEndpoint from, std::uint16_t to,
                                                          std::uint8_t protocol = kUdp) const {
    return table.find_internal({protocol, {kShared, to}, from}, now);
  }

  NatTable table;
  Instant now = kStart;
};

using Unexpected = std::unexpected<DropReason>;

using NatMapping = NatTableTest;

TEST_F(NatMapping, IsEndpointIndependentRfc4787Req1) {
  const auto first = out(kHost, kPeer);
  EXPECT_EQ(out(kHost, kSamePeer), first);
  EXPECT_EQ(out(kHost, kStranger), first);
}

TEST_F(NatMapping, MayDependOnTheAddressOfThePeer) {
  use({.mapping = address_dependent});
  const auto first = out(kHost, kPeer);
  EXPECT_EQ(out(kHost, kSamePeer), first);
  EXPECT_NE(out(kHost, kStranger), first);
}

TEST_F(NatMapping, MayDependOnTheAddressAndPortOfThePeer) {
  use({.mapping = address_and_port_dependent});
  const auto first = out(kHost, kPeer);
  EXPECT_NE(out(kHost, kSamePeer), first);
  EXPECT_EQ(out(kHost, kPeer), first);
}

TEST_F(NatMapping, OfProtocolsIsApart) {
  EXPECT_EQ(out(kHost, kPeer, kUdp), (NatEndpoint{kShared, 5000}));
  EXPECT_EQ(out(kOther, kPeer, kTcp), (NatEndpoint{kShared, 5000}));
  EXPECT_EQ(in(kPeer, 5000, kUdp), kHost);
  EXPECT_EQ(in(kPeer, 5000, kTcp), kOther);
}

TEST_F(NatMapping, OfAQueryIsForAllPeersRfc5508Req1) {
  const NatEndpoint peer{kPeer.address}, stranger{kStranger.address};
  EXPECT_EQ(out(kHost, peer, kIcmp), out(kHost, stranger, kIcmp));
}

TEST_F(NatMapping, OfAnotherAddressIsAnother) {
  // Of a second external interface: it is not reached by the address of the first.
  ASSERT_TRUE(out(kHost, kPeer));
  const Ipv4Address second{203, 0, 113, 99};
  EXPECT_EQ(table.map({kUdp, kHost, kPeer}, second, {}, now), (NatEndpoint{second, 5000}));
  EXPECT_EQ(in(kPeer, 5000), Unexpected(DropReason::nat_no_mapping));
}

TEST_F(NatMapping, WithoutPortsIsOfOneHostForEachPeer) {
  const NatEndpoint host{kHost.address}, other{kOther.address};
  EXPECT_EQ(out(host, {kPeer.address}, kGre), (NatEndpoint{kShared}));
  EXPECT_EQ(out(other, {kPeer.address}, kGre), Unexpected(DropReason::nat_exhausted));
  EXPECT_EQ(out(other, {kStranger.address}, kGre), (NatEndpoint{kShared}));
  EXPECT_EQ(in({kPeer.address}, 0, kGre), host);
  EXPECT_EQ(in({kStranger.address}, 0, kGre), other);
}

struct FilteringCase {
  std::string_view name;
  NatDependence filtering;
  bool same_address, stranger;  // are let in
};
class NatFiltering : public NatTableTest, public ::testing::WithParamInterface<FilteringCase> {};

TEST_P(NatFiltering, LetsInWhomRfc4787Section5Says) {
  const FilteringCase& row = GetParam();
  use({.filtering = row.filtering});
  ASSERT_TRUE(out(kHost, kPeer));
  const std::expected<NatEndpoint, DropReason> kept_out = Unexpected(DropReason::nat_filtered);
  EXPECT_EQ(in(kPeer, 5000), kHost);
  EXPECT_EQ(in(kSamePeer, 5000), row.same_address ? kHost : kept_out);
  EXPECT_EQ(in(kStranger, 5000), row.stranger ? kHost : kept_out);
  EXPECT_EQ(in(kPeer, 5001), Unexpected(DropReason::nat_no_mapping));
}

INSTANTIATE_TEST_SUITE_P(
    Behaviours, NatFiltering,
    ::testing::Values(FilteringCase{"endpoint_independent", endpoint_independent, true, true},
                      FilteringCase{"address_dependent", address_dependent, true, false},
                      FilteringCase{"address_and_port_dependent", address_and_port_dependent, false,
                                    false}),
    kRowName);

using NatPorts = NatTableTest;

TEST_F(NatPorts, AreKeptWherePossible) {
  EXPECT_EQ(out(kHost, kPeer), (NatEndpoint{kShared, 5000}));
  EXPECT_EQ(out({kHost.address, 7}, kPeer), (NatEndpoint{kShared, 7})) << "RFC 4787 REQ-3 a";
}

TEST_F(NatPorts, AreNeverSharedRfc4787Req3) {
  std::set<NatEndpoint> given;
  for (std::uint8_t host = 2; host < 250; ++host) {
    const auto external = out({Ipv4Address{10, 0, 0, host}, 5000}, kPeer);
    ASSERT_TRUE(external);
    EXPECT_TRUE(given.insert(*external).second) << external->number;
    EXPECT_EQ(external->number % 2, 0) << "RFC 4787 REQ-4";
    EXPECT_GE(external->number, 1024);
  }
}

TEST_F(NatPorts, OfOddParityAreLeftForOddOnes) {
  use({.ports = {6000, 6003}});
  EXPECT_EQ(out(kHost, kPeer)->number % 2, 0);
  EXPECT_EQ(out(kOther, kPeer)->number % 2, 0);
  EXPECT_EQ(out({Ipv4Address{10, 0, 0, 4}, 5000}, kPeer)->number % 2, 1) << "no even one is left";
}

TEST_F(NatPorts, OfAnOddNumberKeepTheirParityWhileThereIsOneRfc4787Req4) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {  // the search begins anywhere
    table = NatTable{{.ports = {6000, 6004}}, Random{seed}};
    for (std::uint8_t host = 2; host < 5; ++host) {
      EXPECT_EQ(out({Ipv4Address{10, 0, 0, host}, 5000}, kPeer)->number % 2, 0) << seed;
    }
    EXPECT_EQ(out({Ipv4Address{10, 0, 0, 5}, 5000}, kPeer)->number % 2, 1) << seed;
  }
}

TEST_F(NatPorts, OfOneAloneServeEitherParity) {
  use({.ports = {1025, 1025}});
  EXPECT_EQ(out(kHost, kPeer)->number, 1025) << "5000 is even";
}

TEST_F(NatPorts, OfSessionsThatAreOverAreTakenBeforeOnesOfTheOtherParity) {
  use({.ports = {6000, 6001}});
  EXPECT_EQ(out(kHost, kPeer)->number, 6000);
  now += 5min;
  EXPECT_EQ(out(kOther, kPeer)->number, 6000);
}

TEST_F(NatPorts, AreInUseUntilTheLastSessionOfTheMappingIsOver) {
  use({.ports = {6000, 6000}});
  ASSERT_TRUE(out(kHost, kPeer));
  now += 4min;
  ASSERT_TRUE(out(kHost, kStranger));
  now += 2min;
  EXPECT_EQ(out(kOther, kPeer), Unexpected(DropReason::nat_exhausted));
  now += 3min;
  EXPECT_EQ(out(kOther, kPeer)->number, 6000);
}

// A search of the range port by port for each of them would take minutes.
TEST_F(NatPorts, AreRefusedAtLittleCostWhenNoneIsFree) {
  use({.limit = 100000});
  for (std::uint32_t port = 1024; port <= 65535; ++port) {
    ASSERT_TRUE(out({kHost.address, static_cast<std::uint16_t>(port)}, kPeer));
  }
  for (int i = 0; i < 10000; ++i) {
    ASSERT_EQ(out(kOther, kPeer), Unexpected(DropReason::nat_exhausted));
  }
}

TEST_F(NatPorts, AreKeptWithinTheRangeOrBelow1024Rfc4787Req3) {
  use({.ports = {6000, 6003}});
  EXPECT_EQ(out({kHost.address, 6003}, kPeer)->number, 6003);
  EXPECT_EQ(out({kHost.address, 500}, kPeer)->number, 500);
  EXPECT_NE(out({kHost.address, 5000}, kPeer)->number, 5000);
}

TEST_F(NatPorts, MayBeGivenInTurn) {
  use({.mapping = address_dependent,
       .ports = {6000, 6002},
       .assignment = PortAssignment::sequential});
  EXPECT_EQ(out(kHost, kPeer)->number, 6000);
  EXPECT_EQ(out(kHost, kStranger)->number, 6001);
  EXPECT_EQ(out(kOther, kPeer)->number, 6002);
  EXPECT_EQ(out(kOther, kStranger), Unexpected(DropReason::nat_exhausted));
}

TEST_F(NatPorts, MayBeRandomAndAreTheSameForTheSameSeed) {
  const NatPolicy policy{.assignment = PortAssignment::random};
  use(policy);
  const auto first = out(kHost, kPeer);
  const auto second = out(kOther, kPeer);
  EXPECT_NE(first->number, 5000);
  EXPECT_NE(second->number, first->number + 1);
  use(policy);
  EXPECT_EQ(out(kHost, kPeer), first);
  EXPECT_EQ(out(kOther, kPeer), second);
}

TEST_F(NatPorts, OfAForwardLeadToItsHostForEverybody) {
  use({.filtering = address_and_port_dependent, .forward = {{kTcp, 80, {kHost.address, 8080}}}});
  EXPECT_EQ(in(kStranger, 80, kTcp), (NatEndpoint{kHost.address, 8080}));
  EXPECT_EQ(in(kStranger, 80, kUdp), Unexpected(DropReason::nat_no_mapping));
  EXPECT_EQ(out({kHost.address, 8080}, kStranger, kTcp), (NatEndpoint{kShared, 80}));
  EXPECT_NE(out({kOther.address, 80}, kStranger, kTcp), (NatEndpoint{kShared, 80})) << "taken";
}

// A peer asks a forward at one of several external addresses.
class NatAsked : public NatTableTest {
 protected:
  static constexpr Ipv4Address kSecond{203, 0, 113, 99};
  static constexpr NatEndpoint kServer{kHost.address, 8080};
  static constexpr NatKey kAnswer{kTcp, kServer, kPeer};

  NatAsked() : NatTableTest({.forward = {{kTcp, 80, kServer}, {kUdp, 80, kServer}}, .limit = 2}) {}
  void ask(Ipv4Address address, NatEndpoint peer = kPeer, std::uint8_t protocol = kTcp) {
    table.note_asked({protocol, {address, 80}, peer}, now);
  }
};

TEST_F(NatAsked, IsAnsweredFromThatAddressWhateverTheWayOut) {
  ask(kSecond);
  EXPECT_EQ(table.find_external(kAnswer, kShared, now), (NatEndpoint{kSecond, 80}));
  EXPECT_EQ(out(kServer, kPeer, kTcp), (NatEndpoint{kSecond, 80}));
  EXPECT_EQ(out(kServer, kPeer, kTcp), (NatEndpoint{kSecond, 80})) << "as long as the session";
  EXPECT_EQ(out(kServer, kStranger, kTcp), (NatEndpoint{kShared, 80})) << "who has not asked";
}

TEST_F(NatAsked, IsAnsweredFromTheAddressItAskedLast) {
  ask(kSecond, kPeer, kUdp);
  ASSERT_TRUE(out(kServer, kPeer, kUdp));
  ask(kShared, kPeer, kUdp);
  EXPECT_EQ(out(kServer, kPeer, kUdp), (NatEndpoint{kShared, 80}));
  ask(kSecond, kPeer, kUdp);
  ask(kShared, kPeer, kUdp);
  EXPECT_EQ(out(kServer, kPeer, kUdp), (NatEndpoint{kShared, 80}));
}

TEST_F(NatAsked, KeepsAConnectionWhateverIsSentToAnotherAddress) {
  ask(kSecond);
  ASSERT_TRUE(out(kServer, kPeer, kTcp, {.syn = true, .ack = true}));
  ask(kShared);
  EXPECT_EQ(out(kServer, kPeer, kTcp, {.ack = true}), (NatEndpoint{kSecond, 80}));
}

TEST_F(NatAsked, IsAnsweredFromThereAgainWhenAConnectionBeginsAnew) {
  ask(kSecond);
  ASSERT_TRUE(out(kServer, kPeer, kTcp, {.rst = true}));
  ask(kSecond);
  ASSERT_TRUE(out(kServer, kPeer, kTcp, {.syn = true, .ack = true}));
  EXPECT_EQ(out(kServer, kPeer, kTcp), (NatEndpoint{kSecond, 80}));
}

TEST_F(NatAsked, IsForgottenWithoutAnAnswer) {
  ask(kSecond);
  now += 4min;
  EXPECT_EQ(out(kServer, kPeer, kTcp), (NatEndpoint{kShared, 80}));
}

TEST_F(NatAsked, TakesNoRoomFromSessionsAndHasAsMuchOfItsOwn) {
  for (std::uint8_t i = 0; i < 100; ++i) ask(kSecond, {Ipv4Address{192, 0, 2, i}, 9});
  EXPECT_EQ(table.size(), 0U);
  EXPECT_EQ(out(kServer, {Ipv4Address{192, 0, 2, 1}, 9}, kTcp)->address, kSecond);
  EXPECT_EQ(out(kServer, {Ipv4Address{192, 0, 2, 2}, 9}, kTcp)->address, kShared);
  now += 4min;
  ask(kSecond);
  EXPECT_EQ(out(kServer, kPeer, kTcp)->address, kSecond) << "there is room again";
}

using NatTimeoutsOf = NatTableTest;

TEST_F(NatTimeoutsOf, UdpAreFiveMinutesRfc4787Req5c) {
  ASSERT_TRUE(out(kHost, kPeer));
  now = kStart + 5min - 1ns;
  EXPECT_EQ(in(kPeer, 5000), kHost);
  now = kStart + 5min;
  EXPECT_EQ(in(kPeer, 5000), Unexpected(DropReason::nat_no_mapping));
}

TEST_F(NatTimeoutsOf, QueriesAreSixtySecondsRfc5508Req2) {
  ASSERT_TRUE(out(kHost, {kPeer.address}, kIcmp));
  now = kStart + 60s - 1ns;
  EXPECT_TRUE(in({kPeer.address}, 5000, kIcmp));
  now = kStart + 60s;
  EXPECT_FALSE(in({kPeer.address}, 5000, kIcmp));
}

TEST_F(NatTimeoutsOf, UdpBeginAnewInBothDirectionsRfc4787Req6) {
  ASSERT_TRUE(out(kHost, kPeer));
  now = kStart + 4min;
  ASSERT_TRUE(out(kHost, kPeer));
  now = kStart + 8min;
  table.note_inward({kUdp, {kShared, 5000}, kPeer}, {}, now);
  now = kStart + 12min;
  EXPECT_EQ(in(kPeer, 5000), kHost);
}

TEST_F(NatTimeoutsOf, UdpAreNotProlongedByStrangers) {
  use({.filtering = endpoint_independent});
  ASSERT_TRUE(out(kHost, kPeer));
  now = kStart + 4min;
  ASSERT_TRUE(in(kStranger, 5000));
  table.note_inward({kUdp, {kShared, 5000}, kStranger}, {}, now);
  now = kStart + 5min;
  EXPECT_FALSE(in(kPeer, 5000));
}

TEST_F(NatTimeoutsOf, LastAsLongAsTheLastSessionOfTheMapping) {
  ASSERT_TRUE(out(kHost, kPeer));
  now = kStart + 4min;
  ASSERT_TRUE(out(kHost, kStranger));
  now = kStart + 6min;
  EXPECT_EQ(in(kStranger, 5000), kHost);
  EXPECT_EQ(in(kPeer, 5000), Unexpected(DropReason::nat_filtered)) << "not sent to for long";
}

struct TcpCase {
  std::string_view name;
  std::vector<std::pair<char, NatTcpFlags>> segments;  // '>' out, '<' in
  Duration lasts;
};
class NatTcpTimeout : public NatTableTest, public ::testing::WithParamInterface<TcpCase> {};

TEST_P(NatTcpTimeout, DependsOnTheStateRfc5382Req5) {
  for (const auto& [direction, flags] : GetParam().segments) {
    if (direction == '>') {
      ASSERT_TRUE(out(kHost, kPeer, kTcp, flags));
    } else {
      table.note_inward({kTcp, {kShared, 5000}, kPeer}, flags, now);
    }
  }
  now = kStart + GetParam().lasts - 1ns;
  EXPECT_TRUE(in(kPeer, 5000, kTcp));
  now = kStart + GetParam().lasts;
  EXPECT_FALSE(in(kPeer, 5000, kTcp));
}

constexpr NatTcpFlags kSyn{.syn = true}, kSynAck{.syn = true, .ack = true}, kAck{.ack = true},
    kFin{.ack = true, .fin = true}, kRst{.rst = true};

INSTANTIATE_TEST_SUITE_P(
    States, NatTcpTimeout,
    ::testing::Values(
        TcpCase{"opening", {{'>', kSyn}}, 4min},
        TcpCase{"refused", {{'>', kSyn}, {'<', kRst}}, 4min},
        TcpCase{"half_open", {{'>', kSyn}, {'<', kSynAck}}, 4min},
        TcpCase{"established", {{'>', kSyn}, {'<', kSynAck}, {'>', kAck}}, 124min},
        TcpCase{"opened_from_outside", {{'>', kSynAck}, {'<', kAck}}, 124min},
        TcpCase{
            "opened_by_both", {{'>', kSyn}, {'<', kSyn}, {'>', kSynAck}, {'<', kSynAck}}, 124min},
        TcpCase{"half_closed", {{'>', kSyn}, {'<', kSynAck}, {'>', kFin}}, 124min},
        TcpCase{
            "closed", {{'>', kSyn}, {'<', kSynAck}, {'>', kFin}, {'<', kFin}, {'>', kAck}}, 4min},
        TcpCase{"reset", {{'>', kSyn}, {'<', kSynAck}, {'>', kAck}, {'<', kRst}}, 4min},
        TcpCase{"opened_again",
                {{'>', kSyn}, {'<', kRst}, {'>', kSyn}, {'<', kSynAck}, {'>', kAck}},
                124min}),
    kRowName);

using NatLimit = NatTableTest;

TEST_F(NatLimit, RefusesAndTakesNobodysPlaceRfc5508Section6) {
  use({.limit = 2});
  ASSERT_TRUE(out(kHost, kPeer));
  ASSERT_TRUE(out(kHost, kStranger));
  EXPECT_EQ(out(kOther, kPeer), Unexpected(DropReason::nat_table_full));
  EXPECT_EQ(in(kPeer, 5000), kHost);
  EXPECT_TRUE(out(kHost, kPeer)) << "a session that is there";
}

TEST_F(NatLimit, CountsNoSessionsThatAreOver) {
  use({.limit = 2});
  ASSERT_TRUE(out(kHost, kPeer));
  now += 1min;
  ASSERT_TRUE(out(kHost, kStranger));
  now = kStart + 5min;
  EXPECT_TRUE(out(kOther, kPeer));
  EXPECT_EQ(table.size(), 2U);
}

TEST_F(NatLimit, KeepsMemoryBoundedWhereSessionsCome) {
  for (int i = 0; i < 10000; ++i) {
    now += 1s;
    const Ipv4Address peer{0xc6336400U + static_cast<std::uint32_t>(i)};
    ASSERT_TRUE(out(kHost, {peer, 53}));
  }
  EXPECT_LE(table.size(), 2U * 300U + 1U) << "300 live at a time";
}

using NatErrorsOf = NatTableTest;

TEST_F(NatErrorsOf, APeerFindWhoSentToIt) {
  ASSERT_TRUE(out(kHost, kPeer));
  EXPECT_EQ(table.find_sender({kUdp, {kShared, 5000}, kPeer}, now), kHost);
  EXPECT_EQ(table.find_sender({kUdp, {kShared, 5000}, kStranger}, now), std::nullopt);
}

TEST_F(NatErrorsOf, TheInsideFindTheMappingAndMakeNone) {
  EXPECT_EQ(table.find_external({kUdp, kHost, kPeer}, kShared, now), std::nullopt);
  ASSERT_TRUE(out(kHost, kPeer));
  EXPECT_EQ(table.find_external({kUdp, kHost, kStranger}, kShared, now),
            (NatEndpoint{kShared, 5000}));
  EXPECT_EQ(table.size(), 1U);
}

using NatChange = NatTableTest;

TEST_F(NatChange, OfWhatIsLetInKeepsMappings) {
  ASSERT_TRUE(out(kHost, kPeer));
  table.change({.filtering = endpoint_independent});
  EXPECT_EQ(in(kStranger, 5000), kHost);
}

TEST_F(NatChange, OfForwardsTakesAndLeavesPorts) {
  use({.ports = {6000, 6001}, .assignment = PortAssignment::sequential});
  ASSERT_EQ(out(kHost, kPeer)->number, 6000);
  NatPolicy policy{.ports = {6000, 6001}, .assignment = PortAssignment::sequential};
  policy.forward = {{kUdp, 6001, {kHost.address, 80}}};
  table.change(policy);
  EXPECT_EQ(out(kOther, kPeer), Unexpected(DropReason::nat_exhausted));
  policy.forward.clear();
  table.change(policy);
  EXPECT_EQ(out(kOther, kPeer)->number, 6001);
}

TEST_F(NatChange, OfPortsBeginsAnew) {
  ASSERT_TRUE(out(kHost, kPeer));
  table.change({.ports = {7000, 7000}, .assignment = PortAssignment::sequential});
  EXPECT_EQ(in(kPeer, 5000), Unexpected(DropReason::nat_no_mapping));
  EXPECT_EQ(out(kHost, kPeer)->number, 7000);
}

}  // namespace
}  // namespace hop
