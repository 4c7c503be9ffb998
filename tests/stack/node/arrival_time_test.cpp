// The timestamp option at both ends of the way: RFC 1812 section 4.2.2.1 (e), RFC 1122 section
// 3.2.1.8 (e). And record route where the way begins.

#include <gmock/gmock.h>

#include <ostream>
#include <string_view>
#include <vector>

#include "tests/stack/node/bench.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using testing::ip;

using OptionBytes = std::vector<std::uint8_t>;

Bytes as_span(const OptionBytes& bytes) { return std::as_bytes(std::span{bytes}); }

/// Keeps the packets it gets.
class Keeper : public Endpoint {
 public:
  void receive(const Delivery& delivery, Node& /*node*/, Outbox& /*out*/) override {
    const Bytes bytes = delivery.ip.bytes();
    packets.emplace_back(bytes);
  }
  bool error(const ErrorDelivery& /*delivery*/, Node& /*node*/, Outbox& /*out*/) override {
    return true;
  }
  std::vector<Wire> packets;
};

struct ArrivalCase {
  std::string_view name;
  OptionBytes sent, delivered;
};
std::ostream& operator<<(std::ostream& out, const ArrivalCase& row) { return out << row.name; }

class ArrivalTime : public ::testing::TestWithParam<ArrivalCase> {};

TEST_P(ArrivalTime, IsAddedBeforeAnEndpointGetsThePacket) {
  Bench bench;
  Keeper udp, ping;
  bench.node.bind({17, 9}, udp);
  bench.node.bind({1, 7}, ping);
  const auto with = [](const OptionBytes& options) {
    return to_router().options(as_span(options));
  };
  EXPECT_EQ(bench.receive(with(GetParam().sent) / testing::udp(1, 9, "data")), kDelivered);
  EXPECT_EQ(bench.receive(with(GetParam().sent) / testing::icmp_echo_reply({.id = 7}, "data")),
            kDelivered);
  EXPECT_THAT(udp.packets,
              ::testing::ElementsAre(with(GetParam().delivered) / testing::udp(1, 9, "data")));
  EXPECT_THAT(ping.packets, ::testing::ElementsAre(with(GetParam().delivered) /
                                                   testing::icmp_echo_reply({.id = 7}, "data")));
}

INSTANTIATE_TEST_SUITE_P(
    Table, ArrivalTime,
    ::testing::Values(
        ArrivalCase{"TimestampsOnly", {68, 8, 5, 0, 0, 0, 0, 0}, {68, 8, 9, 0, 0, 0, 0, kNowOfDay}},
        ArrivalCase{"WithAddress",
                    {68, 12, 5, 1, 0, 0, 0, 0, 0, 0, 0, 0},
                    {68, 12, 13, 1, 10, 0, 1, 1, 0, 0, 0, kNowOfDay}},
        ArrivalCase{"PrespecifiedAddressOfOurs",
                    {68, 12, 5, 3, 10, 0, 2, 1, 0, 0, 0, 0},
                    {68, 12, 13, 3, 10, 0, 2, 1, 0, 0, 0, kNowOfDay}},
        ArrivalCase{"PrespecifiedAddressOfAnother",
                    {68, 12, 5, 3, 10, 0, 2, 9, 0, 0, 0, 0},
                    {68, 12, 5, 3, 10, 0, 2, 9, 0, 0, 0, 0}},
        ArrivalCase{"WithoutSpaceTheOverflowIsCounted",
                    {68, 8, 9, 0x10, 1, 2, 3, 4},
                    {68, 8, 9, 0x20, 1, 2, 3, 4}},
        // Only routers record the route, as they send a packet on.
        ArrivalCase{"RecordRouteIsNot", {7, 7, 4, 0, 0, 0, 0}, {7, 7, 4, 0, 0, 0, 0}}),
    kCaseName);

// RFC 1812 section 4.3.2.3: as received.
TEST(ArrivalTime, IsNotInTheQuoteOfAnError) {
  Bench bench;
  const Wire packet = to_router().options({68, 8, 5, 0, 0, 0, 0, 0}) / testing::udp(1, 9, "data");
  EXPECT_EQ(bench.receive(packet), dropped(DropReason::port_unreachable));
  EXPECT_THAT(bench.answer(), testing::Quotes(packet));
}

class DepartureTime : public ::testing::TestWithParam<ArrivalCase> {};

TEST_P(DepartureTime, IsRecordedInWhatWeSendOurselves) {
  Bench bench;
  Outbox out;
  Wire padded = ip().options(as_span(GetParam().sent)) / testing::raw();
  ASSERT_TRUE(bench.node.send_udp(
      {.destination = {192, 0, 2, 9}, .options = padded.bytes().subspan(20), .now = kNow}, 1, 9, {},
      out));
  bench.collect(out);
  const Wire expected = ip().options(as_span(GetParam().delivered)) / testing::raw();
  EXPECT_THAT(bench.answer().bytes().subspan(20, expected.size() - 20),
              ::testing::ElementsAreArray(expected.bytes().subspan(20)));
  EXPECT_THAT(bench.answer(), testing::ValidChecksums());
}

INSTANTIATE_TEST_SUITE_P(
    Table, DepartureTime,
    ::testing::Values(
        ArrivalCase{"TimestampsOnly",
                    {68, 12, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0},
                    {68, 12, 9, 0, 0, 0, 0, kNowOfDay, 0, 0, 0, 0}},
        ArrivalCase{"WithAddress",
                    {68, 12, 5, 1, 0, 0, 0, 0, 0, 0, 0, 0},
                    {68, 12, 13, 1, 10, 0, 2, 1, 0, 0, 0, kNowOfDay}},
        ArrivalCase{"PrespecifiedAddressOfTheInterface",
                    {68, 12, 5, 3, 10, 0, 2, 1, 0, 0, 0, 0},
                    {68, 12, 13, 3, 10, 0, 2, 1, 0, 0, 0, kNowOfDay}},
        ArrivalCase{"PrespecifiedAddressOfAnotherInterface",
                    {68, 12, 5, 3, 10, 0, 1, 1, 0, 0, 0, 0},
                    {68, 12, 5, 3, 10, 0, 1, 1, 0, 0, 0, 0}},
        ArrivalCase{
            "RecordRoute", {7, 11, 4, 0, 0, 0, 0, 0, 0, 0, 0}, {7, 11, 8, 10, 0, 2, 1, 0, 0, 0, 0}},
        ArrivalCase{"WrongOnesAsTheyAre", {7, 7, 3, 0, 0, 0, 0}, {7, 7, 3, 0, 0, 0, 0}}),
    kCaseName);

}  // namespace
}  // namespace hop
