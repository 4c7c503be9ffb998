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
#include "tests/support/hex_literal.hpp"
#include "tests/support/packet_dsl.hpp"

namespace hop {
namespace {

using namespace testing::literals;
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

/// 2 labels, and the structure of them with a right checksum: RFC 4950 section 5.
constexpr auto kLabels = "20 00 0f 09  00 0c 01 01  03 e8 4a 01  00 01 81 ff"_bytes;

/// A quote of `size` bytes padded with zeros to `field`, and `structure` behind it.
std::vector<std::byte> quote_and(std::size_t size, std::size_t field, Bytes structure) {
  std::vector<std::byte> data(std::max(field, size));
  std::ranges::copy(probe(size).bytes(), data.begin());
  data.resize(field);
  data.insert(data.end(), structure.begin(), structure.end());
  return data;
}

/// What is found of a message: bytes quoted, and labels in the structure behind them.
struct Found {
  DropReason why = DropReason::none;
  std::size_t quoted = 0;
  std::uint32_t rest = 0;
  bool extended = false, old_layout = false;
  bool operator==(const Found&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const Found& found) {
    return out << name(found.why) << " quoted " << found.quoted << " rest " << found.rest
               << (found.extended ? " extended" : "") << (found.old_layout ? " old layout" : "");
  }
};
Found find(std::uint8_t type, std::uint32_t rest, Bytes data) {
  const Alone alone{icmp(type, 0, rest, data).encode(0, 0, 1)};
  const auto error = read_error(IcmpView::parse(alone.bytes()).value(), kReporter);
  if (!error) return {.why = error.error()};
  return {.quoted = error->quoted.bytes().size(),
          .rest = error->message.rest,
          .extended = error->extensions.has_value(),
          .old_layout = extensions_of_old_layout(*error).has_value()};
}

constexpr std::uint32_t words(std::uint32_t count) { return count << 16U; }

struct ExtensionCase {
  std::string_view name;
  std::uint8_t type;
  std::uint32_t rest;
  std::vector<std::byte> data;
  Found found;
};
std::ostream& operator<<(std::ostream& out, const ExtensionCase& row) { return out << row.name; }

class ReceivedExtension : public ::testing::TestWithParam<ExtensionCase> {};

TEST_P(ReceivedExtension, IsFoundAsRfc4884Section5Says) {
  EXPECT_EQ(find(GetParam().type, GetParam().rest, GetParam().data), GetParam().found);
}

INSTANTIATE_TEST_SUITE_P(
    Compliant, ReceivedExtension,
    ::testing::Values(
        ExtensionCase{"Padded",
                      11,
                      words(32),
                      quote_and(60, 128, kLabels),
                      {.quoted = 128, .extended = true}},
        ExtensionCase{"Whole",
                      11,
                      words(32),
                      quote_and(128, 128, kLabels),
                      {.quoted = 128, .extended = true}},
        ExtensionCase{"Long",
                      11,
                      words(133),
                      quote_and(600, 532, kLabels),
                      {.quoted = 532, .extended = true}},
        ExtensionCase{"NextHopMtu",
                      3,
                      words(32) | 1400,
                      quote_and(60, 128, kLabels),
                      {.quoted = 128, .rest = 1400, .extended = true}},
        ExtensionCase{"Pointer",
                      12,
                      words(32) | 0x14000000,
                      quote_and(60, 128, kLabels),
                      {.quoted = 128, .rest = 0x14000000, .extended = true}},
        ExtensionCase{"NothingBehind", 11, words(32), quote_and(60, 128, {}), {.quoted = 128}},
        // RFC 4884 section 9: the checksum must be verified; the error itself is good.
        ExtensionCase{"WrongChecksum",
                      11,
                      words(32),
                      quote_and(60, 128, patched(Wire{kLabels}, 2, 0)),
                      {.quoted = 128}},
        ExtensionCase{"CutStructure",
                      11,
                      words(32),
                      quote_and(60, 128, Bytes{kLabels}.first(12)),
                      {.quoted = 128}},
        // A field that cannot be: section 4 wants 128 bytes at least.
        ExtensionCase{"Below128", 11, words(15), quote_and(60, 60, kLabels), {.quoted = 76}},
        ExtensionCase{
            "BeyondTheMessage", 11, words(40), quote_and(60, 128, kLabels), {.quoted = 144}},
        ExtensionCase{
            "LargestLength", 11, words(255), quote_and(60, 128, kLabels), {.quoted = 144}},
        // These types have no such field: it is part of the gateway.
        ExtensionCase{"Redirect",
                      5,
                      0x0a200102,
                      quote_and(60, 128, kLabels),
                      {.quoted = 144, .rest = 0x0a200102}},
        // RFC 5837 section 4.5: two objects for the incoming interface.
        ExtensionCase{"RoleTwice",
                      11,
                      words(32),
                      quote_and(60, 128, "20 00 00 00 00 04 02 00 00 04 02 00"_bytes),
                      {.why = DropReason::icmp_illegal_extension}}),
    kCaseName);

INSTANTIATE_TEST_SUITE_P(
    OldLayout, ReceivedExtension,
    ::testing::Values(
        // RFC 4884 section 5.5: none for a compliant application; what another mode would find.
        ExtensionCase{
            "Padded", 11, 0, quote_and(60, 128, kLabels), {.quoted = 144, .old_layout = true}},
        ExtensionCase{"Unreachable",
                      3,
                      1400,
                      quote_and(128, 128, kLabels),
                      {.quoted = 144, .rest = 1400, .old_layout = true}},
        ExtensionCase{"ParameterProblem", 12, 0, quote_and(60, 128, kLabels), {.quoted = 144}},
        // A long quote without extensions is all quote, whatever stands there.
        ExtensionCase{"LongQuote", 11, 0, quote_and(548, 548, {}), {.quoted = 548}},
        ExtensionCase{"NoChecksum",
                      11,
                      0,
                      quote_and(60, 128, "20 00 00 00 00 08 01 01 03 e8 41 01"_bytes),
                      {.quoted = 140}},
        ExtensionCase{"RoleTwice",
                      11,
                      0,
                      quote_and(60, 128, "20 00 db f7 00 04 02 00 00 04 02 00"_bytes),
                      {.quoted = 140}},
        ExtensionCase{"OneBlockLater", 11, 0, quote_and(132, 132, kLabels), {.quoted = 148}},
        ExtensionCase{"Exactly128", 11, 0, quote_and(60, 128, {}), {.quoted = 128}},
        // A length field is no old layout, though it is one that cannot be.
        ExtensionCase{"LengthGiven", 11, words(40), quote_and(60, 128, kLabels), {.quoted = 144}}),
    kCaseName);

TEST(ReceivedExtension, IsReadFromAnyCutOfAnyLengthWithoutHarm) {
  const std::vector<std::byte> data = quote_and(200, 160, kLabels);
  for (std::size_t size = 28; size <= data.size(); ++size) {
    for (std::uint32_t length = 0; length < 256; ++length) {
      const Found found = find(3, words(length), Bytes{data}.first(size));
      EXPECT_EQ(found.why, DropReason::none);
      EXPECT_EQ(found.extended, length == 40 && size == data.size()) << length << ", " << size;
    }
  }
}

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
