// The loop, with real devices, a network behind them and the kernel's own ping in front.

#include "tun/pump.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cstring>
#include <fstream>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tests/tun/allocations.hpp"
#include "tests/tun/machine.hpp"
#include "tun/unique_fd.hpp"

namespace hop::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

std::string address_of_tun(std::size_t index) {
  return "198.18." + std::to_string(index) + ".1/24";
}

using Delays = std::vector<Duration>;

// TUNs, each with a link of that delay to a router of its own, 198.18.<i>.2.
Topology routers_behind(const Delays& delays) {
  Topology topology;
  for (std::size_t i = 0; i < delays.size(); ++i) {
    const std::string tun = "tun" + std::to_string(i);
    const std::string router = "r" + std::to_string(i);
    topology.tuns.push_back({tun, InterfaceAddress::parse(address_of_tun(i)).value(), {}, {}});
    NodeSpec node;
    node.name = router;
    node.icmp.rate = IcmpPolicy::kUnlimited;
    topology.nodes.push_back(node);
    LinkSpec link;
    link.endpoints = {{tun, {}}, {router, {}}};
    link.delay = delays[i];
    topology.links.push_back(link);
  }
  return resolve(std::move(topology)).value();
}

// A network of some TUNs, pumped by a thread from start() to stop().
class Lab {
 public:
  explicit Lab(PumpOptions options, const Delays& delays = {0ms})
      : network_(std::make_unique<Network>(routers_behind(delays))) {
    for (std::size_t i = 0; i < delays.size(); ++i) {
      TunOptions device = options_for("tun" + std::to_string(i));
      device.address = InterfaceAddress::parse(address_of_tun(i)).value();
      devices_.emplace_back(device);
    }
    pump_.emplace(io_, *network_, devices_, clock_, std::move(options));
  }
  Lab(const Lab&) = delete;
  Lab& operator=(const Lab&) = delete;
  ~Lab() { stop(); }

  void start() {
    pump_->start();
    thread_ = std::thread{[this] { io_.run(); }};
  }
  // The thread ends by itself when there is nothing left to wait for.
  void stop() {
    if (!thread_.joinable()) return;
    boost::asio::post(io_, [this] { pump_->stop(); });
    thread_.join();
  }
  // Runs on the pump's thread, and waits for it.
  void on_thread(const std::function<void()>& work) {
    std::promise<void> done;
    boost::asio::post(io_, [&] {
      work();
      done.set_value();
    });
    done.get_future().wait();
  }
  pid_t thread_id() {
    pid_t id = 0;
    on_thread([&id] { id = ::gettid(); });
    return id;
  }
  Pump& pump() { return *pump_; }
  Network& network() { return *network_; }

 private:
  boost::asio::io_context io_;
  WallClock clock_;
  std::unique_ptr<Network> network_;
  std::vector<TunDevice> devices_;
  std::optional<Pump> pump_;
  std::thread thread_;
};

// The kernel queues a datagram on the TUN that has the route.
void send_datagram(const char* to, std::uint16_t port = 9) {
  const UniqueFd socket{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  ASSERT_EQ(::inet_pton(AF_INET, to, &address.sin_addr), 1);
  sockaddr generic{};
  std::memcpy(&generic, &address, sizeof generic);
  ASSERT_EQ(::sendto(socket.get(), "x", 1, 0, &generic, sizeof generic), 1);
}

// "123 (name) S ..." of proc(5).
char state_in(const std::string& stat) {
  std::ifstream file{stat};
  std::string text;
  std::getline(file, text);
  return text.at(text.rfind(')') + 2);
}

// "rtt min/avg/max/mdev = 40.123/..." of ping.
double least_rtt(const std::string& ping) {
  const auto at = ping.find("mdev = ");
  return at == std::string::npos ? -1 : std::stod(ping.substr(at + 7));
}

// With each engine, sleeping and not.
struct Setting {
  IoEngine engine;
  Duration busy_poll;
};

class PumpTest : public testing::TestWithParam<Setting> {
 protected:
  static PumpOptions options(Tap tap = {}) {
    return {.tap = std::move(tap), .engine = GetParam().engine, .busy_poll = GetParam().busy_poll};
  }
};

std::string name_of_setting(const testing::TestParamInfo<Setting>& info) {
  const std::string name = info.param.engine == IoEngine::uring ? "uring" : "epoll";
  return info.param.busy_poll > 0s ? name + "BusyPoll" : name;
}

INSTANTIATE_TEST_SUITE_P(Settings, PumpTest,
                         testing::Values(Setting{IoEngine::epoll, 0s}, Setting{IoEngine::uring, 0s},
                                         Setting{IoEngine::epoll, 1min},
                                         Setting{IoEngine::uring, 1min}),
                         name_of_setting);

TEST_P(PumpTest, CarriesPingAndAnswer) {
  Lab lab{options()};
  lab.start();
  EXPECT_THAT(sh("ping -c 3 -i 0.01 -W 5 198.18.0.2"), HasSubstr("3 received"));
  lab.stop();
  EXPECT_EQ(lab.pump().statistics().reads, 3U);
  EXPECT_EQ(lab.pump().statistics().writes, 3U);
}

TEST_P(PumpTest, WakesTheNetworkInTimeAndNeverTooEarly) {
  Lab lab{options(), {20ms}};
  lab.start();
  const double rtt = least_rtt(sh("ping -c 5 -i 0.01 -W 5 198.18.0.2"));
  EXPECT_GE(rtt, 40.0);
  EXPECT_LT(rtt, 90.0);  // on a busy machine
}

TEST_P(PumpTest, WakesForAnEventBeforeTheOneItWaitsFor) {
  Lab lab{options(), {2s, 10ms}};
  lab.start();
  sh("ping -c 1 -W 0.001 198.18.0.2 > /dev/null || true");
  const double rtt = least_rtt(sh("ping -c 1 -W 5 198.18.1.2"));
  EXPECT_GE(rtt, 20.0);
  EXPECT_LT(rtt, 2000.0);
}

TEST_P(PumpTest, CarriesTheLargestPacketsOfTheMtu) {
  Lab lab{options()};
  lab.start();
  EXPECT_THAT(sh("ping -c 1 -W 5 -M do -s 1472 198.18.0.2"), HasSubstr("1 received"));
}

TEST_P(PumpTest, TapSeesEveryPacketInBothDirections) {
  struct Seen {
    Direction direction;
    std::size_t size;
    Instant at;
  };
  std::vector<Seen> seen;
  Lab lab{options([&seen](PortIndex port, Direction direction, Instant at, Bytes packet) {
            EXPECT_EQ(port, 0);
            seen.push_back({direction, packet.size(), at});
          }),
          {5ms}};
  lab.start();
  sh("ping -c 1 -W 5 198.18.0.2");
  lab.stop();
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].direction, Direction::in);
  EXPECT_EQ(seen[1].direction, Direction::out);
  EXPECT_EQ(seen[0].size, 84U);
  EXPECT_EQ(seen[1].size, 84U);
  EXPECT_GE(seen[1].at - seen[0].at, 10ms);
}

TEST_P(PumpTest, ABusyDeviceDoesNotStarveAnother) {
  std::vector<PortIndex> order;
  Lab lab{options([&order](PortIndex port, Direction direction, Instant, Bytes) {
            if (direction == Direction::in) order.push_back(port);
          }),
          {0ms, 0ms}};
  for (int i = 0; i < 300; ++i) send_datagram("198.18.0.2");
  send_datagram("198.18.1.2");
  lab.start();
  std::size_t seen = 0;
  while (seen < 301) lab.on_thread([&] { seen = order.size(); });
  lab.stop();
  const auto turn = std::ranges::find(order, 1) - order.begin();
  EXPECT_LE(turn, 128);  // two batches
}

TEST_P(PumpTest, TellsOnceOfADeviceThatIsGoneAndServesTheOthers) {
  Lab lab{options(), {0ms, 0ms}};
  std::vector<PortIndex> lost;
  lab.pump().on_device_lost([&lost](PortIndex port, std::error_code why) {
    EXPECT_TRUE(why);
    lost.push_back(port);
  });
  lab.start();
  sh("ip link delete tun0");
  bool is_told = false;
  while (!is_told) lab.on_thread([&] { is_told = !lost.empty(); });
  EXPECT_THAT(sh("ping -c 3 -i 0.01 -W 5 198.18.1.2"), HasSubstr("3 received"));
  lab.stop();
  EXPECT_THAT(lost, testing::ElementsAre(0));
}

TEST_P(PumpTest, SurvivesADeviceThatIsDownForAWhile) {
  bool is_first = true;
  Lab lab{options([&is_first](PortIndex, Direction direction, Instant, Bytes) {
    // Between the first packet and the answer to it.
    if (direction == Direction::in && is_first) sh("ip link set tun0 down");
    is_first = false;
  })};
  lab.start();
  sh("ping -c 1 -W 0.001 198.18.0.2 > /dev/null || true");
  std::uint64_t down = 0;
  while (down == 0) lab.on_thread([&] { down = lab.pump().statistics(0).device_down; });
  sh("ip link set tun0 up");
  EXPECT_THAT(sh("ping -c 1 -W 5 198.18.0.2"), HasSubstr("1 received"));
}

TEST_P(PumpTest, StartsAgainAfterStop) {
  Lab lab{options()};
  lab.start();
  EXPECT_THAT(sh("ping -c 1 -W 5 198.18.0.2"), HasSubstr("1 received"));
  lab.on_thread([&] {
    lab.pump().stop();
    lab.pump().start();
  });
  EXPECT_THAT(sh("ping -c 1 -W 5 198.18.0.2"), HasSubstr("1 received"));
}

TEST_P(PumpTest, AnswersABurstInOrder) {
  constexpr std::size_t kPortInQuote = 20 + 8 + 20 + 2;
  constexpr std::uint16_t kPackets = 300;
  std::vector<std::uint16_t> ports;
  Lab lab{options([&ports](PortIndex, Direction direction, Instant, Bytes packet) {
    if (direction == Direction::out) ports.push_back(load_be<std::uint16_t>(packet, kPortInQuote));
  })};
  for (std::uint16_t i = 1; i <= kPackets; ++i) send_datagram("198.18.0.2", i);
  lab.start();
  std::uint64_t written = 0;
  while (written < kPackets) lab.on_thread([&] { written = lab.pump().statistics().writes; });
  lab.stop();
  ASSERT_EQ(ports.size(), kPackets);
  EXPECT_TRUE(std::ranges::is_sorted(ports));
}

TEST_P(PumpTest, AllocatesNothingPerPacket) {
  Lab lab{options(), {100us}};
  lab.start();
  // One by one, and in whole batches.
  const auto flood = [&lab] {
    sh("ping -q -f -c 2000 -W 5 198.18.0.2");
    for (int burst = 0; burst < 20; ++burst) {
      std::uint64_t goal = 0;
      lab.on_thread([&lab, &goal] {
        for (int i = 0; i < 150; ++i) send_datagram("198.18.0.2");
        goal = lab.pump().statistics().reads + 150;
      });
      for (std::uint64_t read = 0; read < goal;) {
        lab.on_thread([&] { read = lab.pump().statistics().reads; });
      }
    }
  };
  flood();
  std::size_t before = 0;
  lab.on_thread([&] { before = allocations(); });
  flood();
  std::size_t after = 0;
  lab.on_thread([&] { after = allocations(); });
  EXPECT_LE(after - before, 4U);  // what on_thread() itself needs
}

TEST(PumpThatBusyPolls, SleepsAfterItsTime) {
  Lab lab{PumpOptions{.busy_poll = 1ms}};
  lab.start();
  EXPECT_THAT(sh("ping -c 3 -i 0.01 -W 5 198.18.0.2"), HasSubstr("3 received"));
  const std::string stat = "/proc/self/task/" + std::to_string(lab.thread_id()) + "/stat";
  char state = 'R';
  while (state != 'S') state = state_in(stat);
}

}  // namespace
}  // namespace hop::test
