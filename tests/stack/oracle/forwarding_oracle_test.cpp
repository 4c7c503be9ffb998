// Random packets with random options through a router with random MTUs, against a plain model of
// every fragment that leaves; and wrong options against a model of the pointer.

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/stack/node/bench.hpp"
#include "tests/stack/oracle/option_source.hpp"
#include "tests/support/decode.hpp"
#include "tests/support/describe.hpp"

namespace hop {
namespace {

using oracle::OptionBytes;
using oracle::OptionSource;

constexpr int kCases = 8000;
const oracle::Router kRouter{
    .out = 0x0a000301, .own = {0x0a000101, 0x0a000201, 0x0a000301}, .milliseconds = kNowOfDay};

Bytes as_span(const OptionBytes& bytes) { return std::as_bytes(std::span{bytes}); }

/// A packet in numbers: datagram or fragment.
struct Datagram {
  std::uint8_t ttl, tos, protocol;
  std::uint16_t id;
  bool reserved, more;
  std::size_t offset;
  OptionBytes options;
  std::vector<std::byte> payload;

  [[nodiscard]] std::size_t header() const { return 20 + options.size(); }
  [[nodiscard]] Wire packet() const {
    testing::Ip ip = testing::ip().src("10.0.1.2").dst("198.51.100.9");
    ip.ttl(ttl).tos(tos).id(id).protocol(protocol).offset(offset).options(as_span(options));
    if (more) ip.mf();
    if (reserved) ip.reserved_bit();
    return ip / testing::raw(payload);
  }
  /// The part of the payload from `at` on, of `size` bytes.
  [[nodiscard]] Datagram part(std::size_t at, std::size_t size) const {
    Datagram made = *this;
    const auto from = payload.begin() + static_cast<std::ptrdiff_t>(at);
    made.payload.assign(from, from + static_cast<std::ptrdiff_t>(size));
    made.offset += at;
    made.more = more || at + size < payload.size();
    if (at > 0) made.options = oracle::copied(options);
    return made;
  }
};

Datagram random_datagram(Random& random) {
  Datagram made{.ttl = static_cast<std::uint8_t>(2 + random.below(254)),
                .tos = static_cast<std::uint8_t>(random.below(256)),
                .protocol = static_cast<std::uint8_t>(random.below(256)),
                .id = static_cast<std::uint16_t>(random.below(65536)),
                .reserved = random.below(4) == 0,
                .more = random.below(4) == 0,
                .offset = random.below(4) == 0 ? 8 * random.below(7000) : 0,
                .options = OptionSource{random}.right(),
                .payload = counting(random.below(2500))};
  if (made.more) made.payload.resize(made.payload.size() / 8 * 8 + 8);
  return made;
}

/// RFC 791 section 3.2, RFC 1812 section 4.2.2.7: in order, as few as possible.
std::vector<Wire> expected_of(Datagram datagram, std::size_t mtu) {
  --datagram.ttl;
  datagram.options = oracle::recorded(datagram.options, kRouter);
  if (datagram.header() + datagram.payload.size() <= mtu) return {datagram.packet()};
  std::vector<Wire> fragments;
  std::size_t at = 0;
  while (at < datagram.payload.size()) {
    const std::size_t left = datagram.payload.size() - at;
    const std::size_t room = mtu - datagram.part(at, 0).header();
    const std::size_t size = left <= room ? left : room / 8 * 8;
    fragments.push_back(datagram.part(at, size).packet());
    at += size;
  }
  return fragments;
}

TEST(RandomTransit, LeavesAsTheModelSays) {
  Bench bench;
  Random random{20};
  int fragmented = 0;
  for (int i = 0; i < kCases; ++i) {
    const Datagram datagram = random_datagram(random);
    const auto mtu =
        static_cast<std::uint16_t>(68 + random.below(random.below(2) == 0 ? 64 : 1433));
    bench.node.interfaces()[2].mtu = mtu;
    const Wire packet = datagram.packet();
    ASSERT_EQ(bench.receive(packet), kForwarded) << i << ": " << packet;
    const auto expected = expected_of(datagram, mtu);
    ASSERT_EQ(bench.sent_by(2), expected) << i << ", MTU " << mtu << ": " << packet;
    ASSERT_EQ(bench.sent().size(), expected.size()) << i;
    if (expected.size() > 1) ++fragmented;
  }
  EXPECT_GT(fragmented, kCases / 4);
}

TEST(MalformedOptions, ArePointedAtWhereTheModelSays) {
  NodeConfig config = router_config();
  config.icmp.rate = IcmpPolicy::kUnlimited;
  Bench bench{config};
  Random random{21};
  int wrong = 0;
  for (int i = 0; i < 5 * kCases; ++i) {
    const OptionBytes options = OptionSource{random}.perhaps_wrong();
    const Wire packet = transit().options(as_span(options)) / testing::udp(1, 2, "data");
    const Verdict verdict = bench.receive(packet);
    const auto pointer = oracle::fault_of(options);
    ASSERT_EQ(verdict.action, pointer ? Action::dropped : Action::forwarded) << i << ": " << packet;
    if (!pointer) continue;
    ++wrong;
    const Wire error = bench.answer();
    const auto icmp = testing::decode_icmp(error);
    ASSERT_TRUE(icmp) << i << ": " << packet;
    ASSERT_EQ(icmp->type, 12) << i << ": " << packet;
    ASSERT_EQ(icmp->rest, static_cast<std::uint32_t>(*pointer) << 24U) << i << ": " << packet;
    ASSERT_TRUE(std::ranges::equal(icmp->data, packet.bytes())) << i << ": " << packet;
  }
  EXPECT_GT(wrong, kCases);
}

}  // namespace
}  // namespace hop
