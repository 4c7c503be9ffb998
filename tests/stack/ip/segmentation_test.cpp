// Super-packets are cut as their sender would have cut them: RFC 9293 section 3.1 for the fields of
// TCP, RFC 768 for those of UDP, RFC 3168 section 6.1.2 for CWR.

#include "stack/ip/segmentation.hpp"

#include <gmock/gmock.h>

#include "stack/base/random.hpp"
#include "tests/stack/ip/cut.hpp"
#include "tests/support/hex_literal.hpp"
#include "tests/support/super_packet.hpp"

namespace hop {
namespace {

using namespace testing::literals;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using testing::ip;
using testing::kAck;
using testing::kFin;
using testing::Sender;
using Wire = testing::Packet;

constexpr std::uint8_t kPsh = 0x08;
constexpr std::uint8_t kCwr = 0x80;

class Segmentation : public ::testing::Test {
 protected:
  std::vector<Wire> taken_apart(Bytes bytes, std::size_t segment_size) {
    Packet packet = pool_.copy_of(bytes);
    EXPECT_TRUE(note_offload(packet, segment_size));
    std::vector<Wire> all;
    take_apart(std::move(packet), pool_, [&](const Packet& one) {
      EXPECT_FALSE(one.has_offload());
      all.emplace_back(one.bytes());
    });
    return all;
  }

  PacketPool pool_;
};

// Cutting would mend what every router drops.
TEST_F(Segmentation, IsNotForDamagedHeaders) {
  Wire super_packet = Sender{.is_tcp = false}.super_packet(std::vector<std::byte>(3000));
  Packet packet = pool_.copy_of(super_packet);
  packet.bytes()[10] ^= std::byte{1};
  EXPECT_FALSE(note_offload(packet, 1000));
  EXPECT_FALSE(packet.has_offload());
}

TEST_F(Segmentation, DoesNotMakeAnyNumberOfPackets) {
  const Wire super_packet = Sender{.is_tcp = false}.super_packet(std::vector<std::byte>(2049));
  Packet packet = pool_.copy_of(super_packet);
  EXPECT_FALSE(note_offload(packet, 1));
  EXPECT_EQ(taken_apart(super_packet, 2).size(), 1025U);
}

// Two segments of 8 and 2 octets by hand, from 192.0.2.1 to 192.0.2.2: Identification 0xffff and 0;
// CWR in the first, FIN and PSH in the last.
TEST_F(Segmentation, CutsTcpOctetByOctet) {
  const auto super_packet =
      "45 00 00 32 ff ff 40 00 40 06 b6 c2 c0 00 02 01 c0 00 02 02"
      "13 88 14 51 ff ff ff fc 00 00 00 07 50 99 00 40 84 28 00 00"
      "01 02 03 04 05 06 07 08 09 0a"_bytes;
  EXPECT_THAT(
      taken_apart(super_packet, 8),
      ElementsAre(Wire{"45 00 00 30 ff ff 40 00 40 06 b6 c4 c0 00 02 01 c0 00 02 02"
                       "13 88 14 51 ff ff ff fc 00 00 00 07 50 90 00 40 f3 17 00 00"
                       "01 02 03 04 05 06 07 08"_bytes},
                  Wire{"45 00 00 2a 00 00 40 00 40 06 b6 ca c0 00 02 01 c0 00 02 02"
                       "13 88 14 51 00 00 00 04 00 00 00 07 50 19 00 40 fa 97 00 00 09 0a"_bytes}));
}

TEST_F(Segmentation, CutsTcpAsAPlainSenderSends) {
  const auto data = pattern(3000);
  Sender sender{.header = ip().df().ttl(17).tos(2), .id = 0xfffe};
  sender.tcp = {.sport = 1,
                .dport = 2,
                .seq = 0xfffffc00,
                .ack = 5,
                .flags = kAck | kFin | kPsh | kCwr,
                .window = 9};
  EXPECT_THAT(taken_apart(sender.super_packet(data), 1000),
              ElementsAreArray(sender.plain(data, 1000)));
}

TEST_F(Segmentation, CutsUdpAsAPlainSenderSends) {
  const auto data = pattern(2500);
  const Sender sender{.header = ip(), .is_tcp = false};
  EXPECT_THAT(taken_apart(sender.super_packet(data), 1200),
              ElementsAreArray(sender.plain(data, 1200)));
}

TEST_F(Segmentation, RepeatsTheOptionsOfIp) {
  const auto data = pattern(100);
  const Sender sender{.header = ip().options({7, 7, 4, 0, 0, 0, 0})};
  EXPECT_THAT(taken_apart(sender.super_packet(data), 33), ElementsAreArray(sender.plain(data, 33)));
}

TEST_F(Segmentation, CutsAnythingAsAPlainSenderSends) {
  Random random{20'261'130};
  for (int i = 0; i < 200; ++i) {
    auto data = pattern(1 + random.below(i < 190 ? 3000 : 60'000));
    for (std::byte& byte : data) byte = static_cast<std::byte>(random.next());
    const auto flags = static_cast<std::uint8_t>(random.next());
    Sender sender{.header = ip().ttl(static_cast<std::uint8_t>(random.next())),
                  .id = static_cast<std::uint16_t>(random.next()),
                  .is_tcp = random.below(2) == 0};
    sender.tcp = {.seq = static_cast<std::uint32_t>(random.next()), .flags = flags};
    const std::size_t size = 1 + random.below(static_cast<std::uint32_t>(data.size() + 5));
    ASSERT_THAT(taken_apart(sender.super_packet(data), size),
                ElementsAreArray(sender.plain(data, size)));
  }
}

TEST_F(Segmentation, CompletesAChecksumAlone) {
  const auto data = pattern(77);
  for (const bool is_tcp : {true, false}) {
    const Sender sender{.is_tcp = is_tcp};
    EXPECT_THAT(taken_apart(sender.super_packet(data), 0),
                ElementsAreArray(sender.plain(data, 77)));
  }
}

// RFC 768: 0 would say that there is none. The datagram is such that the sum of the rest is 0xffff.
TEST_F(Segmentation, AUdpChecksumOfZeroIsSentAsAllOnes) {
  const Sender sender{.is_tcp = false, .sport = 0, .dport = 0};
  const Wire without = sender.plain("00 00"_bytes, 2).front();
  const std::array<std::byte, 2> data{without.bytes()[26], without.bytes()[27]};
  const auto done = taken_apart(sender.super_packet(data), 0);
  EXPECT_EQ(load_be<std::uint16_t>(done.front().bytes(), 26), 0xffff);
}

// A sum that is wrong stays wrong: it is not made good on the way.
TEST_F(Segmentation, AWrongSumStaysWrong) {
  const auto data = pattern(300);
  const Sender sender;
  Wire wrong = sender.super_packet(data);
  wrong = testing::patched(wrong, 37, byte_at(wrong.bytes(), 37) ^ 1U);
  const auto plain = sender.plain(data, 100);
  const auto cut = taken_apart(wrong, 100);
  ASSERT_EQ(cut.size(), plain.size());
  for (std::size_t i = 0; i < cut.size(); ++i) EXPECT_NE(cut[i], plain[i]);
}

TEST_F(Segmentation, SaysWhatASuperPacketStandsFor) {
  Packet packet = pool_.copy_of(Sender{}.super_packet(pattern(2500)));
  EXPECT_EQ(packet.packets(), 1U);
  ASSERT_TRUE(note_offload(packet, 1000));
  EXPECT_EQ(packet.offload(), (Packet::Offload{.headers = 40, .segment_size = 1000, .packets = 3}));
}

// Of what a kernel could say nonsense is not believed; the packet is as it is.
TEST_F(Segmentation, WhatIsNoSegmentHasNoOffload) {
  const Wire good = Sender{}.super_packet(pattern(100));
  const Wire udp = Sender{.is_tcp = false}.super_packet(pattern(4));
  const std::array wrong{
      Wire{},
      good.truncated(19),
      good.truncated(100),      // shorter than its total length
      good.padded(1),           // longer
      patched(good, 0, 0x65),   // version 6
      patched(good, 6, 0x20),   // a fragment
      patched(good, 9, 1),      // neither TCP nor UDP
      patched(good, 32, 0x40),  // a TCP header of 16 octets
      good.truncated(39).with_total_length(39),
      good.truncated(52).with_total_length(52).with_ihl(15),
      patched(good.truncated(50).with_total_length(50), 32, 0xf0),
      udp.truncated(27).with_total_length(27),
  };
  for (const Wire& bytes : wrong) {
    Packet packet = pool_.copy_of(bytes);
    EXPECT_FALSE(note_offload(packet, 10)) << bytes;
    EXPECT_FALSE(packet.has_offload());
  }
}

TEST_F(Segmentation, ASegmentWithoutDataIsOnePacket) {
  const Wire ack = Sender{}.super_packet(pattern(10)).truncated(40).with_total_length(40);
  for (const std::size_t size : {0U, 1U, 1460U}) {
    Packet packet = pool_.copy_of(ack);
    ASSERT_TRUE(note_offload(packet, size));
    EXPECT_EQ(packet.packets(), 1U);
  }
}

}  // namespace
}  // namespace hop
