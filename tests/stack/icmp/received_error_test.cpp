// Errors received: reading the quote and finding the sender of the quoted packet (RFC 792,
// RFC 1122 section 3.2.2).

#include "stack/icmp/received_error.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <ostream>
#include <string_view>
#include <vector>

#include "tests/stack/icmp/case_name.hpp"
#include "tests/support/packet_dsl.hpp"

namespace hop {
namespace {

using testing::icmp;
using testing::icmp_echo;
using testing::Ip;
using testing::ip;
using testing::patched;
using testing::raw;
using testing::udp;
using Wire = testing::Packet;

constexpr Ipv4Address kReporter{10, 0, 1, 1};

/// Bytes that stand alone in their memory, so that a sanitizer sees a read behind them.
class Alone {
 public:
  explicit Alone(Bytes bytes) : bytes_(new std::byte[bytes.size()]), size_(bytes.size()) {
    std::ranges::copy(bytes, bytes_.get());
  }
  [[nodiscard]] Bytes bytes() const { return {bytes_.get(), size_}; }

 private:
  std::unique_ptr<std::byte[]> bytes_;  // NOLINT(*-avoid-c-arrays)
  std::size_t size_;
};

struct Outcome {
  DropReason why = DropReason::none;
  IcmpMessage message{};
  Ipv4Address reporter{}, quoted_source{};
  std::uint16_t quoted_id = 0;
  EndpointKey sender{};
};

Outcome read(std::uint8_t type, std::uint8_t code, std::uint32_t rest, Bytes quote) {
  const Alone alone{icmp(type, code, rest, quote).encode(0, 0, 1)};
  const auto error = read_error(IcmpView::parse(alone.bytes()).value(), kReporter);
  if (!error) return {.why = error.error()};
  return {.message = error->message,
          .reporter = error->reporter,
          .quoted_source = error->quoted.source(),
          .quoted_id = error->quoted.id(),
          .sender = sender_of(error->quoted)};
}
Outcome read(Bytes quote) { return read(11, 0, 0, quote); }

Ip ours() { return ip().src("10.0.1.2").dst("192.0.2.9").id(0x1234); }
Wire probe(std::size_t size) {
  return ours() / udp(40000, 33434, std::vector<std::byte>(size - 28, std::byte{0x61}));
}

TEST(ReadError, TellsTypeCodeRestReporterAndQuote) {
  const Outcome error = read(3, 4, 1400, probe(60));
  ASSERT_EQ(error.why, DropReason::none);
  EXPECT_EQ(error.message.type, IcmpType::dest_unreachable);
  EXPECT_EQ(error.message.code, 4);
  EXPECT_EQ(error.message.rest, 1400U);
  EXPECT_EQ(error.reporter, kReporter);
  EXPECT_EQ(error.quoted_source, Ipv4Address(10, 0, 1, 2));
  EXPECT_EQ(error.quoted_id, 0x1234);
}

TEST(ReadError, ReadsTheErrorsOfRfc792) {
  for (const std::uint8_t type : std::to_array<std::uint8_t>({3, 4, 5, 11, 12})) {
    const Outcome error = read(type, 1, 0x0a000102, probe(28));
    EXPECT_EQ(error.why, DropReason::none) << int{type};
    EXPECT_EQ(static_cast<int>(error.message.type), type);
    EXPECT_EQ(error.message.rest, 0x0a000102U) << int{type};
  }
}

TEST(ReadError, WantsHeaderAnd8BytesOfAQuoteCutAnywhere) {
  // smoltcp refused every quote that is shorter than its Total Length.
  const Wire whole = probe(1500);
  for (std::size_t size = 0; size <= 60; ++size) {
    const DropReason expected = size < 28 ? DropReason::icmp_bad_quote : DropReason::none;
    EXPECT_EQ(read(whole.truncated(size)).why, expected) << size << " bytes";
  }
}

TEST(ReadError, WantsTheOptionsOfAQuoteCutAnywhere) {
  const Wire whole = ours().options({148, 4, 0, 0, 1, 1, 1, 1}) / udp(1, 2, "some more data");
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const DropReason expected = size < 36 ? DropReason::icmp_bad_quote : DropReason::none;
    EXPECT_EQ(read(whole.truncated(size)).why, expected) << size << " bytes";
  }
}

TEST(ReadError, TakesAWholeDatagramThatIsShorterThan8Bytes) {
  for (std::size_t data = 0; data < 8; ++data) {
    const Wire whole = ours() / raw(std::vector<std::byte>(data));
    EXPECT_EQ(read(whole).why, DropReason::none) << data << " bytes";
    if (data == 0) continue;
    EXPECT_EQ(read(whole.truncated(whole.size() - 1)).why, DropReason::icmp_bad_quote) << data;
  }
}

struct QuoteCase {
  std::string_view name;
  Wire quote;
  DropReason why;
};
std::ostream& operator<<(std::ostream& out, const QuoteCase& row) { return out << row.name; }

class ReceivedQuote : public ::testing::TestWithParam<QuoteCase> {};

TEST_P(ReceivedQuote, IsReadOrRefused) {
  EXPECT_EQ(read(GetParam().quote).why, GetParam().why) << GetParam().quote;
}

INSTANTIATE_TEST_SUITE_P(
    Table, ReceivedQuote,
    ::testing::Values(
        QuoteCase{"IhlZero", patched(probe(60), 0, 0x40), DropReason::icmp_bad_quote},
        QuoteCase{"IhlBelow5", patched(probe(60), 0, 0x44), DropReason::icmp_bad_quote},
        QuoteCase{"Version6", patched(probe(60), 0, 0x65), DropReason::icmp_bad_quote},
        QuoteCase{"IhlPastTheQuote", patched(probe(28), 0, 0x4f), DropReason::icmp_bad_quote},
        QuoteCase{"LaterFragment", ours().offset(8) / udp(1, 2), DropReason::icmp_bad_quote},
        QuoteCase{"LaterFragmentWithMore", ours().offset(65528).mf() / udp(1, 2),
                  DropReason::icmp_bad_quote},
        QuoteCase{"FirstFragment", ours().mf() / udp(1, 2), DropReason::none},
        // RFC 1812 section 4.3.2.3: routers may quote TTL and checksum as they changed them.
        QuoteCase{"TtlZeroAndWrongChecksum", patched(probe(60), 8, 0), DropReason::none},
        QuoteCase{"EcnChangedOnTheWay", patched(probe(60), 1, 3), DropReason::none}),
    kCaseName);

struct SenderCase {
  std::string_view name;
  Wire quote;
  EndpointKey sender;
};
std::ostream& operator<<(std::ostream& out, const SenderCase& row) { return out << row.name; }

class SenderOf : public ::testing::TestWithParam<SenderCase> {};

TEST_P(SenderOf, IsFoundInTheQuote) {
  const Outcome error = read(GetParam().quote);
  ASSERT_EQ(error.why, DropReason::none);
  EXPECT_EQ(error.sender.protocol, GetParam().sender.protocol);
  EXPECT_EQ(error.sender.number, GetParam().sender.number);
}

INSTANTIATE_TEST_SUITE_P(
    Table, SenderOf,
    ::testing::Values(
        SenderCase{"Udp", probe(28), {17, 40000}},
        SenderCase{"UdpCut", probe(1500).truncated(28), {17, 40000}},
        SenderCase{"UdpBehindOptions", ours().options({148, 4, 0, 0}) / udp(7, 8), {17, 7}},
        SenderCase{"Tcp", ours() / testing::tcp_syn(50000, 443), {6, 50000}},
        SenderCase{"TcpCut", (ours() / testing::tcp_syn(50000, 443)).truncated(28), {6, 50000}},
        SenderCase{"Echo", ours() / icmp_echo({.id = 7, .seq = 9}), {1, 7}},
        SenderCase{"Timestamp", ours() / icmp(13, 0, 0xabcd0001), {1, 0xabcd}},
        SenderCase{"OtherProtocol", ours() / raw("12345678"), {253, 0}},
        SenderCase{"OtherProtocolWithoutData", ours() / raw(), {253, 0}},
        SenderCase{"UdpWithoutData", ours().protocol(17) / raw(), {17, 0}},
        SenderCase{"TcpOfOneByte", ours().protocol(6) / raw("x"), {6, 0}},
        SenderCase{"IcmpWithoutIdentifier", ours().protocol(1) / raw("\x08"), {1, 0}}),
    kCaseName);

}  // namespace
}  // namespace hop
