// Causes and the messages they become (RFC 792, RFC 1191, RFC 1812 section 4.3.3).

#include "stack/icmp/cause.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string_view>

#include "tests/stack/icmp/case_name.hpp"

namespace hop {
namespace {

IcmpPolicy with_mtu_hidden() {
  IcmpPolicy policy;
  policy.next_hop_mtu = 0;
  return policy;
}

struct CauseCase {
  std::string_view name;
  Cause cause;
  int type, code;
  std::uint32_t rest = 0;
  IcmpPolicy policy{};
};
std::ostream& operator<<(std::ostream& out, const CauseCase& row) { return out << row.name; }

class MessageFor : public ::testing::TestWithParam<CauseCase> {};

TEST_P(MessageFor, HasTheTypeCodeAndRestOfHeader) {
  const CauseCase& row = GetParam();
  const IcmpMessage message = message_for(row.cause, row.policy);
  EXPECT_EQ(static_cast<int>(message.type), row.type);
  EXPECT_EQ(message.code, row.code);
  EXPECT_EQ(message.rest, row.rest);
}

INSTANTIATE_TEST_SUITE_P(
    Rfc792, MessageFor,
    ::testing::Values(
        CauseCase{"TtlExpired", TtlExpired{}, 11, 0},
        CauseCase{"ReassemblyTimeout", ReassemblyTimeout{}, 11, 1},
        CauseCase{"PointerIsTheHighestByte", BadParameter{20}, 12, 0, 0x14000000},
        CauseCase{"PointerAbove127", BadParameter{255}, 12, 0, 0xff000000},
        CauseCase{"PointerZero", BadParameter{0}, 12, 0, 0},
        CauseCase{"BadLength", BadParameter{20, ParameterProblemCode::bad_length}, 12, 2,
                  0x14000000},
        // RFC 1108 section 2.8.1: the pointer is the type of the option.
        CauseCase{"MissingOption", MissingOption{OptionType::security}, 12, 1, 0x82000000},
        CauseCase{"QueueOverflow", QueueOverflow{}, 4, 0},
        // RFC 1812 section 5.2.7.2: host redirects, never network redirects.
        CauseCase{"HostRedirect", BetterNextHop{Ipv4Address{10, 0, 1, 3}}, 5, 1, 0x0a000103}),
    kCaseName);

INSTANTIATE_TEST_SUITE_P(Rfc1191, MessageFor,
                         ::testing::Values(CauseCase{"NextHopMtu", FragNeeded{1400}, 3, 4, 1400},
                                           CauseCase{"Mtu68", FragNeeded{68}, 3, 4, 68},
                                           CauseCase{"Mtu65535", FragNeeded{65535}, 3, 4, 65535},
                                           CauseCase{"ZeroWhenNotHonest", FragNeeded{1400}, 3, 4, 0,
                                                     with_mtu_hidden()}),
                         kCaseName);

TEST(MessageFor, GivesEveryUnreachableCodeAndLeavesTheRestZero) {
  for (std::uint8_t code = 0; code < kUnreachableCodes; ++code) {
    const Unreachable cause{static_cast<UnreachableCode>(code)};
    const IcmpMessage message = message_for(cause, IcmpPolicy{});
    EXPECT_EQ(message.type, IcmpType::dest_unreachable);
    EXPECT_EQ(message.code, code);
    EXPECT_EQ(message.rest, 0U) << "code " << int{code};
  }
}

}  // namespace
}  // namespace hop
