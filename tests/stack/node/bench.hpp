#pragma once
// A node on the bench: packets are put in by hand, and everything it sends is kept.
//
//   10.0.1.2 host   ─┐
//   10.0.1.3 router ─┴─ if0 10.0.1.1/24 ┐
//                                       ├─ router ── if2 10.0.3.1/24, MTU 600 ── 10.0.3.2
//   10.0.2.2 router ─── if1 10.0.2.1/24 ┘
//
//   203.0.113.0/24 via 10.0.1.3      198.51.100.0/24 via 10.0.3.2
//   172.16.9.0/24 via 172.16.0.9, which is on the link of if0 but in no subnet of it
//   192.0.2.0/24 via 10.0.2.2        192.0.2.128/25 via 10.0.2.99, which does not exist
//   100.64.CODE.0/24 rejected with CODE of destination unreachable      100.65.0.0/16 blackhole
//
// The host is 10.0.1.2/24, and its default route goes to the router 10.0.1.1.

#include <gtest/gtest.h>

#include <deque>
#include <ostream>
#include <string>
#include <vector>

#include "stack/node/node.hpp"
#include "tests/support/packet_dsl.hpp"

namespace hop {

void PrintTo(DropReason why, std::ostream* out);  // NOLINT(*-identifier-naming): GoogleTest's
void PrintTo(NotTold why, std::ostream* out);     // NOLINT(*-identifier-naming)
void PrintTo(const Verdict& verdict, std::ostream* out);  // NOLINT(*-identifier-naming)

/// The name of a test from the `name` of its row.
inline constexpr auto kCaseName = [](const auto& row) { return std::string{row.param.name}; };

using Wire = testing::Packet;

inline constexpr Verdict kForwarded{Action::forwarded};
inline constexpr Verdict kDelivered{Action::delivered};
inline constexpr Verdict kAnswered{Action::answered};
inline constexpr Verdict kHeld{Action::held};

/// 2025-01-01 00:00:00.123 UT.
inline constexpr Instant kNow{std::chrono::milliseconds{1'735'689'600'123}};
inline constexpr std::uint32_t kNowOfDay = 123;

/// A packet that the node sent.
struct Sent {
  Wire packet;
  InterfaceIndex out = 0;
  LinkAddress to = 0;
  std::vector<std::byte> labels{};  ///< the stack that it is under
};

[[nodiscard]] NodeConfig router_config();
[[nodiscard]] NodeConfig host_config();
[[nodiscard]] NodeConfig with_policy(const IcmpPolicy& policy);

class Bench {
 public:
  explicit Bench(const NodeConfig& config = router_config());

  /// What the node makes of a packet that comes in by `in`; sent() is what it sent because of it.
  Verdict receive(Bytes packet, InterfaceIndex in = 0) {
    return receive(packet, Arrival{.in = in, .from = 1, .now = now});
  }
  Verdict receive(Bytes packet, const Arrival& arrival);
  /// The same of a packet that comes under `labels`, 4 bytes each, the top first.
  Verdict receive_labelled(Bytes labels, Bytes packet, InterfaceIndex in = 0);
  /// The same of a packet with an offload, and of what it stands for, one by one, if it does not
  /// pass whole; sent() has single packets either way. Did it?
  bool receive_whole(Bytes bytes, std::size_t segment_size, const Arrival& arrival);
  /// What receive() does while memory lasts for no more than `buffers` besides that of the packet.
  Verdict receive_with(Bytes packet, std::size_t buffers);
  /// Memory lasts for no more than `buffers` from now on.
  void starve(std::size_t buffers);
  /// Lets the time pass until `at`.
  void expire(Instant at);
  /// What was put in `out` by an endpoint.
  void collect(Outbox& out);

  [[nodiscard]] const std::vector<Sent>& sent() const { return sent_; }
  /// What was sent by one of the interfaces.
  [[nodiscard]] std::vector<Wire> sent_by(InterfaceIndex out) const;
  /// The one packet that was sent; a failure and an empty packet if it is not one.
  [[nodiscard]] Wire answer() const;

  [[nodiscard]] const Counters& counters() const { return node.counters(); }
  /// `verdict` was counted `times`, and all packets received have a verdict.
  void expect_counted(const Verdict& verdict, std::uint64_t times = 1) const;

 private:
  void attach(const InterfaceAddress& address, std::uint16_t mtu,
              std::initializer_list<Ipv4Address> neighbours);
  void keep(Outbox& out);
  void add_router_routes();

  PacketPool pool_;
  std::vector<Packet> taken_;  // while memory is short
  std::deque<Neighbours> links_;
  std::vector<Sent> sent_;

 public:
  Node node;
  Instant now = kNow;
};

/// received = forwarded + delivered + answered + held + drops.
[[nodiscard]] std::uint64_t sum_of_verdicts(const Counters& counters);

/// A packet from the host behind if0 to the server behind if1.
[[nodiscard]] testing::Ip transit();
/// A packet from the host behind if0 to the router's address there.
[[nodiscard]] testing::Ip to_router();
/// The bytes 0, 1, 2 ...
[[nodiscard]] std::vector<std::byte> counting(std::size_t size);
/// What stands behind the IP header.
[[nodiscard]] std::vector<std::byte> payload_of(Bytes packet);

}  // namespace hop
