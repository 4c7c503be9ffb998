#include "stack/base/mib.hpp"

#include <array>
#include <utility>

namespace hop {
namespace {

// In the order of the enumeration.
constexpr std::array<std::string_view, std::to_underlying(Mib::counters_)> kNames{
    "",
    "IpInReceives",
    "IpInHdrErrors",
    "IpInAddrErrors",
    "IpInUnknownProtos",
    "IpInDiscards",
    "IpInDelivers",
    "IpForwDatagrams",
    "IpOutRequests",
    "IpOutDiscards",
    "IpOutNoRoutes",
    "IpReasmTimeout",
    "IpReasmReqds",
    "IpReasmOKs",
    "IpReasmFails",
    "IpFragOKs",
    "IpFragFails",
    "IpFragCreates",
    "IpExtInNoRoutes",
    "IpExtInTruncatedPkts",
    "IpExtInCsumErrors",
    "IcmpInMsgs",
    "IcmpInErrors",
    "IcmpInCsumErrors",
    "IcmpOutMsgs",
    "IcmpOutErrors",
    "IcmpOutRateLimitGlobal",
    "IcmpOutRateLimitHost",
    "UdpInDatagrams",
    "UdpNoPorts",
    "UdpInErrors",
    "UdpInCsumErrors",
    "UdpOutDatagrams",
    "TcpPassiveOpens",
    "TcpAttemptFails",
    "TcpEstabResets",
    "TcpInSegs",
    "TcpOutSegs",
    "TcpRetransSegs",
    "TcpInErrs",
    "TcpInCsumErrors",
    "TcpOutRsts",
};

}  // namespace

std::string_view name(Mib counter) { return kNames[std::to_underlying(counter)]; }

}  // namespace hop
