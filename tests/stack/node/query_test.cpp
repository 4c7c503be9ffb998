// Queries that are answered only when the policy says so: information (RFC 792) and address mask
// (RFC 950), both deprecated by RFC 6918.

#include <gmock/gmock.h>

#include "tests/stack/node/bench.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using ::testing::AllOf;
using testing::Dst;
using testing::icmp;
using testing::IcmpIs;
using testing::ip;
using ::testing::IsEmpty;
using testing::Src;
using testing::ValidChecksums;

NodeConfig legacy() { return with_policy(IcmpPolicy::of(Profile::legacy)); }

std::vector<std::byte> encoded(const testing::Layer& layer) { return layer.encode(0, 0, 1); }

TEST(InformationRequest, IsAnsweredInTheProfileLegacy) {
  Bench bench{legacy()};
  EXPECT_EQ(bench.receive(to_router().tos(0x10) / icmp(15, 0, 0x00090003)), kAnswered);
  bench.expect_counted(kAnswered);
  EXPECT_EQ(payload_of(bench.answer()), encoded(icmp(16, 0, 0x00090003)));
  EXPECT_THAT(bench.answer(), AllOf(Src("10.0.1.1"), Dst("10.0.1.2"), testing::Tos(0x10)));
}

TEST(AddressMaskRequest, IsAnsweredWithTheMaskOfTheSubnetItCameFrom) {
  Bench bench{legacy()};
  EXPECT_EQ(bench.receive(to_router() / icmp(17, 0, 0x00090003, counting(4))), kAnswered);
  const auto mask = std::to_array({std::byte{255}, std::byte{255}, std::byte{255}, std::byte{0}});
  EXPECT_EQ(payload_of(bench.answer()), encoded(icmp(18, 0, 0x00090003, Bytes{mask})));
  EXPECT_THAT(bench.answer(), AllOf(Src("10.0.1.1"), Dst("10.0.1.2"), ValidChecksums()));
  EXPECT_EQ(bench.counters().icmp_out(IcmpType::address_mask_reply), 1U);
}

// RFC 950 appendix I: a host broadcasts its request, and has no address perhaps.
TEST(AddressMaskRequest, ByBroadcastIsAnsweredToItsSender) {
  for (const char* to : {"255.255.255.255", "10.0.1.255"}) {
    Bench bench{legacy()};
    EXPECT_EQ(bench.receive(ip().src("10.0.1.2").dst(to) / icmp(17, 0, 0x00090003, counting(4))),
              kAnswered);
    EXPECT_THAT(bench.answer(), AllOf(Src("10.0.1.1"), Dst("10.0.1.2"), ValidChecksums())) << to;
  }
}

TEST(AddressMaskRequest, OfAHostWithoutAnAddressIsAnsweredByBroadcast) {
  for (const char* to : {"255.255.255.255", "10.0.1.255", "10.0.1.1"}) {
    Bench bench{legacy()};
    EXPECT_EQ(bench.receive(ip().src("0.0.0.0").dst(to) / icmp(17, 0, 0x00090003, counting(4))),
              kAnswered);
    EXPECT_THAT(bench.answer(), AllOf(Src("10.0.1.1"), Dst("10.0.1.255"), ValidChecksums())) << to;
    EXPECT_EQ(bench.sent().front().to, kLinkBroadcast) << to;
  }
}

// RFC 1812 section 4.3.3.9: MUST NOT where several subnets on the link have masks that differ.
TEST(AddressMaskRequest, OfAHostWithoutAnAddressIsNotAnsweredWhereMasksDiffer) {
  const auto request = ip().src("0.0.0.0").dst("255.255.255.255") / icmp(17, 0, 0, counting(4));
  const Neighbours nobody;
  for (const unsigned length : {24U, 25U}) {
    Bench bench{legacy()};
    const InterfaceIndex in =
        bench.node.add_interface({.address = {Ipv4Address{10, 0, 7, 1}, 24},
                                  .neighbours = &nobody,
                                  .queue = {},
                                  .secondary = {{Ipv4Address{10, 0, 8, 1}, length}}});
    EXPECT_EQ(bench.receive(request, in),
              length == 24 ? kAnswered : dropped(DropReason::reply_not_routable));
  }
}

TEST(AddressMaskRequest, OfAHostWithoutAnAddressIsAMartianElsewhere) {
  Bench silent;
  EXPECT_EQ(silent.receive(ip().src("0.0.0.0").dst("255.255.255.255") / icmp(17, 0, 0, counting(4)))
                .action,
            Action::dropped);
  Bench bench{legacy()};
  for (const auto& packet : {ip().src("0.0.0.0").dst("10.0.2.9") / icmp(17, 0, 0, counting(4)),
                             ip().src("0.0.0.0").dst("10.0.1.1") / icmp(8, 0, 0, counting(4))}) {
    EXPECT_EQ(bench.receive(packet).action, Action::dropped);
  }
  EXPECT_THAT(bench.sent(), IsEmpty());
}

TEST(AddressMaskRequest, WithoutRoomForTheMaskIsDroppedInSilence) {
  for (std::size_t size = 0; size < 4; ++size) {
    Bench bench{legacy()};
    EXPECT_EQ(bench.receive(to_router() / icmp(17, 0, 0, counting(size))),
              dropped(DropReason::icmp_truncated));
    EXPECT_THAT(bench.sent(), IsEmpty()) << size;
  }
}

TEST(Queries, AreAnsweredAsThePolicySays) {
  IcmpPolicy policy;
  policy.answers.reset();
  policy.answers.set(15);
  for (const auto& [type, answered] :
       {std::pair{8, false}, std::pair{13, false}, std::pair{15, true}, std::pair{17, false}}) {
    Bench bench{with_policy(policy)};
    const auto query = to_router() / icmp(static_cast<std::uint8_t>(type), 0, 0, counting(12));
    EXPECT_EQ(bench.receive(query), answered ? kAnswered : dropped(DropReason::icmp_not_answered))
        << type;
  }
}

TEST(Replies, ToQueriesNobodySentAreDroppedInSilence) {
  // RFC 1812 section 4.3.3.9: a router MUST NOT take a mask from a reply.
  for (const std::uint8_t type : std::to_array<std::uint8_t>({16, 18})) {
    Bench bench{legacy()};
    EXPECT_EQ(bench.receive(to_router() / icmp(type, 0, 0, counting(4))).action, Action::dropped);
    EXPECT_THAT(bench.sent(), IsEmpty());
  }
}

}  // namespace
}  // namespace hop
