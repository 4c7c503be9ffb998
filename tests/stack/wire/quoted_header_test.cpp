// Ipv4HeaderView: the header of a datagram that an ICMP error quotes (RFC 792), which may be cut
// and may have been changed on its way.

#include <gmock/gmock.h>

#include "stack/wire/ipv4.hpp"
#include "tests/stack/base/row_name.hpp"
#include "tests/support/hex_literal.hpp"
#include "tests/support/packet_dsl.hpp"

namespace hop {
namespace {

using ::testing::ElementsAreArray;
using testing::ip;
using testing::patched;
using testing::raw;
using TestPacket = testing::Packet;

TestPacket original() { return ip().ttl(1) / raw("0123456789abcdef"); }
TestPacket with_options() { return ip().options({7, 7, 4, 0, 0, 0, 0}) / raw("0123456789"); }

struct QuoteCase {
  std::string_view name;
  TestPacket quote;
  std::size_t header, payload;
};
class QuotedHeader : public ::testing::TestWithParam<QuoteCase> {};

TEST_P(QuotedHeader, IsReadAsFarAsItGoesRfc792) {
  const auto view = Ipv4HeaderView::parse(GetParam().quote);
  ASSERT_TRUE(view) << name(view.error());
  EXPECT_EQ(view->header().size(), GetParam().header);
  EXPECT_EQ(view->payload().size(), GetParam().payload);
}

INSTANTIATE_TEST_SUITE_P(
    Table, QuotedHeader,
    ::testing::Values(
        QuoteCase{"whole", original(), 20, 16}, QuoteCase{"cut", original().truncated(28), 20, 8},
        QuoteCase{"header_only", original().truncated(20), 20, 0},
        QuoteCase{"options", with_options().truncated(36), 28, 8},
        QuoteCase{"bad_checksum", original().with_checksum(0xdead), 20, 16},
        QuoteCase{"total_length_of_0", original().with_total_length(0).truncated(28), 20, 8},
        QuoteCase{"total_length_of_65535", original().with_total_length(65535), 20, 16}),
    kRowName);

struct BadQuoteCase {
  std::string_view name;
  TestPacket quote;
  DropReason why;
};
class UnreadableQuote : public ::testing::TestWithParam<BadQuoteCase> {};

TEST_P(UnreadableQuote, HasNoWholeHeader) {
  const auto view = Ipv4HeaderView::parse(GetParam().quote);
  ASSERT_FALSE(view);
  EXPECT_EQ(view.error(), GetParam().why) << name(view.error());
}

INSTANTIATE_TEST_SUITE_P(
    Table, UnreadableQuote,
    ::testing::Values(
        BadQuoteCase{"nothing", TestPacket{}, DropReason::ipv4_truncated},
        BadQuoteCase{"nineteen_bytes", original().truncated(19), DropReason::ipv4_truncated},
        BadQuoteCase{"version_6", patched(original(), 0, 0x65), DropReason::ipv4_bad_version},
        BadQuoteCase{"ihl_4", patched(original(), 0, 0x44), DropReason::ipv4_bad_header_length}),
    kRowName);

TEST(QuotedOptions, CutInTheMiddleAreNoHeader) {
  for (std::size_t size = 20; size < 28; ++size) {
    EXPECT_FALSE(Ipv4HeaderView::parse(with_options().truncated(size))) << size;
  }
}

TEST(QuotedHeaderBytes, AreThoseGiven) {
  const auto quote = original().truncated(28);
  const auto view = Ipv4HeaderView::parse(quote);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->bytes().data(), quote.bytes().data());
  EXPECT_EQ(view->total_length(), 36) << "of the datagram, not of the quote";
  EXPECT_EQ(view->ttl(), 1);
}

}  // namespace
}  // namespace hop
