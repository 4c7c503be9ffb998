// The judges of the conformance suite: what they let pass, and that they let nothing else.

#include <gtest/gtest.h>

#include <algorithm>

#include "tools/conform/expect.hpp"

namespace hop::conform {
namespace {

constexpr Address kFrom{0xc0000201}, kTo{0xc6336407}, kRouter{0xc00002fe};

Datagram probe() { return {kFrom, kTo, kUdp, pattern(40)}; }

Datagram error_about(const Octets& packet, unsigned type, unsigned code) {
  return Datagram(kRouter, kFrom, kIcmp, icmp(type, code, 0, packet)).tos(0xc0);
}

Observation on_a(const Datagram& d) { return {{Side::a, d.bytes()}}; }

TEST(Silence, IsNothing) {
  EXPECT_EQ(silence().judge({}), "");
  EXPECT_EQ(silence().judge(on_a(probe())), "1 packets came");
}

struct Arrived {
  const char* name;
  Datagram packet;
  Side side;
  const char* fault;
};

class ForwardedPacket : public testing::TestWithParam<Arrived> {};

TEST_P(ForwardedPacket, IsTheOneSentWithLessTtl) {
  const Expectation expected = exactly({forwarded(Side::b, probe().bytes())});
  EXPECT_EQ(expected.judge({{GetParam().side, GetParam().packet.bytes()}}), GetParam().fault);
}

INSTANTIATE_TEST_SUITE_P(
    Suite, ForwardedPacket,
    testing::Values(
        Arrived{"Right", probe().ttl(63), Side::b, ""},
        Arrived{"TwoHops", probe().ttl(62), Side::b, ""},
        Arrived{"OtherSide", probe().ttl(63), Side::a, "it came on a instead of b"},
        Arrived{"SameTtl", probe(), Side::b, "the TTL was not decremented"},
        Arrived{"OtherTos", probe().ttl(63).tos(4), Side::b, "byte 1 is 0x04 instead of 0x00"},
        Arrived{"Shorter", probe().ttl(63).payload(pattern(39)), Side::b, "59 bytes instead of 60"},
        Arrived{"OtherData", probe().ttl(63).payload(Octets(40, 1)), Side::b,
                "byte 21 is 0x01 instead of 0x08"}),
    [](const auto& one) { return one.param.name; });

struct Answered {
  const char* name;
  Datagram answer;
  Check check;
  const char* fault;
};

class ErrorCheck : public testing::TestWithParam<Answered> {};

TEST_P(ErrorCheck, FindsWhatIsWrong) {
  const auto& [name, answer, check, fault] = GetParam();
  EXPECT_EQ(exactly({told(Side::a, probe().tos(0x10).bytes(), 3, 1, {check})}).judge(on_a(answer)),
            fault);
}

Octets quoted(std::size_t size) {
  Octets bytes = probe().tos(0x10).bytes();
  bytes.resize(size);
  return bytes;
}

Octets with_byte(Octets bytes, std::size_t at, std::uint8_t value) {
  bytes[at] = value;
  return bytes;
}

INSTANTIATE_TEST_SUITE_P(
    Suite, ErrorCheck,
    testing::Values(
        Answered{"OtherCode", error_about(quoted(60), 3, 0), unused_is_zero(),
                 "it is ICMP 3/0 instead of ICMP 3/1"},
        Answered{"OtherReceiver", error_about(quoted(60), 3, 1).to(kTo), unused_is_zero(),
                 "it goes to 198.51.100.7"},
        Answered{"BadChecksum",
                 error_about(quoted(60), 3, 1).payload(with_bad_icmp_checksum(icmp(3, 1, 0))),
                 unused_is_zero(), "its ICMP checksum is wrong"},
        Answered{"LeastQuote", error_about(quoted(28), 3, 1), quotes_header_and_8(), ""},
        Answered{"ShortQuote", error_about(quoted(27), 3, 1), quotes_header_and_8(),
                 "it quotes 27 bytes, not 28"},
        Answered{"Quote", error_about(quoted(60), 3, 1), quotes_as_received(), ""},
        Answered{"QuoteOfLowerTtl",
                 error_about(with_right_checksum(with_byte(quoted(60), 8, 63)), 3, 1),
                 quotes_as_received(), ""},
        Answered{"QuoteOfHigherTtl", error_about(with_byte(quoted(60), 8, 65), 3, 1),
                 quotes_as_received(), "byte 8 of the quote was not received like this"},
        Answered{"QuoteOfOtherData", error_about(with_byte(quoted(60), 59, 0), 3, 1),
                 quotes_as_received(), "byte 59 of the quote was not received like this"},
        Answered{"QuoteOfMore", error_about(with_byte(quoted(61), 60, 9), 3, 1),
                 quotes_as_received(), "the quote has bytes that were not received"},
        Answered{"NotAll", error_about(quoted(56), 3, 1), quotes_as_much_as_576_allow(),
                 "it quotes 56 bytes, not 60"},
        Answered{"Unused",
                 error_about(quoted(60), 3, 1).payload(icmp(3, 1, 0x01000000, quoted(60))),
                 unused_is_zero(), "the unused bytes are not zero"},
        Answered{"Precedence", error_about(quoted(60), 3, 1), precedence_is_6_or_7(), ""},
        Answered{"NoPrecedence", error_about(quoted(60), 3, 1).tos(0xa0), precedence_is_6_or_7(),
                 "its precedence is 5"},
        Answered{"Tos", error_about(quoted(60), 3, 1).tos(0xd0), error_tos_is_that_of_packet(), ""},
        Answered{"NoTos", error_about(quoted(60), 3, 1), error_tos_is_that_of_packet(),
                 "its TOS byte is 0xc0"},
        Answered{"Ttl", error_about(quoted(60), 3, 1), ttl_is_not_copied(),
                 "its TTL is that of the request"},
        Answered{"Source", error_about(quoted(60), 3, 1), comes_from({kTo}),
                 "it comes from 192.0.2.254"},
        Answered{"Reserved", error_about(quoted(60), 3, 1).reserved(), reserved_bit_is_zero(),
                 "the reserved flag is set"}),
    [](const auto& one) { return one.param.name; });

TEST(Exactly, SaysWhatCameBeside) {
  const Octets packet = probe().bytes();
  Observation seen = on_a(error_about(packet, 11, 0));
  seen.push_back({Side::a, probe().bytes()});
  EXPECT_EQ(exactly({told(Side::a, packet, 11, 0)}).judge(seen),
            "and also " + describe(View(packet)));
  EXPECT_EQ(at_least({told(Side::a, packet, 11, 0)}).judge(seen), "");
  EXPECT_EQ(exactly({told(Side::a, packet, 11, 0)}).judge({}), "it did not come");
}

TEST(Either, TakesAnyOfItsChoices) {
  const Expectation either_way =
      either({silence(), exactly({forwarded(Side::a, probe().bytes())})});
  EXPECT_EQ(either_way.judge({}), "");
  EXPECT_EQ(either_way.judge(on_a(probe().ttl(1))), "");
  EXPECT_NE(either_way.judge(on_a(probe())), "");
}

TEST(EchoReply, ReturnsEverythingFromTheAddressAsked) {
  const Octets request = Datagram(kFrom, kTo, kIcmp, icmp(8, 0, 7, pattern(9))).bytes();
  const Datagram reply(kTo, kFrom, kIcmp, icmp(0, 0, 7, pattern(9)));
  const Expectation expected = exactly({echo_reply(Side::a, request)});
  EXPECT_EQ(expected.judge(on_a(reply)), "");
  EXPECT_EQ(expected.judge(on_a(reply.from(kRouter))), "it comes from 192.0.2.254");
  EXPECT_NE(expected.judge(on_a(reply.payload(icmp(0, 0, 7, pattern(8))))), "");
  EXPECT_NE(expected.judge(on_a(reply.payload(icmp(0, 0, 8, pattern(9))))), "");
}

// RFC 9293 section 3.10.7.1.
TEST(Reset, HasTheNumbersOfTheSegment) {
  const Octets syn = Datagram(kFrom, kTo, kTcp, tcp(kFrom, kTo, 5, 6, kSyn, 0x100, 0)).bytes();
  const auto answer = [](unsigned flags, std::uint32_t sequence, std::uint32_t acknowledgment) {
    return on_a({kTo, kFrom, kTcp, tcp(kTo, kFrom, 6, 5, flags, sequence, acknowledgment)});
  };
  const Expectation expected = exactly({reset(Side::a, syn)});
  EXPECT_EQ(expected.judge(answer(kRst | kAck, 0, 0x101)), "");
  EXPECT_EQ(expected.judge(answer(kRst | kAck, 0, 0x100)), "it does not acknowledge the segment");
  EXPECT_EQ(expected.judge(answer(kRst, 0, 0x101)), "it is not <SEQ=0><CTL=RST,ACK>");
  EXPECT_EQ(expected.judge(answer(kAck, 0, 0x101)), "it is no reset");
}

/// Datagram of 100 bytes of data with an option of each kind, as fragments for an MTU of 68.
struct Cuts {
  Datagram whole = probe().payload(pattern(100)).options({0x1e, 4, 1, 2, 0x9e, 4, 3, 4}).ttl(9);
  Datagram first = whole.ttl(8).payload(slice(0, 40)).fragment(0, true);
  Datagram second = piece(40, 40, true);
  Datagram third = piece(80, 20, false);

  static Octets slice(std::size_t at, std::size_t size) {
    const Octets all = pattern(100);
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(at);
    return {begin, begin + static_cast<std::ptrdiff_t>(size)};
  }
  [[nodiscard]] Datagram piece(std::size_t at, std::size_t size, bool more) const {
    return whole.ttl(8).options({0x9e, 4, 3, 4}).payload(slice(at, size)).fragment(at, more);
  }
  [[nodiscard]] std::string judge(const std::vector<Datagram>& pieces) const {
    Observation seen;
    for (const Datagram& one : pieces) seen.push_back({Side::c, one.bytes()});
    return fragments({Side::c, whole.bytes(), 68}).judge(seen);
  }
};

TEST(Fragments, MakeUpThePacket) {
  const Cuts cuts;
  EXPECT_EQ(cuts.judge({cuts.first, cuts.second, cuts.third}), "");
  EXPECT_EQ(cuts.judge({cuts.third, cuts.first, cuts.second}), "");
  EXPECT_EQ(cuts.judge({cuts.first, cuts.third}), "no fragment begins at 40");
  EXPECT_EQ(cuts.judge({cuts.first, cuts.second}), "the end is missing");
  EXPECT_EQ(cuts.judge({}), "nothing came");
}

TEST(Fragments, HaveTheFieldsOfThePacket) {
  const Cuts cuts;
  EXPECT_EQ(cuts.judge({cuts.first, cuts.second.id(1), cuts.third}), "the identification became 1");
  EXPECT_EQ(cuts.judge({cuts.first, cuts.second.tos(4), cuts.third}), "the TOS became 0x04");
  EXPECT_EQ(cuts.judge({cuts.first, cuts.second.reserved(), cuts.third}),
            "the reserved flag changed");
  EXPECT_EQ(cuts.judge({cuts.first, cuts.second, cuts.piece(80, 20, true)}),
            "more-fragments is wrong");
  EXPECT_EQ(
      cuts.judge({cuts.first, cuts.second.options({0x1e, 4, 1, 2, 0x9e, 4, 3, 4}), cuts.third}),
      "the options of the fragment at 40 are 1e0401029e040304");
  EXPECT_EQ(cuts.judge({cuts.first, cuts.second.ttl(9), cuts.third}),
            "the TTL was not decremented");
  EXPECT_EQ(cuts.judge({cuts.first, cuts.second.payload(Octets(40)), cuts.third}),
            "the data of the fragment at 40 are wrong");
}

TEST(PutTogether, MakesTheDatagramOfItsFragments) {
  const Datagram echo(kFrom, kTo, kIcmp, icmp(8, 0, 1, pattern(40)));
  const Octets all = echo.payload_bytes();
  const auto part = [&](std::size_t at, std::size_t size, bool more) {
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(at);
    return Seen{Side::a, echo.payload({begin, begin + static_cast<std::ptrdiff_t>(size)})
                             .fragment(at, more)
                             .bytes()};
  };
  const Observation whole = put_together({part(24, 24, false), part(0, 24, true)});
  ASSERT_EQ(whole.size(), 1U);
  EXPECT_EQ(hex(whole.front().packet), hex(echo.bytes()));
  EXPECT_EQ(put_together({part(0, 24, true)}).size(), 1U);
  EXPECT_EQ(put_together({part(0, 16, true), part(24, 24, false)}).size(), 2U);
}

}  // namespace
}  // namespace hop::conform
