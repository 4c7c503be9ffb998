#include "tools/config/units.hpp"

#include <gtest/gtest.h>

#include "tools/config/suggest.hpp"

namespace hop {
namespace {

using namespace std::chrono_literals;

struct DurationCase {
  std::string_view text;
  std::optional<Duration> want;
};

class Durations : public testing::TestWithParam<DurationCase> {};

TEST_P(Durations, AreReadExactly) { EXPECT_EQ(parse_duration(GetParam().text), GetParam().want); }

INSTANTIATE_TEST_SUITE_P(
    Table, Durations,
    testing::Values(DurationCase{"5ms", 5ms}, DurationCase{"0s", 0s}, DurationCase{"100us", 100us},
                    DurationCase{"7ns", 7ns}, DurationCase{"1.5s", 1500ms},
                    DurationCase{"2min", 120s}, DurationCase{"0.5min", 30s},
                    DurationCase{"1.000000001s", 1'000'000'001ns}, DurationCase{"1440min", 24h},
                    DurationCase{"1441min", {}}, DurationCase{"1.5ns", {}}, DurationCase{"5", {}},
                    DurationCase{"ms", {}}, DurationCase{"", {}}, DurationCase{"5 ms", {}},
                    DurationCase{"-5ms", {}}, DurationCase{"+5ms", {}}, DurationCase{"5MS", {}},
                    DurationCase{"5m", {}}, DurationCase{"5h", {}}, DurationCase{"1.s", {}},
                    DurationCase{".5s", {}}, DurationCase{"1.2.3s", {}}, DurationCase{"1e3s", {}},
                    DurationCase{"05ms", {}}, DurationCase{"18446744073709551616ns", {}},
                    DurationCase{"999999999999999999min", {}}));

struct RateCase {
  std::string_view text;
  std::optional<std::uint64_t> want;
};

class BitRates : public testing::TestWithParam<RateCase> {};

TEST_P(BitRates, AreInUnitsOfTc) { EXPECT_EQ(parse_bit_rate(GetParam().text), GetParam().want); }

INSTANTIATE_TEST_SUITE_P(Table, BitRates,
                         testing::Values(RateCase{"500bit", 500}, RateCase{"100kbit", 100'000},
                                         RateCase{"10mbit", 10'000'000},
                                         RateCase{"1gbit", 1'000'000'000},
                                         RateCase{"2.5gbit", 2'500'000'000}, RateCase{"0bit", {}},
                                         RateCase{"10", {}}, RateCase{"10mbps", {}},
                                         RateCase{"10Mbit", {}}, RateCase{"10mbit/s", {}},
                                         RateCase{"1.5bit", {}}, RateCase{"99999999999gbit", {}}));

struct ShareCase {
  std::string_view text;
  std::optional<std::uint32_t> billionths;
};

class Shares : public testing::TestWithParam<ShareCase> {};

TEST_P(Shares, AreReadExactly) {
  const auto share = parse_share(GetParam().text);
  EXPECT_EQ(share ? std::optional{share->billionths()} : std::nullopt, GetParam().billionths);
  if (share) {
    EXPECT_EQ(share_text(*share), GetParam().text);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, Shares,
    testing::Values(ShareCase{"0%", 0}, ShareCase{"10%", 100'000'000}, ShareCase{"0.05%", 500'000},
                    ShareCase{"0.0000001%", 1}, ShareCase{"99.9999999%", 999'999'999},
                    ShareCase{"100%", 1'000'000'000}, ShareCase{"12.305%", 123'050'000},
                    ShareCase{"100.1%", {}}, ShareCase{"0.00000001%", {}}, ShareCase{"10", {}},
                    ShareCase{"0.1", {}}, ShareCase{"%", {}}, ShareCase{"-1%", {}},
                    ShareCase{"1 %", {}}, ShareCase{"", {}}));

TEST(ByteCounts, AreInUnitsOfBytes) {
  EXPECT_EQ(parse_byte_count("1500B"), 1500U);
  EXPECT_EQ(parse_byte_count("64kB"), 64'000U);
  EXPECT_EQ(parse_byte_count("64KiB"), 65'536U);
  EXPECT_EQ(parse_byte_count("1.5MB"), 1'500'000U);
  EXPECT_EQ(parse_byte_count("1MiB"), 1'048'576U);
  for (const std::string_view bad : {"1500", "64kb", "64KB", "64k", "1.5B", "1bit", "kB", ""}) {
    EXPECT_EQ(parse_byte_count(bad), std::nullopt) << bad;
  }
}

TEST(Texts, AreInTheLargestUnitThatIsExact) {
  EXPECT_EQ(duration_text(0ns), "0ns");
  EXPECT_EQ(duration_text(5ms), "5ms");
  EXPECT_EQ(duration_text(1500us), "1500us");
  EXPECT_EQ(duration_text(2min), "2min");
  EXPECT_EQ(duration_text(7ns), "7ns");
  EXPECT_EQ(bit_rate_text(1'000'000), "1mbit");
  EXPECT_EQ(bit_rate_text(1'500), "1500bit");
  EXPECT_EQ(bit_rate_text(2'000'000'000), "2gbit");
  EXPECT_EQ(byte_count_text(64'000), "64kB");
  EXPECT_EQ(byte_count_text(65'536), "64KiB");
  EXPECT_EQ(byte_count_text(1'501), "1501B");
}

TEST(EventRates, ArePerSecond) {
  EXPECT_EQ(parse_event_rate("100/s"), 100U);
  EXPECT_EQ(parse_event_rate("4294967294/s"), 4294967294U);
  for (const std::string_view bad : {"100", "0/s", "/s", "1.5/s", "100/min", "4294967295/s", ""}) {
    EXPECT_EQ(parse_event_rate(bad), std::nullopt) << bad;
  }
}

TEST(Numbers, ArePlainDecimals) {
  EXPECT_EQ(parse_number<std::uint8_t>("255"), 255);
  EXPECT_EQ(parse_number<std::uint64_t>("18446744073709551615"), 18446744073709551615U);
  for (const std::string_view bad : {"256", "-1", "+1", "01", "0x1", "1.0", " 1", "1 ", ""}) {
    EXPECT_EQ(parse_number<std::uint8_t>(bad), std::nullopt) << bad;
  }
}

TEST(Suggestions, AreMadeForASlipButNotForAnotherWord) {
  const std::string_view known[] = {"delay", "rate", "source-routing", "r1"};
  EXPECT_EQ(did_you_mean("dealy", known), "; did you mean 'delay'?");
  EXPECT_EQ(did_you_mean("rat", known), "; did you mean 'rate'?");
  EXPECT_EQ(did_you_mean("sourcerouting", known), "; did you mean 'source-routing'?");
  EXPECT_EQ(did_you_mean("r2", known), "");
  EXPECT_EQ(did_you_mean("jitter", known), "");
  EXPECT_EQ(did_you_mean("", known), "");
}

}  // namespace
}  // namespace hop
