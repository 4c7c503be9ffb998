// The header in front of packets, against bytes by hand: VIRTIO 1.2 section 5.1.6.

#include "tun/virtio_header.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <vector>

#include "stack/base/random.hpp"
#include "stack/ip/segmentation.hpp"
#include "tests/support/super_packet.hpp"

namespace hop::test {
namespace {

using ::testing::ElementsAreArray;
using testing::kAck;
using testing::Sender;
using Wire = testing::Packet;

// linux/virtio_net.h.
constexpr unsigned kNeedsChecksum = 1, kTcp4 = 1, kUdp = 3, kUdpL4 = 5, kTcp6 = 4, kEcn = 0x80;

struct Header {
  unsigned flags = kNeedsChecksum, gso_type = 0, hdr_len = 0, gso_size = 0, csum_start = 20,
           csum_offset = 16;
};

std::vector<std::byte> bytes_of(const Header& header) {
  std::vector<std::byte> bytes{static_cast<std::byte>(header.flags),
                               static_cast<std::byte>(header.gso_type)};
  for (const unsigned field :
       {header.hdr_len, header.gso_size, header.csum_start, header.csum_offset}) {
    const auto value = static_cast<std::uint16_t>(field);  // in the byte order of the machine
    std::array<std::byte, 2> raw{};
    std::memcpy(raw.data(), &value, raw.size());
    bytes.insert(bytes.end(), raw.begin(), raw.end());
  }
  return bytes;
}

std::vector<std::byte> counting(std::size_t size) {
  std::vector<std::byte> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i);
  return bytes;
}

class VirtioHeaderTest : public ::testing::Test {
 protected:
  Packet read(const Header& header, Bytes packet) {
    std::vector<std::byte> frame = bytes_of(header);
    frame.insert(frame.end(), packet.begin(), packet.end());
    Packet result = pool_.copy_of(frame);
    take_virtio_header(result);
    return result;
  }
  // The same is written as was read?
  void expect_round_trip(const Header& header, const Wire& wire) {
    Packet packet = read(header, wire);
    EXPECT_TRUE(packet.has_offload());
    EXPECT_THAT(packet.bytes(), ElementsAreArray(wire.bytes()));
    put_virtio_header(packet);
    std::vector<std::byte> frame = bytes_of(header);
    frame.insert(frame.end(), wire.bytes().begin(), wire.bytes().end());
    EXPECT_THAT(packet.bytes(), ElementsAreArray(frame));
  }

  PacketPool pool_;
  const Wire tcp_ = Sender{.tcp = {.flags = kAck}}.super_packet(counting(3000));
  const Wire udp_ = Sender{.is_tcp = false}.super_packet(counting(3000));
};

TEST_F(VirtioHeaderTest, OfTcpIsReadAndWritten) {
  const Header header{.gso_type = kTcp4, .hdr_len = 40, .gso_size = 1460};
  expect_round_trip(header, tcp_);
  EXPECT_EQ(read(header, tcp_).offload(),
            (Packet::Offload{.headers = 40, .segment_size = 1460, .packets = 3}));
}

TEST_F(VirtioHeaderTest, OfUdpIsReadAndWritten) {
  const Header header{.gso_type = kUdpL4, .hdr_len = 28, .gso_size = 500, .csum_offset = 6};
  expect_round_trip(header, udp_);
  EXPECT_EQ(read(header, udp_).packets(), 6U);
}

TEST_F(VirtioHeaderTest, OfAPacketWithoutItsChecksumIsReadAndWritten) {
  expect_round_trip({.hdr_len = 40}, tcp_);
  expect_round_trip({.hdr_len = 28, .csum_offset = 6}, udp_);
  EXPECT_EQ(read({}, tcp_).packets(), 1U);
}

// RFC 3168 section 6.1.2: with CWR the kernel says so in the type.
TEST_F(VirtioHeaderTest, KeepsWhatIsSaidOfCwr) {
  const Wire cwr = Sender{.tcp = {.flags = kAck | 0x80}}.super_packet(counting(3000));
  expect_round_trip({.gso_type = kTcp4 | kEcn, .hdr_len = 40, .gso_size = 1000}, cwr);
}

TEST_F(VirtioHeaderTest, OfAnyOtherPacketSaysNothing) {
  const Wire plain = Sender{}.plain(counting(10), 10).front();
  Packet packet = read({.flags = 0, .csum_start = 0, .csum_offset = 0}, plain);
  EXPECT_FALSE(packet.has_offload());
  EXPECT_THAT(packet.bytes(), ElementsAreArray(plain.bytes()));
  put_virtio_header(packet);
  EXPECT_THAT(packet.bytes().first(kVirtioHeader),
              ElementsAreArray(std::array<std::byte, kVirtioHeader>{}));
}

// What the kernel does not say of such packets, or cannot mean, is left alone.
TEST_F(VirtioHeaderTest, NonsenseIsAPacketAsItCame) {
  const std::array nonsense{
      Header{.flags = 0, .gso_type = kTcp4, .gso_size = 1460},  // checksum done, yet to be cut
      Header{.gso_type = kTcp4, .gso_size = 0, .csum_start = 0xffff},
      Header{.csum_start = 3040},
      Header{.csum_start = 3039, .csum_offset = 0},
      Header{.csum_start = 0xffff, .csum_offset = 0xffff},
  };
  for (const Header& header : nonsense) {
    const Packet packet = read(header, tcp_);
    EXPECT_FALSE(packet.has_offload());
    EXPECT_THAT(packet.bytes(), ElementsAreArray(tcp_.bytes()));
  }
}

// The checksum is completed where the header says; the packet is of a kind that is not cut.
TEST_F(VirtioHeaderTest, WhatIsNotKnownIsNotCut) {
  const std::array other{
      Header{.gso_type = kTcp4, .gso_size = 0},
      Header{.gso_type = kTcp6, .gso_size = 1460},
      Header{.gso_type = kUdp, .gso_size = 1460},
      Header{.gso_type = kUdpL4, .gso_size = 1460},
      Header{.gso_type = 0x7f, .gso_size = 1460},
      Header{.gso_type = kTcp4, .gso_size = 1460, .csum_offset = 18},
      Header{.gso_type = kTcp4, .gso_size = 1460, .csum_start = 24},
  };
  for (const Header& header : other) {
    const Packet packet = read(header, tcp_);
    EXPECT_FALSE(packet.has_offload());
    const std::size_t at = header.csum_start + header.csum_offset;
    EXPECT_THAT(packet.bytes().subspan(at + 2), ElementsAreArray(tcp_.bytes().subspan(at + 2)));
    EXPECT_NE(load_be<std::uint16_t>(packet.bytes(), at), load_be<std::uint16_t>(tcp_.bytes(), at));
  }
}

// The bit of ECN alone is no type.
TEST_F(VirtioHeaderTest, WithoutATypeNothingIsCut) {
  const Packet packet = read({.gso_type = kEcn, .gso_size = 1000}, tcp_);
  EXPECT_TRUE(packet.has_offload());
  EXPECT_EQ(packet.packets(), 1U);
}

// RFC 768: 0 would say that there is none. The sum from here on is all ones.
TEST_F(VirtioHeaderTest, OfAProtocolThatIsNotKnownCompletesChecksumsToAllOnes) {
  Wire other = tcp_;
  std::vector<std::byte> bytes(other.bytes().begin(), other.bytes().end());
  bytes.resize(40);
  std::fill(bytes.begin() + 20, bytes.end(), std::byte{0});
  bytes[9] = std::byte{132};
  bytes[20] = bytes[21] = std::byte{0xff};
  const Packet packet = read({.csum_start = 20, .csum_offset = 6}, bytes);
  EXPECT_FALSE(packet.has_offload());
  EXPECT_EQ(packet.bytes()[26], std::byte{0xff});
  EXPECT_EQ(packet.bytes()[27], std::byte{0xff});
}

TEST_F(VirtioHeaderTest, ShorterThanTheHeaderIsNoPacket) {
  for (std::size_t size = 0; size < kVirtioHeader; ++size) {
    Packet packet = pool_.copy_of(counting(size));
    take_virtio_header(packet);
    EXPECT_EQ(packet.size(), 0U);
    EXPECT_FALSE(packet.has_offload());
  }
}

// Whatever comes: what is left to do can be done, and gives packets within the bounds of one.
TEST_F(VirtioHeaderTest, AnythingCanBeReadAndTakenApart) {
  Random random{20'261'130};
  for (int i = 0; i < 20'000; ++i) {
    std::vector<std::byte> wire = random.below(2) == 0 ? tcp_ : udp_;
    wire.resize(random.below(static_cast<std::uint32_t>(wire.size() + 1)));
    for (int change = 0; change < 3 && !wire.empty(); ++change) {
      wire[random.below(static_cast<std::uint32_t>(std::min<std::size_t>(wire.size(), 40)))] =
          static_cast<std::byte>(random.next());
    }
    const auto near = [&](unsigned usual) {
      return random.below(4) == 0 ? random.below(0x10000) : usual;
    };
    Packet packet = read({.flags = near(1) & 0xffU,
                          .gso_type = near(random.below(6)) & 0xffU,
                          .hdr_len = near(40),
                          .gso_size = near(1 + random.below(100)),
                          .csum_start = near(20),
                          .csum_offset = near(random.below(2) == 0 ? 6 : 16)},
                         wire);
    const std::size_t size = packet.size();
    const std::size_t packets = packet.packets();
    std::size_t taken = 0;
    take_apart(std::move(packet), pool_, [&](const Packet& one) {
      EXPECT_LE(one.size(), size);
      ++taken;
    });
    EXPECT_EQ(taken, packets);
  }
}

}  // namespace
}  // namespace hop::test
