#include "stack/icmp/query.hpp"

namespace hop {
namespace {

constexpr std::size_t kReceiveTime = 12;
constexpr std::size_t kTransmitTime = 16;

}  // namespace

void answer_echo(MutBytes message) noexcept { rewrite_icmp_type(message, IcmpType::echo_reply); }

void answer_timestamp(MutBytes message, Instant now) noexcept {
  const std::uint32_t time = milliseconds_since_midnight(now);
  store_be<std::uint32_t>(message, kReceiveTime, time);
  store_be<std::uint32_t>(message, kTransmitTime, time);
  write_icmp({.type = IcmpType::timestamp_reply, .rest = load_be<std::uint32_t>(message, 4)},
             message);
}

}  // namespace hop
