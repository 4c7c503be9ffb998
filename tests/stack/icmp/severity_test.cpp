// Soft and hard errors (RFC 1122 sections 3.2.2.1 and 4.2.3.9, RFC 1191).

#include "stack/icmp/severity.hpp"

#include <gtest/gtest.h>

namespace hop {
namespace {

TEST(SeverityOf, FollowsRfc1122Sections3_2_2_1And4_2_3_9) {
  struct {
    IcmpType type;
    std::uint8_t code;
    Severity severity;
  } const rows[] = {
      {IcmpType::dest_unreachable, 0, Severity::hint},
      {IcmpType::dest_unreachable, 1, Severity::hint},
      {IcmpType::dest_unreachable, 2, Severity::final},
      {IcmpType::dest_unreachable, 3, Severity::final},
      {IcmpType::dest_unreachable, 4, Severity::too_big},
      {IcmpType::dest_unreachable, 5, Severity::hint},
      {IcmpType::dest_unreachable, 6, Severity::final},
      {IcmpType::dest_unreachable, 7, Severity::final},
      {IcmpType::dest_unreachable, 8, Severity::final},
      {IcmpType::dest_unreachable, 9, Severity::final},
      {IcmpType::dest_unreachable, 10, Severity::final},
      {IcmpType::dest_unreachable, 11, Severity::hint},
      {IcmpType::dest_unreachable, 12, Severity::hint},
      {IcmpType::dest_unreachable, 13, Severity::final},
      {IcmpType::dest_unreachable, 14, Severity::final},
      {IcmpType::dest_unreachable, 15, Severity::final},
      {IcmpType::dest_unreachable, 16, Severity::hint},
      {IcmpType::time_exceeded, 0, Severity::hint},
      {IcmpType::time_exceeded, 1, Severity::hint},
      {IcmpType::parameter_problem, 0, Severity::hint},
      {IcmpType::parameter_problem, 2, Severity::hint},
      {IcmpType::redirect, 1, Severity::other_way},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(severity_of({.type = row.type, .code = row.code}), row.severity)
        << name(row.type) << " " << int{row.code};
  }
}

}  // namespace
}  // namespace hop
