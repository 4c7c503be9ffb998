#pragma once
// What a node does with ICMP: the switches of `icmp:` in the topology file.

#include <bitset>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "stack/base/clock.hpp"
#include "stack/icmp/disclosure.hpp"
#include "stack/wire/icmp_numbers.hpp"
#include "stack/wire/ipv4_address.hpp"

namespace hop {

/// A named set of defaults for every switch of IcmpPolicy.
enum class Profile : std::uint8_t {
  rfc1812,     ///< the RFCs as updated to this day
  linux_like,  ///< where Linux departs from them on purpose ("linux")
  legacy,      ///< 1981: RFC 792 to the letter, header + 8 bytes, source quench
};

/// Which of its addresses a node sends an error from (RFC 1812 section 4.3.2.4).
enum class SourcePolicy : std::uint8_t {
  egress,   ///< of the interface the error leaves by
  ingress,  ///< of the interface the offending packet came in by: what traceroute users want
  fixed,    ///< IcmpPolicy::fixed_source
};

/// How the IP Identification of a node's own packets is chosen.
enum class IdPolicy : std::uint8_t {
  counter,
  random,
  zero,  ///< for tests that compare bytes; nobody can fragment what comes from there
};

/// How a parameter problem tells of an option with an impossible length.
struct BadLengthPolicy {
  ParameterProblemCode code = ParameterProblemCode::pointer;  ///< or bad_length (IANA)
  bool at_length = false;  ///< points at the length byte, as FreeBSD does, not at the type byte

  bool operator==(const BadLengthPolicy&) const = default;
};

/// A limit of its own for the messages of one type (RFC 1812 section 4.3.2.8). What is left out is
/// that of the node.
struct ClassLimit {
  IcmpType type;
  std::optional<std::uint32_t> rate{};   ///< per second, or IcmpPolicy::kUnlimited
  std::optional<std::uint32_t> burst{};  ///< at once, or IcmpPolicy::kUnlimited

  bool operator==(const ClassLimit&) const = default;
};

/// How long the control plane of a node takes to make an ICMP message: an error, or the answer to a
/// query. What is forwarded does not pass there.
struct SlowPathPolicy {
  Duration delay{};
  Duration jitter{};  ///< the delay is uniform between itself less and plus this; no more than it

  bool operator==(const SlowPathPolicy&) const = default;
};

/// The switches of ICMP at one node. The defaults are the profile rfc1812.
struct IcmpPolicy {
  static constexpr std::uint32_t kUnlimited = std::numeric_limits<std::uint32_t>::max();
  /// RFC 1812 section 4.3.2.3: the whole ICMP datagram within 576 bytes, so 576 - 20 - 8.
  static constexpr std::uint32_t kQuote576 = 548;
  /// RFC 792: the internet header and 64 bits, whatever the header's length. Smaller values of
  /// `quote` mean the same.
  static constexpr std::uint32_t kQuoteHeaderAnd8 = 28;

  /// Echo (8) and timestamp (13). The other queries of RFC 792 and RFC 950 are deprecated (RFC
  /// 6918).
  static constexpr std::bitset<256> kAnswers{1U << 8U | 1U << 13U};
  /// And information (15) and address mask (17), as in 1985.
  static constexpr std::bitset<256> kAllAnswers{1U << 8U | 1U << 13U | 1U << 15U | 1U << 17U};

  Profile profile = Profile::rfc1812;
  std::uint32_t rate = 1000;             ///< errors per second, or kUnlimited
  std::uint32_t burst = 1000;            ///< errors that may be sent at once
  std::vector<ClassLimit> class_limits;  ///< errors and replies with a limit of their own, by type
  std::uint32_t peer_rate = kUnlimited;  ///< errors per second to each receiver, above 0
  std::uint32_t peer_burst = 6;          ///< errors to each receiver at once, above 0
  SlowPathPolicy slow_path{};
  SourcePolicy source = SourcePolicy::egress;
  /// A router, too, sends errors about packets to itself from the address that was asked.
  bool answer_as_asked = false;
  Ipv4Address fixed_source;         ///< for SourcePolicy::fixed
  std::uint32_t quote = kQuote576;  ///< most bytes of the offending datagram that are returned
  std::uint8_t ttl = 64;  ///< of every packet the node itself sends (RFC 1812 section 4.3.2.2)
  IdPolicy id = IdPolicy::counter;
  std::optional<std::uint8_t> error_tos;  ///< bits of the TOS that errors keep; or by kind of node
  bool records_in_errors = false;         ///< echo record route and timestamp options in errors
  /// Record route and time as a packet arrives, with the address it came to, and again in answers.
  bool records_on_arrival = false;
  bool truncated = true;          ///< tell of packets that were cut short (RFC 1812 section 5.2.2)
  bool redirects = true;          ///< send them (RFC 1812 section 5.2.7.2)
  bool tos_redirects = false;     ///< with code 3 where the TOS matters, not 1 (5.2.7.2)
  bool redirect_backoff = false;  ///< ever fewer to a source that goes on as before
  bool source_quench = false;     ///< send them when a queue overflows; RFC 6633 says never
  /// What frag-needed says of the next hop's MTU, if not the truth: 0 as before RFC 1191, or a lie.
  std::optional<std::uint16_t> next_hop_mtu{};
  ExtensionPolicy extensions{};
  BadLengthPolicy bad_length{};
  std::bitset<256> answers = kAnswers;  ///< queries that are answered, by type
  bool broadcast_echo = false;          ///< answer echo to a broadcast or multicast, too
  ExtendedEchoPolicy extended_echo{};   ///< if that is among them
  std::bitset<256> silent;  ///< by type: messages, errors and replies alike, that are never sent
  std::bitset<256> silent_unreachable;  ///< by code: destination unreachable that is never sent

  /// The defaults of a profile.
  [[nodiscard]] static IcmpPolicy of(Profile profile);
  /// May this message, an error or a reply, not be sent?
  [[nodiscard]] bool silences(IcmpType type, std::uint8_t code = 0) const {
    return silent[std::to_underlying(type)] ||
           (type == IcmpType::dest_unreachable && silent_unreachable[code]);
  }
  /// The limit of messages of `type`, made if there is none yet.
  [[nodiscard]] ClassLimit& class_limit(IcmpType type);

  bool operator==(const IcmpPolicy&) const = default;
};

/// "rfc1812", "linux", "legacy".
[[nodiscard]] std::optional<Profile> profile_of(std::string_view name);
[[nodiscard]] std::string_view name(Profile profile);

}  // namespace hop
