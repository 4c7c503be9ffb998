#include "tests/stack/node/bench.hpp"

#include <limits>
#include <new>
#include <utility>

#include "stack/ip/segmentation.hpp"
#include "tests/support/decode.hpp"

namespace hop {
namespace {

constexpr Ipv4Address kRouter{10, 0, 1, 1};
constexpr Ipv4Address kHost{10, 0, 1, 2};
constexpr Ipv4Address kStranger{172, 16, 0, 9};

PrefixRoute via(std::string_view to, Ipv4Address gateway, InterfaceIndex out) {
  return {.to = *Prefix::parse(to), .type = RouteType::via, .out = out, .via = gateway};
}

}  // namespace

void PrintTo(DropReason why, std::ostream* out) { *out << name(why); }
void PrintTo(NotTold why, std::ostream* out) { *out << name(why); }
void PrintTo(const Verdict& verdict, std::ostream* out) {
  static constexpr std::string_view kNames[] = {"forwarded", "delivered", "answered", "held",
                                                "dropped"};
  *out << kNames[std::to_underlying(verdict.action)] << " (" << name(verdict.why) << ")";
}

NodeConfig router_config() { return {.name = "r", .icmp = {}}; }
NodeConfig host_config() { return {.name = "h", .kind = NodeKind::host, .icmp = {}}; }
NodeConfig with_policy(const IcmpPolicy& policy) { return {.name = "r", .icmp = policy}; }

Bench::Bench(const NodeConfig& config) : node(config, pool_, Random{1}) {
  if (config.kind == NodeKind::host) {
    attach({kHost, 24}, 1500, {kHost, kRouter, Ipv4Address{10, 0, 1, 3}});
    node.add_route(via("0.0.0.0/0", kRouter, 0));
    return;
  }
  attach({kRouter, 24}, 1500, {kRouter, kHost, Ipv4Address{10, 0, 1, 3}, kStranger});
  attach({Ipv4Address{10, 0, 2, 1}, 24}, 1500,
         {Ipv4Address{10, 0, 2, 1}, Ipv4Address{10, 0, 2, 2}});
  attach({Ipv4Address{10, 0, 3, 1}, 24}, 600, {Ipv4Address{10, 0, 3, 1}, Ipv4Address{10, 0, 3, 2}});
  add_router_routes();
}

void Bench::attach(const InterfaceAddress& address, std::uint16_t mtu,
                   std::initializer_list<Ipv4Address> neighbours) {
  Neighbours& link = links_.emplace_back();
  LinkAddress at = 0;
  for (const Ipv4Address neighbour : neighbours) link.add(neighbour, at++);
  node.add_interface({.address = address, .mtu = mtu, .neighbours = &link, .queue = {}});
}

void Bench::add_router_routes() {
  node.add_route(via("192.0.2.0/24", Ipv4Address{10, 0, 2, 2}, 1));
  node.add_route(via("192.0.2.128/25", Ipv4Address{10, 0, 2, 99}, 1));
  node.add_route(via("198.51.100.0/24", Ipv4Address{10, 0, 3, 2}, 2));
  node.add_route(via("203.0.113.0/24", Ipv4Address{10, 0, 1, 3}, 0));
  node.add_route(via("172.16.9.0/24", kStranger, 0));
  for (std::uint8_t code = 0; code < kUnreachableCodes; ++code) {
    node.add_route({.to = Prefix{Ipv4Address{100, 64, code, 0}, 24},
                    .type = RouteType::reject,
                    .code = static_cast<UnreachableCode>(code)});
  }
  node.add_route({.to = *Prefix::parse("100.65.0.0/16"), .type = RouteType::blackhole});
}

Verdict Bench::receive(Bytes packet, const Arrival& arrival) {
  Outbox out;
  const Verdict verdict = node.receive(pool_.copy_of(packet), arrival, out);
  collect(out);
  return verdict;
}

Verdict Bench::receive_labelled(Bytes labels, Bytes packet, InterfaceIndex in) {
  Packet received = pool_.copy_of(packet);
  for (std::size_t at = labels.size(); at >= 4; at -= 4) {
    copy_bytes(labels.subspan(at - 4, 4), received.push_label());
  }
  Outbox out;
  const Arrival arrival{.in = in, .from = 1, .now = now};
  const Verdict verdict = node.receive_labelled(std::move(received), arrival, out);
  collect(out);
  return verdict;
}

Verdict Bench::receive_with(Bytes packet, std::size_t buffers) {
  Packet received = pool_.copy_of(packet);
  starve(buffers);
  Outbox out;
  const Verdict verdict =
      node.receive(std::move(received), Arrival{.in = 0, .from = 1, .now = now}, out);
  collect(out);
  pool_.limit(std::numeric_limits<std::size_t>::max());
  taken_.clear();
  return verdict;
}

// Buffers that are free count as memory, so they are taken out of reach.
void Bench::starve(std::size_t buffers) {
  for (const std::size_t size : {1UZ, PacketPool::kMaxPacket}) {
    pool_.limit(pool_.buffers());
    try {
      for (;;) taken_.push_back(pool_.acquire(size));
    } catch (const std::bad_alloc&) {
      continue;  // none is left of this size
    }
  }
  pool_.limit(pool_.buffers() + buffers);
}

void Bench::expire(Instant at) {
  Outbox out;
  node.expire(at, out);
  collect(out);
}

void Bench::collect(Outbox& out) {
  sent_.clear();
  keep(out);
}

void Bench::keep(Outbox& out) {
  for (Emit& emit : out) {
    const Bytes labels = emit.packet.labels();
    OutputQueue& queue = node.interfaces()[emit.out].queue;
    if (queue.length.packets > 0) queue.leave(emit.packet.size());
    const std::vector<std::byte> stack{labels.begin(), labels.end()};
    take_apart(std::move(emit.packet), pool_, [&](const Packet& one) {
      sent_.push_back({Wire{one.bytes()}, emit.out, emit.to, stack});
    });
  }
  out.clear();
}

bool Bench::receive_whole(Bytes bytes, std::size_t segment_size, const Arrival& arrival) {
  Packet packet = pool_.copy_of(bytes);
  EXPECT_TRUE(note_offload(packet, segment_size)) << Wire{bytes};
  sent_.clear();
  Outbox out;
  const bool whole = node.forward_whole(packet, arrival, out);
  keep(out);
  if (whole) return true;
  take_apart(std::move(packet), pool_, [&](Packet&& one) {
    static_cast<void>(node.receive(std::move(one), arrival, out));
    keep(out);
  });
  return false;
}

std::vector<Wire> Bench::sent_by(InterfaceIndex out) const {
  std::vector<Wire> packets;
  for (const Sent& sent : sent_) {
    if (sent.out == out) packets.push_back(sent.packet);
  }
  return packets;
}

Wire Bench::answer() const {
  EXPECT_EQ(sent_.size(), 1U) << "packets sent";
  return sent_.size() == 1 ? sent_.front().packet : Wire{};
}

void Bench::expect_counted(const Verdict& verdict, std::uint64_t times) const {
  EXPECT_EQ(counters().get(verdict.action), times);
  if (verdict.action == Action::dropped) {
    EXPECT_EQ(counters().get(verdict.why), times) << name(verdict.why);
  }
  EXPECT_EQ(counters().received(), sum_of_verdicts(counters()));
}

std::uint64_t sum_of_verdicts(const Counters& counters) {
  std::uint64_t sum = 0;
  for (const Action action :
       {Action::forwarded, Action::delivered, Action::answered, Action::held}) {
    sum += counters.get(action);
  }
  for (std::uint8_t why = 1; why < std::to_underlying(DropReason::count_); ++why) {
    sum += counters.get(static_cast<DropReason>(why));
  }
  return sum;
}

testing::Ip transit() { return testing::ip().src("10.0.1.2").dst("192.0.2.9").id(0x1234); }
testing::Ip to_router() { return testing::ip().src("10.0.1.2").dst("10.0.1.1").id(0x1234); }

std::vector<std::byte> counting(std::size_t size) {
  std::vector<std::byte> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i);
  return bytes;
}

std::vector<std::byte> payload_of(Bytes packet) {
  const auto ip = testing::decode(packet);
  if (!ip) return {};
  return {ip->payload.begin(), ip->payload.end()};
}

}  // namespace hop
