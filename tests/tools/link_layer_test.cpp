// Which bytes of a frame are the IP packet, for each link type a capture may have.

#include "tools/replay/link_layer.hpp"

#include <gtest/gtest.h>
#include <pcap/pcap.h>

#include <string>
#include <vector>

namespace hop {
namespace {

using Frame = std::vector<std::uint8_t>;

/// The marker that stands for an IP packet.
constexpr std::uint8_t kMarker[] = {0x45, 0x99};

Frame frame_of(Frame header) {
  header.insert(header.end(), std::begin(kMarker), std::end(kMarker));
  return header;
}

struct LinkCase {
  std::string name;
  int type;
  Frame header;  // in front of the marker
};

class LinkLayers : public testing::TestWithParam<LinkCase> {};

TEST_P(LinkLayers, AreTakenOff) {
  const Frame frame = frame_of(GetParam().header);
  const auto packet = packet_in(GetParam().type, std::as_bytes(std::span{frame}));
  ASSERT_TRUE(packet) << packet.error().reason;
  ASSERT_EQ(packet->size(), sizeof kMarker);
  EXPECT_EQ(byte_at(*packet, 0), kMarker[0]);
  EXPECT_EQ(byte_at(*packet, 1), kMarker[1]);
}

TEST_P(LinkLayers, ThatAreCutShortAreUnreadable) {
  Frame frame = GetParam().header;
  if (frame.empty()) GTEST_SUCCEED() << "raw IP has no header that could be cut";
  for (; !frame.empty(); frame.pop_back()) {
    const auto packet =
        packet_in(GetParam().type, std::as_bytes(std::span{frame}.first(frame.size() - 1)));
    ASSERT_FALSE(packet);
    EXPECT_EQ(packet.error().kind, NoPacket::Kind::unreadable);
  }
}

const Frame kMacs = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2};

Frame ethernet(const Frame& rest) {
  Frame header = kMacs;
  header.insert(header.end(), rest.begin(), rest.end());
  return header;
}

INSTANTIATE_TEST_SUITE_P(
    Table, LinkLayers,
    testing::Values(
        LinkCase{"raw", DLT_RAW, {}}, LinkCase{"raw_as_in_a_file", 101, {}},
        LinkCase{"ipv4", DLT_IPV4, {}}, LinkCase{"ethernet", DLT_EN10MB, ethernet({8, 0})},
        LinkCase{"vlan", DLT_EN10MB, ethernet({0x81, 0, 0, 5, 8, 0})},
        LinkCase{"q_in_q", DLT_EN10MB, ethernet({0x88, 0xa8, 0, 5, 0x81, 0, 0, 6, 8, 0})},
        LinkCase{"sll", DLT_LINUX_SLL, {0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, 8, 0}},
        LinkCase{
            "sll2", DLT_LINUX_SLL2, {8, 0, 0, 0, 0, 0, 0, 3, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0}},
        LinkCase{"null_little_endian", DLT_NULL, {2, 0, 0, 0}},
        LinkCase{"null_big_endian", DLT_NULL, {0, 0, 0, 2}},
        LinkCase{"loop", DLT_LOOP, {0, 0, 0, 2}}),
    [](const testing::TestParamInfo<LinkCase>& test) { return test.param.name; });

struct OtherCase {
  std::string name;
  int type;
  Frame frame;
  NoPacket::Kind kind;
  std::string reason;
};

class OtherFrames : public testing::TestWithParam<OtherCase> {};

TEST_P(OtherFrames, SayWhatTheyAre) {
  const OtherCase& other = GetParam();
  const auto packet = packet_in(other.type, std::as_bytes(std::span{other.frame}));
  ASSERT_FALSE(packet);
  EXPECT_EQ(packet.error().kind, other.kind);
  EXPECT_EQ(packet.error().reason, other.reason);
}

INSTANTIATE_TEST_SUITE_P(
    Table, OtherFrames,
    testing::Values(
        OtherCase{"arp", DLT_EN10MB, ethernet({8, 6}), NoPacket::Kind::other_protocol,
                  "EtherType 0x0806, not IPv4"},
        OtherCase{"ipv6_in_vlan", DLT_EN10MB, ethernet({0x81, 0, 0, 5, 0x86, 0xdd}),
                  NoPacket::Kind::other_protocol, "EtherType 0x86dd, not IPv4"},
        OtherCase{"null_ipv6",
                  DLT_NULL,
                  {0, 0, 0, 10},
                  NoPacket::Kind::other_protocol,
                  "address family 0x000a, not IPv4"},
        OtherCase{"short",
                  DLT_EN10MB,
                  {1, 2, 3},
                  NoPacket::Kind::unreadable,
                  "it is too short for Ethernet"},
        OtherCase{"wifi",
                  DLT_IEEE802_11,
                  {1, 2, 3},
                  NoPacket::Kind::unreadable,
                  "its link type IEEE802_11 is not supported (raw IP, Ethernet, Linux cooked and "
                  "loopback are)"}),
    [](const testing::TestParamInfo<OtherCase>& test) { return test.param.name; });

}  // namespace
}  // namespace hop
