// Extended echo messages (RFC 8335 sections 2 to 4), with bytes by hand.

#include "stack/icmp/extended_echo.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/stack/icmp/case_name.hpp"
#include "tests/support/hex_literal.hpp"
#include "tests/support/packet_dsl.hpp"

namespace hop {
namespace {

using namespace testing::literals;
using testing::icmp;
using Memory = std::vector<std::byte>;

template <std::size_t n>
Memory memory(const std::array<std::byte, n>& bytes) {
  return {bytes.begin(), bytes.end()};
}

/// What a request asks, in words.
std::string asked(std::uint32_t rest, const Memory& data) {
  const Memory message = icmp(42, 0, rest, data).encode(0, 0, 1);
  const InterfaceQuery query = read_interface_query(IcmpView::parse(message).value());
  const std::string where = query.local ? "local " : "remote ";
  if (!query.what) return where + "malformed";
  if (const auto* const by = std::get_if<InterfaceByName>(&*query.what)) {
    return where + std::string{by->name};
  }
  if (const auto* const by = std::get_if<InterfaceByIndex>(&*query.what)) {
    return where + std::to_string(by->index);
  }
  return where + "address";
}

TEST(InterfaceQuery, IsReadAsRfc8335Section2) {
  const Memory name = memory("20 00 0f 51 00 08 03 01 65 74 68 31"_bytes);
  const Memory index = memory("20 00 dc f3 00 08 03 02 00 00 00 02"_bytes);
  EXPECT_EQ(asked(0x12340501, name), "local eth1");
  EXPECT_EQ(asked(0x12340500, name), "remote eth1");
  EXPECT_EQ(asked(0x123405ff, index), "local 2");  // reserved bits are ignored
  EXPECT_EQ(asked(0x123405fe, index), "remote 2");
  EXPECT_EQ(asked(0, memory("20 00 cc ed 00 0c 03 03 00 01 04 00 0a 00 02 02"_bytes)),
            "remote address");
}

TEST(InterfaceQuery, WithoutExactlyOneIdentificationIsMalformed) {
  EXPECT_EQ(asked(1, {}), "local malformed");
  EXPECT_EQ(asked(1, memory("20 00 df ff"_bytes)), "local malformed");
  EXPECT_EQ(asked(1, memory("20 00 0f 52 00 08 03 01 65 74 68 31"_bytes)), "local malformed");
  EXPECT_EQ(asked(0, memory("20 00 00 00 00 08 03 02 00 00 00 02 00 08 03 02 00 00 00 02"_bytes)),
            "remote malformed");
  EXPECT_EQ(asked(1, memory("20 00 00 00 00 08 03 04 00 00 00 02"_bytes)), "local malformed");
  EXPECT_EQ(asked(1, memory("20 00 9a 0d 00 08 01 01 03 e8 41 01"_bytes)), "local malformed");
  // Objects of other classes are ignored (RFC 4884 section 7).
  EXPECT_EQ(asked(1, memory("20 00 00 00 00 04 ff 01 00 08 03 02 00 00 00 02"_bytes)), "local 2");
}

struct ReplyCase {
  std::string_view name;
  InterfaceStatus status;
  std::uint8_t code;
  std::uint32_t low_byte;
};
std::ostream& operator<<(std::ostream& out, const ReplyCase& row) { return out << row.name; }

class ExtendedEchoReply : public ::testing::TestWithParam<ReplyCase> {};

TEST_P(ExtendedEchoReply, FollowsRfc8335Section3) {
  const Memory message = icmp(42, 0, 0xabcd07ff).encode(0, 0, 1);
  const IcmpMessage reply =
      extended_echo_reply(IcmpView::parse(message).value(), GetParam().status);
  EXPECT_EQ(reply.type, IcmpType::extended_echo_reply);
  EXPECT_EQ(reply.code, GetParam().code);
  EXPECT_EQ(reply.rest, 0xabcd0700U | GetParam().low_byte);
}

using enum ExtendedEchoCode;
INSTANTIATE_TEST_SUITE_P(
    Table, ExtendedEchoReply,
    ::testing::Values(ReplyCase{"Active", {.active = true, .ipv4 = true}, 0, 0x06},
                      ReplyCase{
                          "ActiveBoth", {.active = true, .ipv4 = true, .ipv6 = true}, 0, 0x07},
                      ReplyCase{"Inactive", {}, 0, 0x00},
                      ReplyCase{"Incomplete", {.state = NeighbourState::incomplete}, 0, 0x20},
                      ReplyCase{"Reachable", {.state = NeighbourState::reachable}, 0, 0x40},
                      ReplyCase{"Stale", {.state = NeighbourState::stale}, 0, 0x60},
                      ReplyCase{"Delay", {.state = NeighbourState::delay}, 0, 0x80},
                      ReplyCase{"Probe", {.state = NeighbourState::probe}, 0, 0xa0},
                      ReplyCase{"Failed", {.state = NeighbourState::failed}, 0, 0xc0},
                      ReplyCase{"Malformed", {.code = malformed_query}, 1, 0},
                      ReplyCase{"NoInterface", {.code = no_such_interface}, 2, 0},
                      ReplyCase{"NoEntry", {.code = no_such_table_entry}, 3, 0},
                      ReplyCase{"Several", {.code = multiple_interfaces}, 4, 0}),
    kCaseName);

TEST(MayAsk, WantsTheSourceInBothLists) {
  const Prefix inside{Ipv4Address{10, 0, 0, 0}, 8};
  const Ipv4Address friendly{10, 1, 2, 3};
  const Ipv4Address stranger{192, 0, 2, 1};
  const InterfaceQuery by_name{.local = true, .what = InterfaceByName{"eth0"}};
  const InterfaceQuery by_index{.local = true, .what = InterfaceByIndex{1}};
  const InterfaceQuery by_address{.local = false,
                                  .what = InterfaceByAddress{AddressFamily::ipv4, {}}};
  const InterfaceQuery malformed{.local = true, .what = {}};

  // RFC 8335 section 8: all types are disabled by default, and so is a clear L bit.
  EXPECT_FALSE(may_ask({}, friendly, by_name));
  EXPECT_FALSE(may_ask({}, friendly, malformed));
  const ExtendedEchoPolicy names{.by_name = {inside}};
  EXPECT_TRUE(may_ask(names, friendly, by_name));
  EXPECT_TRUE(may_ask(names, friendly, malformed));
  EXPECT_FALSE(may_ask(names, stranger, by_name));
  EXPECT_FALSE(may_ask(names, stranger, malformed));
  EXPECT_FALSE(may_ask(names, friendly, by_index));
  EXPECT_TRUE(may_ask({.by_index = {inside}}, friendly, by_index));
  EXPECT_FALSE(may_ask({.local = {}, .by_index = {inside}}, friendly, by_index));
  EXPECT_FALSE(may_ask({.by_address = {inside}}, friendly, by_address));
  EXPECT_TRUE(may_ask({.remote = {inside}, .by_address = {inside}}, friendly, by_address));
}

}  // namespace
}  // namespace hop
