#include "tests/bench/fixture.hpp"

#include "stack/wire/icmp.hpp"

namespace hop::bench {
namespace {

// Nothing empties the queues here.
constexpr OutputQueue kEndless{.limit = {}};

NodeConfig config() {
  NodeConfig config;
  config.name = "router";
  config.icmp.rate = config.icmp.burst = IcmpPolicy::kUnlimited;
  return config;
}

}  // namespace

Router::Router(std::span<const Prefix> more) : node_(config(), pool_, Random{1}) {
  left_.set_outside(1);
  right_.set_outside(1);
  node_.add_interface({.address = {{10, 0, 0, 1}, 24}, .neighbours = &left_, .queue = kEndless});
  node_.add_interface({.address = {{10, 0, 1, 1}, 24}, .neighbours = &right_, .queue = kEndless});
  for (std::uint8_t i = 0; i < 8; ++i) {
    node_.add_route({.to = {{192, 0, i, 0}, 24}, .out = 1, .via = {10, 0, 1, 2}});
  }
  std::uint8_t host = 2;
  for (const Prefix& to : more) {
    node_.add_route({.to = to, .out = 1, .via = {10, 0, 1, host}});
    host = host == 254 ? 2 : static_cast<std::uint8_t>(host + 1);
  }
}

Verdict Router::pass(Bytes bytes) {
  const Verdict verdict =
      node_.receive(pool_.copy_of(bytes), {.in = 0, .from = 1, .now = now_}, out_);
  out_.clear();
  return verdict;
}

std::vector<std::byte> Router::answer(Bytes bytes) {
  std::vector<std::byte> last;
  static_cast<void>(node_.receive(pool_.copy_of(bytes), {.in = 0, .from = 1, .now = now_}, out_));
  if (!out_.empty()) {
    const Bytes sent = out_.back().packet.bytes();
    last.assign(sent.begin(), sent.end());
  }
  out_.clear();
  return last;
}

std::vector<std::byte> packet_for(Work work, std::size_t size, Ipv4Address destination) {
  std::vector<std::byte> bytes(size, std::byte{0x5a});
  write_icmp({IcmpType::echo, 0, 0x00010001}, MutBytes{bytes}.subspan(kIpv4MinHeader));
  if (work == Work::echo) destination = {10, 0, 0, 1};
  write_ipv4_header({.source = {10, 0, 0, 2},
                     .destination = destination,
                     .ttl = static_cast<std::uint8_t>(work == Work::time_exceeded ? 1 : 64),
                     .protocol = static_cast<std::uint8_t>(IpProtocol::icmp),
                     .options = {}},
                    bytes);
  return bytes;
}

}  // namespace hop::bench
