// Every MTU from 68 to 1500 with sizes around the boundaries, byte for byte against the tests' own
// encoder.

#include <gtest/gtest.h>

#include <random>

#include "tests/stack/ip/cut.hpp"

namespace hop {
namespace {

constexpr std::size_t kHeader = 20;

/// Does `cut` hold the fragments of `whole` that RFC 791 asks for: in order, all but the last as
/// large as can be?
bool is_right(const std::vector<testing::Packet>& cut, const testing::Packet& whole,
              std::size_t mtu) {
  const testing::Decoded original = testing::decode(whole).value();
  const std::size_t step = (mtu - kHeader) / 8 * 8;
  std::size_t at = 0;
  for (const testing::Packet& piece : cut) {
    const std::size_t rest = original.payload.size() - at;
    const bool last = rest + kHeader <= mtu;
    const std::size_t size = last ? rest : step;
    const testing::Decoded got = testing::decode(piece).value();
    const bool good = piece.size() == kHeader + size && got.total_length == piece.size() &&
                      got.offset == original.offset + at && got.mf == (!last || original.mf) &&
                      got.id == original.id && got.ttl == original.ttl && !got.df &&
                      testing::header_checksum_valid(got) &&
                      std::ranges::equal(got.payload, original.payload.subspan(at, size));
    if (!good) return false;
    at += size;
  }
  return at == original.payload.size();
}

/// Fragments for this MTU, checked against left() on the way.
std::vector<testing::Packet> cut_and_count(const testing::Packet& whole, std::size_t mtu,
                                           PacketPool& pool) {
  const auto header = Ipv4HeaderView::parse(whole).value();
  Fragmenter fragmenter{header, mtu, pool};
  const std::size_t promised = fragmenter.left();
  std::vector<testing::Packet> cut;
  while (const auto piece = fragmenter.next()) cut.emplace_back(piece->bytes());
  EXPECT_EQ(cut.size(), promised) << "MTU " << mtu << ", " << whole.size() << " bytes";
  return cut;
}

/// Payload sizes up to 8 bytes off a boundary: one fragment, two, three.
std::vector<std::size_t> sizes_around(std::size_t mtu) {
  const std::size_t step = (mtu - kHeader) / 8 * 8;
  std::vector<std::size_t> sizes;
  for (const std::size_t boundary : {mtu - kHeader, 2 * step, 2 * step + mtu - kHeader}) {
    for (std::size_t size = boundary - 8; size <= boundary + 8; ++size) sizes.push_back(size);
  }
  return sizes;
}

class FragmentSweep : public ::testing::TestWithParam<std::size_t> {};

// In four parts, so that they can run side by side.
TEST_P(FragmentSweep, EveryMtuAndSizeIsRight) {
  PacketPool pool;
  const auto payload = pattern(6000);
  for (std::size_t mtu = 68 + GetParam(); mtu <= 1500; mtu += 4) {
    for (const std::size_t size : sizes_around(mtu)) {
      const testing::Packet whole = testing::ip().id(77) / testing::raw(Bytes{payload}.first(size));
      ASSERT_TRUE(is_right(cut_and_count(whole, mtu, pool), whole, mtu))
          << "MTU " << mtu << ", payload " << size;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Part, FragmentSweep, ::testing::Values(0U, 1U, 2U, 3U));

TEST(FragmentChain, OfNarrowerAndNarrowerLinksJoinsToTheOriginal) {
  PacketPool pool;
  std::mt19937 random{815};
  for (int round = 0; round < 200; ++round) {
    const testing::Packet whole =
        testing::ip().id(9) / testing::raw(pattern(2000 + random() % 4000));
    std::vector<testing::Packet> pieces{whole};
    for (std::size_t mtu = 1500; mtu >= 68; mtu = mtu * 2 / 3 - random() % 40) {
      std::vector<testing::Packet> smaller;
      for (const testing::Packet& piece : pieces) {
        const auto cut = cut_and_count(piece, mtu, pool);
        ASSERT_TRUE(is_right(cut, piece, mtu)) << "round " << round << ", MTU " << mtu;
        smaller.insert(smaller.end(), cut.begin(), cut.end());
      }
      pieces = std::move(smaller);
    }
    ASSERT_EQ(joined(pieces), testing::decode(whole)->payload) << "round " << round;
  }
}

}  // namespace
}  // namespace hop
