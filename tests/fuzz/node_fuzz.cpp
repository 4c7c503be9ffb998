// A router fed with packets: two bytes of length, then that many bytes, until the input is used
// up. Half of the packets get a right header checksum, so that the fuzzer comes past it. Whatever
// happens, the counters add up, and everything that comes out is valid and fits its link.

#include <vector>

#include "stack/node/node.hpp"
#include "tests/fuzz/check.hpp"

using namespace hop;

namespace {

constexpr std::uint16_t kMtu = 576;

class Router {
 public:
  Router() {
    outside_.set_outside(1);
    node_.add_interface({.address = {{10, 0, 0, 1}, 24}, .neighbours = &outside_, .queue = {}});
    node_.add_interface(
        {.address = {{10, 0, 1, 1}, 24}, .mtu = kMtu, .neighbours = &outside_, .queue = {}});
    node_.add_route({.to = {{192, 0, 2, 0}, 24}, .out = 1, .via = {10, 0, 1, 2}});
    node_.add_route({.to = {{198, 51, 100, 0}, 24}, .type = RouteType::reject});
    node_.bind({17, 7}, echo_);
  }

  void receive(Bytes bytes) {
    now_ += std::chrono::seconds{1};
    static_cast<void>(node_.receive(pool_.copy_of(bytes), {.from = 1, .now = now_}, out_));
    node_.expire(now_, out_);
    for (const Emit& emit : out_) {
      fuzz::check(Ipv4View::parse(emit.packet.bytes()).has_value());
      fuzz::check(emit.packet.size() <= node_.interfaces()[emit.out].mtu);
      node_.interfaces()[emit.out].queue.leave(emit.packet.size());
    }
    out_.clear();
  }

  [[nodiscard]] bool adds_up() const {
    const Counters& counters = node_.counters();
    std::uint64_t verdicts = 0;
    for (std::size_t i = 0; i < kActions; ++i) verdicts += counters.get(static_cast<Action>(i));
    return verdicts == counters.received();
  }

 private:
  static NodeConfig config() {
    NodeConfig config{.name = "fuzzed", .source_routing = true, .icmp = {}};
    config.icmp.source_quench = true;
    config.icmp.extensions = {.interface = true, .mpls = true};
    config.icmp.answers.set(42);
    config.icmp.extended_echo = {.remote = {Prefix{}},
                                 .by_name = {Prefix{}},
                                 .by_index = {Prefix{}},
                                 .by_address = {Prefix{}}};
    return config;
  }

  PacketPool pool_;
  Neighbours outside_;
  UdpEcho echo_;
  Node node_{config(), pool_, Random{1}};
  Outbox out_;
  Instant now_{};
};

void repair(MutBytes bytes) {
  const auto header = Ipv4HeaderView::parse(bytes);
  if (header && (byte_at(bytes, 1) & 1U) != 0) refresh_header_checksum(bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Router router;
  Bytes input = std::as_bytes(std::span{data, size});
  while (input.size() > 2) {
    const std::size_t length =
        std::min<std::size_t>(load_be<std::uint16_t>(input, 0), input.size() - 2);
    std::vector<std::byte> packet(input.begin() + 2,
                                  input.begin() + 2 + static_cast<std::ptrdiff_t>(length));
    repair(packet);
    router.receive(packet);
    input = input.subspan(2 + length);
  }
  fuzz::check(router.adds_up());
  return 0;
}
