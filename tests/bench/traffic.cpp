#include "tests/bench/traffic.hpp"

#include <algorithm>

#include "tests/bench/failure.hpp"
#include "tests/bench/raw.hpp"

namespace hop::bench {
namespace {

using Kind = TrafficOptions::Kind;
using Bytes = std::span<const std::byte>;

constexpr std::size_t kLeastSize = raw::kIcmpData;
constexpr std::size_t kMostSize = 65535;
constexpr std::uint16_t kIdentifier = 0x4242;
constexpr std::uint16_t kSourcePort = 33000;
constexpr std::uint16_t kDestinationPort = 33434;  // traceroute's first
constexpr std::size_t kUdpChecksum = raw::kHeader + 6;

std::uint32_t address(Bytes packet, std::size_t at) {
  return raw::number<std::uint32_t>(packet.data() + at);
}

unsigned byte(Bytes packet, std::size_t at) { return std::to_integer<unsigned>(packet[at]); }

bool same(Bytes one, Bytes other, std::size_t from, std::size_t to) {
  return std::ranges::equal(one.subspan(from, to - from), other.subspan(from, to - from));
}

// The header, without options, is whole and says how long the packet is.
bool has_sound_header(Bytes packet) {
  return packet[0] == std::byte{0x45} &&
         raw::number<std::uint16_t>(packet.data() + raw::kTotalLength) == packet.size() &&
         raw::sums_up(packet.data(), raw::kHeader) && byte(packet, raw::kTtl) > 0;
}

bool has_sound_message(Bytes packet) {
  return byte(packet, raw::kProtocol) == raw::kIcmp &&
         raw::sums_up(packet.data() + raw::kHeader, packet.size() - raw::kHeader);
}

void put_echo(std::byte* packet, std::size_t size, unsigned number) {
  packet[raw::kHeader] = std::byte{raw::kEcho};
  raw::put_number(packet + raw::kIcmpRest, kIdentifier);
  raw::put_number(packet + raw::kIcmpRest + 2, static_cast<std::uint16_t>(number));
  raw::put_checksum(packet + raw::kHeader, size - raw::kHeader, packet + raw::kIcmpChecksum);
}

// The checksum is over a pseudo header, too (RFC 768): it is built where the IP header, which comes
// later, ends.
void put_udp(std::byte* packet, std::size_t size) {
  const auto length = static_cast<std::uint16_t>(size - raw::kHeader);
  raw::put_number(packet + raw::kHeader, kSourcePort);
  raw::put_number(packet + raw::kHeader + 2, kDestinationPort);
  raw::put_number(packet + raw::kHeader + 4, length);
  raw::put_number(packet + 8, std::uint16_t{raw::kUdp});
  raw::put_number(packet + 10, length);
  raw::put_checksum(packet + 8, size - 8, packet + kUdpChecksum);
  // RFC 768: 0 means that there is none.
  if (raw::as_is<std::uint16_t>(packet + kUdpChecksum) == 0) {
    raw::put_number(packet + kUdpChecksum, std::uint16_t{0xffff});
  }
}

void put_header(std::byte* packet, std::size_t size, std::uint8_t ttl, bool is_echo,
                unsigned number) {
  packet[0] = std::byte{0x45};
  packet[raw::kTos] = std::byte{0};
  raw::put_number(packet + raw::kTotalLength, static_cast<std::uint16_t>(size));
  raw::put_number(packet + raw::kId, static_cast<std::uint16_t>(number));
  raw::put_number(packet + raw::kId + 2, std::uint16_t{0});
  packet[raw::kTtl] = std::byte{ttl};
  packet[raw::kProtocol] = std::byte{is_echo ? raw::kIcmp : raw::kUdp};
  raw::put_checksum(packet, raw::kHeader, packet + raw::kHeaderChecksum);
}

}  // namespace

Traffic::Traffic(const TrafficOptions& options)
    : options_(options), size_(options.size), bytes_(options.size * kNumbers) {
  if (size_ < kLeastSize || size_ > kMostSize) {
    throw Failure{"packets of " + std::to_string(size_) +
                  " bytes cannot be made; take 28 to 65535"};
  }
  for (unsigned number = 0; number < kNumbers; ++number) {
    build(bytes_.data() + number * size_, number);
  }
}

void Traffic::build(std::byte* packet, unsigned number) const {
  const bool is_echo = options_.kind == Kind::echo;
  const std::uint32_t to = options_.destination.value + number % options_.destinations * 256;
  raw::put_number(packet + raw::kSource, options_.source.value);
  raw::put_number(packet + raw::kDestination, to);
  for (std::size_t i = raw::kIcmpData; i < size_; ++i) packet[i] = std::byte(i);
  is_echo ? put_echo(packet, size_, number) : put_udp(packet, size_);
  put_header(packet, size_, options_.kind == Kind::time_exceeded ? 1 : options_.ttl, is_echo,
             number);
}

std::optional<unsigned> Traffic::number_of(Bytes answer) const noexcept {
  if (answer.size() < raw::kIcmpData || answer[0] != std::byte{0x45}) return {};
  const bool is_icmp = byte(answer, raw::kProtocol) == raw::kIcmp;
  std::size_t at = raw::kId;
  if (options_.kind == Kind::forward) {
    if (is_icmp || address(answer, raw::kSource) != options_.source.value) return {};
  } else {
    const unsigned type = options_.kind == Kind::echo ? raw::kEchoReply : raw::kTimeExceeded;
    at = options_.kind == Kind::echo ? raw::kIcmpRest + 2 : raw::kIcmpData + raw::kId;
    if (!is_icmp || answer.size() < at + 2 || byte(answer, raw::kHeader) != type ||
        address(answer, raw::kDestination) != options_.source.value) {
      return {};
    }
  }
  const unsigned number = raw::number<std::uint16_t>(answer.data() + at);
  return number < kNumbers ? std::optional{number} : std::nullopt;
}

bool Traffic::is_right(Bytes answer, unsigned number) const noexcept {
  if (answer.size() < kLeastSize || !has_sound_header(answer)) return false;
  const Bytes sent = packet(number);
  switch (options_.kind) {
    case Kind::echo:
      return is_reply(answer, sent);
    case Kind::forward:
      return is_forwarded(answer, sent);
    case Kind::time_exceeded:
      return is_error(answer, sent);
  }
  return false;
}

// TOS, identification, flags and TTL of a reply are the host's to choose.
bool Traffic::is_reply(Bytes answer, Bytes sent) const noexcept {
  return answer.size() == sent.size() && has_sound_message(answer) &&
         address(answer, raw::kSource) == address(sent, raw::kDestination) &&
         address(answer, raw::kDestination) == address(sent, raw::kSource) &&
         byte(answer, raw::kHeader) == raw::kEchoReply && byte(answer, raw::kHeader + 1) == 0 &&
         same(answer, sent, raw::kIcmpRest, sent.size());
}

// Of a forwarded packet the TTL is less, by one on one router, and all but the checksum is the
// same.
bool Traffic::is_forwarded(Bytes answer, Bytes sent) const noexcept {
  return answer.size() == sent.size() && byte(answer, raw::kTtl) < byte(sent, raw::kTtl) &&
         same(answer, sent, 0, raw::kTtl) && answer[raw::kProtocol] == sent[raw::kProtocol] &&
         same(answer, sent, raw::kSource, sent.size());
}

// What is quoted is as it was sent, but that the TTL may have been decremented before (RFC 1812
// section 4.3.2.3), and is the header and 64 bits at least.
bool Traffic::is_error(Bytes answer, Bytes sent) const noexcept {
  const Bytes quote = answer.subspan(raw::kIcmpData);
  return has_sound_message(answer) && byte(answer, raw::kHeader) == raw::kTimeExceeded &&
         byte(answer, raw::kHeader + 1) == 0 &&
         address(answer, raw::kDestination) == options_.source.value &&
         quote.size() >= kLeastSize && quote.size() <= sent.size() &&
         same(quote, sent, 0, raw::kTtl) && quote[raw::kProtocol] == sent[raw::kProtocol] &&
         same(quote, sent, raw::kSource, quote.size());
}

}  // namespace hop::bench
