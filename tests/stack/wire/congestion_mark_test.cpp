// RFC 3168 sections 5 and 17: telling a packet of congestion.

#include <gmock/gmock.h>

#include "stack/wire/ipv4.hpp"
#include "tests/support/packet_dsl.hpp"

namespace hop {
namespace {

using testing::ip;
using testing::raw;

TEST(CongestionMark, IsForPacketsThatAreEcnCapable) {
  for (unsigned tos = 0; tos < 256; ++tos) {
    const auto before = ip().tos(static_cast<std::uint8_t>(tos)) / raw("abc");
    std::vector<std::byte> after = before;
    const bool capable = tos % 4 == 1 || tos % 4 == 2;  // ECT(1), ECT(0)
    EXPECT_EQ(mark_congestion(after), capable) << tos;
    const auto expected = capable ? static_cast<std::uint8_t>(tos | 3U) : tos;
    const std::vector<std::byte> wanted =
        ip().tos(static_cast<std::uint8_t>(expected)) / raw("abc");
    EXPECT_EQ(after, wanted) << tos;
  }
}

// All checksums of a header occur.
TEST(CongestionMark, UpdatesEveryChecksumAsIfItWereComputedAnew) {
  for (const auto ect : {std::uint8_t{1}, std::uint8_t{2}}) {
    int wrong = 0;
    for (unsigned id = 0; id <= 0xffff; ++id) {
      const auto header = [&](std::uint8_t tos) -> std::vector<std::byte> {
        return ip().tos(tos).id(static_cast<std::uint16_t>(id)) / raw();
      };
      auto packet = header(ect);
      mark_congestion(packet);
      wrong += packet == header(3) ? 0 : 1;
    }
    EXPECT_EQ(wrong, 0) << unsigned{ect};
  }
}

TEST(CongestionMark, LeavesAWrongChecksumWrong) {
  std::vector<std::byte> packet = (ip().tos(2) / raw("abc")).with_checksum(0x1234);
  mark_congestion(packet);
  const std::vector<std::byte> right = ip().tos(3) / raw("abc");
  EXPECT_NE(packet, right);
  EXPECT_EQ(packet[1], std::byte{3});
}

}  // namespace
}  // namespace hop
