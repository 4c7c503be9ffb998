// The catalogues of drop reasons and standard counters.

#include <gmock/gmock.h>

#include <set>
#include <vector>

#include "stack/base/drop_reason.hpp"
#include "tests/stack/base/row_name.hpp"

namespace hop {
namespace {

using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;

std::vector<DropReason> all_reasons() {
  std::vector<DropReason> all;
  for (unsigned i = 0; i < static_cast<unsigned>(DropReason::count_); ++i) {
    all.push_back(static_cast<DropReason>(i));
  }
  return all;
}

TEST(DropReasons, EachHasItsOwnRow) {
  for (const DropReason why : all_reasons()) EXPECT_EQ(row(why).id, why) << name(why);
}

TEST(DropReasons, NamesAreUnique) {
  std::set<std::string_view> names;
  for (const DropReason why : all_reasons()) {
    EXPECT_TRUE(names.insert(name(why)).second) << name(why);
  }
}

TEST(DropReasons, NamesAreLowerCaseWithDashes) {
  for (const DropReason why : all_reasons()) {
    EXPECT_THAT(std::string{name(why)}, MatchesRegex("[a-z0-9]+(-[a-z0-9]+)*"));
  }
}

TEST(DropReasons, EveryRuleNamesItsSource) {
  for (const DropReason why : all_reasons()) {
    if (why != DropReason::none) {
      EXPECT_THAT(row(why).source, Not(IsEmpty())) << name(why);
    }
  }
}

TEST(DropReasons, CountInACounterThatExists) {
  for (const DropReason why : all_reasons()) EXPECT_LT(row(why).mib, Mib::counters_) << name(why);
}

struct ReasonCase {
  std::string_view name;
  DropReason why;
  std::string_view text;
  Mib mib;
};
class DropReasonRow : public ::testing::TestWithParam<ReasonCase> {};

// The counters as RFC 4293, RFC 4113 and nstat(8) define them.
TEST_P(DropReasonRow, CountsAsRfc4293Says) {
  EXPECT_EQ(name(GetParam().why), GetParam().text);
  EXPECT_EQ(row(GetParam().why).mib, GetParam().mib);
}

INSTANTIATE_TEST_SUITE_P(
    Table, DropReasonRow,
    ::testing::Values(
        ReasonCase{"version", DropReason::ipv4_bad_version, "ipv4-bad-version",
                   Mib::ip_in_hdr_errors},
        ReasonCase{"ttl", DropReason::ttl_expired, "ttl-expired", Mib::ip_in_hdr_errors},
        ReasonCase{"protocol", DropReason::protocol_unreachable, "protocol-unreachable",
                   Mib::ip_in_unknown_protos},
        ReasonCase{"port", DropReason::port_unreachable, "port-unreachable", Mib::udp_no_ports},
        ReasonCase{"loopback", DropReason::destination_loopback, "destination-loopback",
                   Mib::ip_in_addr_errors},
        ReasonCase{"frag_needed", DropReason::frag_needed, "frag-needed", Mib::ip_frag_fails},
        ReasonCase{"overlap", DropReason::fragment_overlap, "fragment-overlap",
                   Mib::ip_reasm_fails},
        ReasonCase{"icmp", DropReason::icmp_bad_checksum, "icmp-bad-checksum",
                   Mib::icmp_in_csum_errors},
        ReasonCase{"udp", DropReason::udp_bad_checksum, "udp-bad-checksum",
                   Mib::udp_in_csum_errors}),
    kRowName);

TEST(StandardCounters, NamesAreUniqueAndCarryTheirGroup) {
  std::set<std::string_view> names;
  for (unsigned i = 1; i < static_cast<unsigned>(Mib::counters_); ++i) {
    const std::string_view text = name(static_cast<Mib>(i));
    EXPECT_TRUE(names.insert(text).second) << text;
    EXPECT_THAT(std::string{text}, MatchesRegex("(IpExt|Ip|Icmp|Udp|Tcp)[A-Z][A-Za-z]+"));
  }
}

struct CounterCase {
  std::string_view name;  ///< as nstat(8) prints it
  Mib counter;
};
class StandardCounter : public ::testing::TestWithParam<CounterCase> {};

TEST_P(StandardCounter, HasTheNameOfNstat) { EXPECT_EQ(name(GetParam().counter), GetParam().name); }

INSTANTIATE_TEST_SUITE_P(
    Table, StandardCounter,
    ::testing::Values(CounterCase{"IpInReceives", Mib::ip_in_receives},
                      CounterCase{"IpInHdrErrors", Mib::ip_in_hdr_errors},
                      CounterCase{"IpInAddrErrors", Mib::ip_in_addr_errors},
                      CounterCase{"IpInUnknownProtos", Mib::ip_in_unknown_protos},
                      CounterCase{"IpInDiscards", Mib::ip_in_discards},
                      CounterCase{"IpInDelivers", Mib::ip_in_delivers},
                      CounterCase{"IpForwDatagrams", Mib::ip_forw_datagrams},
                      CounterCase{"IpOutRequests", Mib::ip_out_requests},
                      CounterCase{"IpOutDiscards", Mib::ip_out_discards},
                      CounterCase{"IpOutNoRoutes", Mib::ip_out_no_routes},
                      CounterCase{"IpReasmTimeout", Mib::ip_reasm_timeout},
                      CounterCase{"IpReasmReqds", Mib::ip_reasm_reqds},
                      CounterCase{"IpReasmOKs", Mib::ip_reasm_oks},
                      CounterCase{"IpReasmFails", Mib::ip_reasm_fails},
                      CounterCase{"IpFragOKs", Mib::ip_frag_oks},
                      CounterCase{"IpFragFails", Mib::ip_frag_fails},
                      CounterCase{"IpFragCreates", Mib::ip_frag_creates},
                      CounterCase{"IpExtInNoRoutes", Mib::ip_in_no_routes},
                      CounterCase{"IpExtInTruncatedPkts", Mib::ip_in_truncated_pkts},
                      CounterCase{"IpExtInCsumErrors", Mib::ip_in_csum_errors},
                      CounterCase{"IcmpInMsgs", Mib::icmp_in_msgs},
                      CounterCase{"IcmpInErrors", Mib::icmp_in_errors},
                      CounterCase{"IcmpInCsumErrors", Mib::icmp_in_csum_errors},
                      CounterCase{"IcmpOutMsgs", Mib::icmp_out_msgs},
                      CounterCase{"IcmpOutErrors", Mib::icmp_out_errors},
                      CounterCase{"UdpInDatagrams", Mib::udp_in_datagrams},
                      CounterCase{"UdpNoPorts", Mib::udp_no_ports},
                      CounterCase{"UdpInErrors", Mib::udp_in_errors},
                      CounterCase{"UdpInCsumErrors", Mib::udp_in_csum_errors},
                      CounterCase{"UdpOutDatagrams", Mib::udp_out_datagrams},
                      CounterCase{"TcpPassiveOpens", Mib::tcp_passive_opens},
                      CounterCase{"TcpAttemptFails", Mib::tcp_attempt_fails},
                      CounterCase{"TcpEstabResets", Mib::tcp_estab_resets},
                      CounterCase{"TcpInSegs", Mib::tcp_in_segs},
                      CounterCase{"TcpOutSegs", Mib::tcp_out_segs},
                      CounterCase{"TcpRetransSegs", Mib::tcp_retrans_segs},
                      CounterCase{"TcpInErrs", Mib::tcp_in_errs},
                      CounterCase{"TcpInCsumErrors", Mib::tcp_in_csum_errors},
                      CounterCase{"TcpOutRsts", Mib::tcp_out_rsts}),
    kRowName);

}  // namespace
}  // namespace hop
