#pragma once
// Putting fragments together again for local delivery (RFC 791 section 3.2, RFC 815, RFC 1122
// section 3.3.2).

#include <array>
#include <bitset>
#include <cstdint>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "stack/base/clock.hpp"
#include "stack/base/drop_reason.hpp"
#include "stack/base/packet.hpp"
#include "stack/ip/received.hpp"

namespace hop {

/// A fragment is kept until the rest comes.
struct Held {};
/// A datagram that was put together.
struct Whole {
  Packet packet;
  std::uint16_t largest_fragment = 0;  ///< size with its header
};
/// What a fragment leads to: it is kept, it completes a datagram, or it is dropped.
using ReassemblyResult = std::variant<Held, Whole, DropReason>;

/// What is left of a datagram whose time is over.
struct Expired {
  /// Fragment 0 as received, for the quote of a time exceeded; empty if it never came, and then
  /// nothing is to be sent (RFC 792).
  Packet first_fragment;
  Arrival arrival;  ///< of fragment 0
};

/// What becomes of bytes that come twice. A fragment that comes twice is a duplicate and harmless
/// whatever the policy.
enum class OverlapPolicy : std::uint8_t {
  drop,   ///< the datagram is given up, and its fragments still to come (RFC 5722 section 4)
  first,  ///< the bytes that came first stay
  last,   ///< the more recently arrived copy counts (RFC 791 section 3.2)
};

/// How much a node keeps of datagrams that are incomplete.
struct ReassemblyLimits {
  std::size_t datagrams = 64;   ///< in all
  std::size_t per_source = 16;  ///< of one source address
  /// Of one datagram, not counting duplicates. 8190 of 8 bytes make the largest one.
  std::size_t fragments = 8192;
};

/// How a node puts datagrams together.
struct ReassemblyPolicy {
  Duration timeout = std::chrono::seconds{60};  ///< from the first fragment to arrive
  OverlapPolicy overlap = OverlapPolicy::drop;
  ReassemblyLimits limits{};
};

/// The datagrams of one node that are incomplete. Each is a buffer of the largest size with one
/// bit for every 8 bytes, so that a fragment costs its own length and no order of arrival is
/// worse than another (CVE-2018-5391 was a list). Limits hold in all and per source; the oldest
/// datagram of the source that has most gives way, so that one sender cannot crowd out others.
class Reassembler {
 public:
  Reassembler(PacketPool& pool, const ReassemblyPolicy& policy) : pool_(pool), policy_(policy) {}
  /// For datagrams that begin from now on.
  void change(const ReassemblyPolicy& policy) { policy_ = policy; }

  /// Takes a fragment (Ipv4HeaderView::is_fragment()), whole and valid. The time of a datagram runs
  /// from its first fragment to arrive and is not extended (RFC 1122 section 3.3.2).
  [[nodiscard]] ReassemblyResult add(const Ipv4HeaderView& fragment, const Arrival& arrival);

  /// The next datagram whose time is over at `now`; nothing when there is none left.
  [[nodiscard]] std::optional<Expired> expire(Instant now);
  [[nodiscard]] std::optional<Instant> next_deadline() const;
  /// Are there datagrams of which something is missing?
  [[nodiscard]] bool holds_any() const noexcept { return !datagrams_.empty(); }

  /// Datagrams given up for others since the start.
  [[nodiscard]] std::uint64_t evicted() const noexcept { return evicted_; }

 private:
  struct Key {
    Ipv4Address source;
    Ipv4Address destination;
    std::uint16_t id;
    std::uint8_t protocol;
    bool operator==(const Key&) const = default;
  };
  static constexpr std::size_t kBlocks = 8192;  // of 8 bytes: 65536
  struct Datagram {
    Key key{};
    std::size_t siblings = 1;  // datagrams of the same source, itself included
    Instant deadline{};
    Packet payload{};                  // empty when the datagram was given up: see poisoned
    std::bitset<kBlocks> present{};    // blocks that have come
    std::bitset<kBlocks> starts{};     // blocks that a fragment starts with
    std::size_t blocks = 0;            // set bits of `present`
    std::size_t fragments = 0;         // that have come, without duplicates
    std::optional<std::size_t> end{};  // size of the payload, once the last fragment has come
    std::size_t highest = 0;           // end of the highest fragment so far
    std::uint16_t largest = 0;         // fragment so far, with its header
    std::array<std::byte, kIpv4MaxHeader> first_header{};
    std::size_t first_header_length = 0;  // 0: fragment 0 has not come
    std::size_t first_payload = 0;
    Arrival first_arrival{};
    std::uint8_t ecn = 0;  // a bit for each codepoint that a fragment had: 1 << codepoint
    // Once a datagram was given up all its fragments are dropped, those still to come as well (as
    // RFC 5722 section 4 does for IPv6), for the reason it was given up for.
    DropReason poisoned = DropReason::none;
  };
  struct Piece;

  [[nodiscard]] static DropReason fault_of(const Ipv4HeaderView& fragment);
  [[nodiscard]] Datagram& find_or_start(const Key& key, Instant now);
  void make_room(const Key& key);
  [[nodiscard]] std::size_t count_of(Ipv4Address source) const;
  void set_count(Ipv4Address source, std::size_t siblings);
  void remove(std::size_t index);
  ReassemblyResult insert(Datagram& datagram, const Ipv4HeaderView& fragment,
                          const Arrival& arrival);
  [[nodiscard]] static bool touches(const Datagram& datagram, const Piece& piece);
  [[nodiscard]] bool is_duplicate(const Datagram& datagram, const Ipv4HeaderView& fragment,
                                  const Piece& piece) const;
  [[nodiscard]] static bool came_as_one(const Datagram& datagram, const Piece& piece);
  void store(Datagram& datagram, const Ipv4HeaderView& fragment, const Piece& piece) const;
  static void note_congestion(Datagram& datagram, const Ipv4HeaderView& fragment);
  static void copy_missing(Datagram& datagram, Bytes payload, const Piece& piece);
  void keep_first(Datagram& datagram, const Ipv4HeaderView& fragment, const Arrival& arrival) const;
  [[nodiscard]] static bool is_complete(const Datagram& datagram);
  [[nodiscard]] static ReassemblyResult finish(Datagram& datagram);
  static ReassemblyResult poison(Datagram& datagram, DropReason why);

  PacketPool& pool_;
  ReassemblyPolicy policy_;
  std::vector<std::unique_ptr<Datagram>> datagrams_;  // oldest first
  std::vector<std::unique_ptr<Datagram>> spare_;
  std::uint64_t evicted_ = 0;
};

}  // namespace hop
