#pragma once
// Packets for tests, composed by layering:
//   ip().src("10.0.0.2").dst("192.0.2.9").ttl(1) / icmp_echo({.id = 7, .seq = 1}, "abc")
// The encoder is the tests' own, independent of stack/wire.

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <ostream>
#include <string_view>
#include <vector>

#include "stack/base/bytes.hpp"

namespace hop::testing {

/// A packet as a value, with ways to break it afterwards.
class Packet {
 public:
  Packet() = default;
  explicit Packet(Bytes bytes) : bytes_(bytes.begin(), bytes.end()) {}
  explicit Packet(std::vector<std::byte> bytes) : bytes_(std::move(bytes)) {}

  // NOLINTBEGIN(google-explicit-constructor): a packet is bytes wherever bytes are wanted
  operator Bytes() const { return bytes_; }
  operator std::vector<std::byte>() const { return bytes_; }
  // NOLINTEND(google-explicit-constructor)
  [[nodiscard]] Bytes bytes() const { return bytes_; }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }

  /// The header checksum set to `value`, right or wrong.
  [[nodiscard]] Packet with_checksum(std::uint16_t value) const;
  /// The total length set to `value`, the header checksum right for it.
  [[nodiscard]] Packet with_total_length(std::uint16_t value) const;
  /// The header length set to `words`, the header checksum right over the header as before.
  [[nodiscard]] Packet with_ihl(std::uint8_t words) const;
  /// The TTL set to `value`, the header checksum right for it: what a router makes of a packet.
  [[nodiscard]] Packet with_ttl(std::uint8_t value) const;
  /// The header checksum computed again over IHL * 4 bytes.
  [[nodiscard]] Packet resummed() const;
  /// Only the first `count` bytes, no field changed.
  [[nodiscard]] Packet truncated(std::size_t count) const;
  /// `count` bytes 0xa5 behind the end, no field changed: padding of the link.
  [[nodiscard]] Packet padded(std::size_t count) const;

  friend bool operator==(const Packet&, const Packet&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Packet& packet);

 private:
  std::vector<std::byte> bytes_;
};

/// The byte at `offset` set to `value`, nothing else: no checksum follows.
[[nodiscard]] Packet patched(const Packet& packet, std::size_t offset, std::uint8_t value);

/// What a payload can be made of: text, bytes or another packet (which an ICMP error quotes).
struct Payload {
  // NOLINTBEGIN(google-explicit-constructor)
  Payload() = default;
  Payload(const char* text) : Payload(std::string_view{text}) {}
  Payload(std::string_view text) : bytes(as_bytes(std::span{text})) {}
  Payload(Bytes content) : bytes(content) {}
  Payload(const std::vector<std::byte>& content) : bytes(content) {}
  template <std::size_t N>
  Payload(const std::array<std::byte, N>& content) : bytes(content) {}
  Payload(const Packet& packet) : bytes(packet.bytes()) {}
  // NOLINTEND(google-explicit-constructor)

  Bytes bytes;  ///< of the argument, so a payload is a parameter only, never kept
};

/// What follows the IP header.
class Layer {
 public:
  /// How the checksum field of a protocol is computed once the addresses are known.
  enum class Sum : std::uint8_t { none, own, pseudo_header };

  Layer(std::uint8_t protocol, std::vector<std::byte> bytes, Sum sum, std::size_t checksum_at);

  /// The checksum field set to `value` instead of the right one.
  [[nodiscard]] Layer checksum(std::uint16_t value) const;

  [[nodiscard]] std::uint8_t protocol() const { return protocol_; }
  [[nodiscard]] std::vector<std::byte> encode(std::uint32_t src, std::uint32_t dst,
                                              std::uint8_t protocol) const;

 private:
  std::uint8_t protocol_;
  std::vector<std::byte> bytes_;
  Sum sum_;
  std::size_t checksum_at_;
  std::optional<std::uint16_t> checksum_;
};

/// An IP header in the making. Lengths and checksum follow from what it is put in front of.
class Ip {
 public:
  Ip& src(std::string_view address);
  Ip& dst(std::string_view address);
  Ip& ttl(std::uint8_t value);
  Ip& tos(std::uint8_t value);
  Ip& id(std::uint16_t value);
  Ip& df();
  Ip& mf();
  Ip& reserved_bit();
  /// Of a fragment, in bytes; a multiple of 8.
  Ip& offset(std::size_t bytes);
  /// The options' bytes, padded with zeros to a multiple of 4.
  Ip& options(std::initializer_list<std::uint8_t> bytes);
  Ip& options(Bytes bytes);
  /// Instead of the protocol number of the layer that follows.
  Ip& protocol(std::uint8_t number);

  friend Packet operator/(const Ip& header, const Layer& layer);

 private:
  std::uint32_t src_ = 0xc0000201;  // 192.0.2.1
  std::uint32_t dst_ = 0xc0000202;  // 192.0.2.2
  std::uint8_t ttl_ = 64;
  std::uint8_t tos_ = 0;
  std::uint16_t id_ = 0;
  std::uint16_t fragment_ = 0;
  std::vector<std::byte> options_;
  std::optional<std::uint8_t> protocol_;
};

[[nodiscard]] Ip ip();

struct Echo {
  std::uint16_t id = 0;
  std::uint16_t seq = 0;
};
[[nodiscard]] Layer icmp_echo(Echo echo, Payload payload = {});
[[nodiscard]] Layer icmp_echo_reply(Echo echo, Payload payload = {});
/// Any ICMP message: `rest` is the rest of its header, `payload` what follows.
[[nodiscard]] Layer icmp(std::uint8_t type, std::uint8_t code, std::uint32_t rest = 0,
                         Payload payload = {});

[[nodiscard]] Layer udp(std::uint16_t sport, std::uint16_t dport, Payload payload = {});

inline constexpr std::uint8_t kFin = 0x01, kSyn = 0x02, kRst = 0x04, kAck = 0x10;
struct Tcp {
  std::uint16_t sport = 0, dport = 0;
  std::uint32_t seq = 0, ack = 0;
  std::uint8_t flags = 0;
  std::uint16_t window = 0;
};
[[nodiscard]] Layer tcp(Tcp header, Payload payload = {});
[[nodiscard]] Layer tcp_syn(std::uint16_t sport, std::uint16_t dport, std::uint32_t seq = 1);

/// Bytes without a meaning: protocol 253 (RFC 4727 section 2.3) unless the IP header says
/// otherwise.
[[nodiscard]] Layer raw(Payload payload = {});

/// The packet cut into fragments whose payloads have these sizes; what is left makes one more.
/// Options without the copied flag stay in the first one (RFC 791 section 3.1).
[[nodiscard]] std::vector<Packet> fragments(const Packet& packet,
                                            std::initializer_list<std::size_t> sizes);

}  // namespace hop::testing
