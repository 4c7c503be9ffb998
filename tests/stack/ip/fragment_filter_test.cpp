// Fragments that hide a TCP header from filters: RFC 1858 section 3, RFC 3128 section 3.

#include "stack/ip/fragment_filter.hpp"

#include <gtest/gtest.h>

#include "tests/stack/base/row_name.hpp"
#include "tests/stack/ip/cut.hpp"
#include "tests/support/packet_dsl.hpp"

namespace hop {
namespace {

constexpr std::uint8_t kTcp = 6, kUdp = 17;

struct TinyCase {
  std::string_view name;
  std::uint8_t protocol;
  std::size_t offset, size;
  bool more;
  std::uint8_t data_offset;  // of the TCP header, in words
  bool tiny;
};
class TinyFragment : public ::testing::TestWithParam<TinyCase> {};

TEST_P(TinyFragment, IsToldByOffsetAndLengthRfc3128Section3) {
  const TinyCase& row = GetParam();
  auto payload = pattern(row.size);
  if (row.offset == 0 && row.size > 12) {
    payload[12] = static_cast<std::byte>(row.data_offset << 4U);
  }
  auto header = testing::ip().protocol(row.protocol).offset(row.offset);
  if (row.more) header.mf();
  const testing::Packet packet = header / testing::raw(payload);
  EXPECT_EQ(is_tiny_fragment(Ipv4HeaderView::parse(packet).value()), row.tiny);
}

INSTANTIATE_TEST_SUITE_P(
    Table, TinyFragment,
    ::testing::Values(TinyCase{"eight_bytes", kTcp, 0, 8, true, 5, true},
                      TinyCase{"sixteen_bytes", kTcp, 0, 16, true, 5, true},
                      TinyCase{"whole_header", kTcp, 0, 24, true, 5, false},
                      TinyCase{"header_with_options_cut", kTcp, 0, 24, true, 7, true},
                      TinyCase{"header_with_options", kTcp, 0, 32, true, 7, false},
                      TinyCase{"offset_one", kTcp, 8, 1000, true, 0, true},
                      TinyCase{"offset_one_last", kTcp, 8, 3, false, 0, true},
                      TinyCase{"offset_two", kTcp, 16, 8, true, 0, false},
                      TinyCase{"offset_three_of_one_byte", kTcp, 24, 1, false, 0, false},
                      TinyCase{"no_fragment", kTcp, 0, 20, false, 5, false},
                      TinyCase{"no_fragment_but_cut", kTcp, 0, 19, false, 5, true},
                      TinyCase{"udp_of_eight_bytes", kUdp, 0, 8, true, 0, false},
                      TinyCase{"udp_offset_one", kUdp, 8, 8, true, 0, false}),
    kRowName);

}  // namespace
}  // namespace hop
