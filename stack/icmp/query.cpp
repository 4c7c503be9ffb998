#include "stack/icmp/query.hpp"

namespace hop {
namespace {

constexpr std::size_t kReceiveTime = 12;
constexpr std::size_t kTransmitTime = 16;
constexpr std::size_t kAddressMask = 8;
constexpr std::size_t kAddressMaskSize = 12;  // RFC 950 appendix I

bool answer_timestamp(MutBytes message, Instant now) noexcept {
  if (message.size() < kIcmpTimestampSize) return false;
  const std::uint32_t time = milliseconds_since_midnight(now);
  store_be<std::uint32_t>(message, kReceiveTime, time);
  store_be<std::uint32_t>(message, kTransmitTime, time);
  write_icmp({.type = IcmpType::timestamp_reply, .rest = load_be<std::uint32_t>(message, 4)},
             message);
  return true;
}

bool answer_address_mask(MutBytes message, std::uint32_t mask) noexcept {
  if (message.size() < kAddressMaskSize) return false;
  store_be<std::uint32_t>(message, kAddressMask, mask);
  write_icmp({.type = IcmpType::address_mask_reply, .rest = load_be<std::uint32_t>(message, 4)},
             message);
  return true;
}

}  // namespace

std::optional<IcmpType> reply_type(IcmpType query) {
  if (query == IcmpType::echo) return IcmpType::echo_reply;
  if (query == IcmpType::timestamp) return IcmpType::timestamp_reply;
  if (query == IcmpType::information_request) return IcmpType::information_reply;
  if (query == IcmpType::address_mask_request) return IcmpType::address_mask_reply;
  return std::nullopt;
}

bool answer_query(MutBytes message, const QueryFacts& facts) noexcept {
  const auto query = static_cast<IcmpType>(byte_at(message, 0));
  if (query == IcmpType::timestamp) return answer_timestamp(message, facts.now);
  if (query == IcmpType::address_mask_request) return answer_address_mask(message, facts.mask);
  const auto reply = reply_type(query);
  if (!reply) return false;
  rewrite_icmp_type(message, query, *reply);
  return true;
}

}  // namespace hop
