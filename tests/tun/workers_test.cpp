// Several workers at one network: who gets which packets, and that together they are one.

#include "tun/workers.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/post.hpp>
#include <cstring>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "stack/base/bytes.hpp"
#include "tests/tun/engines.hpp"
#include "tests/tun/machine.hpp"
#include "tun/unique_fd.hpp"

namespace hop::test {
namespace {

using namespace std::chrono_literals;

constexpr int kFlows = 32;

sockaddr generic(const char* address, std::uint16_t port) {
  sockaddr_in specific{};
  specific.sin_family = AF_INET;
  specific.sin_port = htons(port);
  EXPECT_EQ(::inet_pton(AF_INET, address, &specific.sin_addr), 1);
  sockaddr result{};
  std::memcpy(&result, &specific, sizeof result);
  return result;
}

// A UDP socket that speaks to one port of one address.
class Client {
 public:
  Client(const char* address, std::uint16_t port)
      : socket_{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)} {
    const sockaddr to = generic(address, port);
    EXPECT_EQ(::connect(socket_.get(), &to, sizeof to), 0);
  }
  void send(std::uint32_t number) {
    EXPECT_EQ(::send(socket_.get(), &number, sizeof number, 0), sizeof number);
  }
  std::uint32_t receive() {
    std::uint32_t number = 0;
    EXPECT_EQ(::recv(socket_.get(), &number, sizeof number, 0), sizeof number);
    return number;
  }

 private:
  UniqueFd socket_;
};

// The queue from which the next IPv4 packet comes, and the packet.
std::pair<std::size_t, std::vector<std::byte>> take(const TunDevice& device) {
  std::array<pollfd, 2> waiting{pollfd{device.fd(0), POLLIN, 0}, pollfd{device.fd(1), POLLIN, 0}};
  while (true) {
    EXPECT_GT(::poll(waiting.data(), waiting.size(), -1), 0);
    const std::size_t queue = waiting[0].revents != 0 ? 0 : 1;
    std::vector<std::byte> packet(2000);
    const ssize_t size = ::read(waiting[queue].fd, packet.data(), packet.size());
    packet.resize(static_cast<std::size_t>(size));
    if ((packet[0] >> 4U) == std::byte{4}) return {queue, std::move(packet)};
  }
}

// tun_flow_update() of the kernel moves a flow to the queue by which something of it was written:
// an ICMP error of a router would move the pings to that router.
TEST(Queues, KeepTheirFlowsWhateverIsWritten) {
  TunOptions options = options_for("tun0");
  options.queues = 2;
  const TunDevice device{options};
  std::set<std::size_t> used;
  for (int i = 0; i < kFlows; ++i) {
    Client client{"198.18.0.9", static_cast<std::uint16_t>(1000 + i)};
    client.send(0);
    auto [queue, packet] = take(device);
    used.insert(queue);
    std::swap_ranges(packet.begin() + 12, packet.begin() + 16, packet.begin() + 16);
    std::swap_ranges(packet.begin() + 20, packet.begin() + 22, packet.begin() + 22);
    const int other = device.fd_to_write(1 - queue);
    ASSERT_EQ(::write(other, packet.data(), packet.size()), static_cast<ssize_t>(packet.size()));
    static_cast<void>(client.receive());  // the kernel has seen it
    client.send(1);
    EXPECT_EQ(take(device).first, queue) << "flow " << i;
  }
  EXPECT_EQ(used.size(), 2U) << "no flow of " << kFlows << " has another queue than the others";
}

// tun0 198.18.0.1 - r1 198.18.0.2, which echoes UDP at port 7.
Topology echo_network() {
  Topology topology;
  topology.tuns.push_back({"tun0", InterfaceAddress::parse("198.18.0.1/24").value(), {}, {}});
  NodeSpec node;
  node.name = "r1";
  node.udp_echo = {7};
  topology.nodes.push_back(node);
  LinkSpec link;
  link.endpoints = {{"tun0", {}}, {"r1", {}}};
  topology.links.push_back(link);
  return resolve(std::move(topology)).value();
}

class WorkersTest : public testing::TestWithParam<IoEngine> {
 protected:
  WorkersTest() {
    TunOptions options = options_for("tun0");
    options.queues = kWorkers;
    devices_.emplace_back(options);
    workers_.emplace(io_, echo_network(), devices_, clock_, PumpOptions{.engine = GetParam()});
  }

  // Runs what asks the network as a program would, and the network meanwhile.
  void run_with(const std::function<void()>& program) {
    std::thread thread{[&] {
      program();
      boost::asio::post(io_, [this] { io_.stop(); });
    }};
    io_.run();
    thread.join();
  }
  // Sends so many datagrams in each of several flows at a time, and takes what comes back.
  static void echo(std::uint32_t datagrams) {
    std::vector<Client> clients;
    for (int i = 0; i < kFlows; ++i) clients.emplace_back("198.18.0.2", 7);
    for (std::uint32_t number = 0; number < datagrams; ++number) {
      for (Client& client : clients) client.send(number);
    }
    for (Client& client : clients) {
      for (std::uint32_t number = 0; number < datagrams; ++number) {
        EXPECT_EQ(client.receive(), number);
      }
    }
  }

  static constexpr std::size_t kWorkers = 2;
  boost::asio::io_context io_;
  WallClock clock_;
  std::vector<TunDevice> devices_;
  std::optional<Workers> workers_;
};

TEST_P(WorkersTest, AnswerEachFlowInOrder) {
  workers_->start();
  run_with([] { echo(20); });
  workers_->stop();
  std::uint64_t sum = 0;
  for (Network* network : workers_->networks()) {
    EXPECT_GT(network->port_counters(0).received, 0U);
    sum += network->port_counters(0).received;
  }
  EXPECT_EQ(sum, kFlows * 20U);
  EXPECT_EQ(workers_->statistics(0).writes, kFlows * 20U);
}

TEST_P(WorkersTest, MakeAChangeAtTheSameMoment) {
  std::vector<Instant> seen;
  for (Network* network : workers_->networks()) {
    network->observe_changes([&seen](Instant at, const Change&) { seen.push_back(at); });
  }
  workers_->start();
  workers_->change(
      {.of = LinkChange{.link = 0, .set = [](DirectionSpec& sends) { sends.mtu = 600; }}});
  workers_->stop();
  ASSERT_EQ(seen.size(), kWorkers);
  EXPECT_EQ(seen[0], seen[1]);
  for (Network* network : workers_->networks()) {
    EXPECT_EQ(mtu_of(network->topology(), 0), 600);
  }
}

TEST_P(WorkersTest, ShowWhatHappensAtEachOfThem) {
  std::size_t seen = 0;
  const auto here = std::this_thread::get_id();
  workers_->start();
  workers_->observe([&](Instant, const Happening& happening) {
    EXPECT_EQ(std::this_thread::get_id(), here);
    EXPECT_EQ(std::get<Judged>(happening).packet.size(), 32U);
    ++seen;
  });
  run_with([] { echo(4); });
  workers_->observe({});
  workers_->stop();
  io_.restart();
  io_.poll();
  EXPECT_EQ(seen + workers_->take_unseen(), kFlows * 4U);
}

// Of what gets on only that of the first worker is shown, to which it costs nothing to be told.
TEST_P(WorkersTest, ShowNothingThatGotOnElsewhereUnlessAllIsToBeSeen) {
  std::size_t seen = 0;
  workers_->start();
  workers_->observe([&seen](Instant, const Happening&) { ++seen; }, false);
  run_with([] { echo(4); });
  workers_->observe({});
  workers_->stop();
  io_.restart();
  io_.poll();
  const Counters& first = workers_->network().node(0).counters();
  EXPECT_EQ(seen, first.received());
  EXPECT_EQ(workers_->take_unseen(), 0U);
}

TEST_P(WorkersTest, StandStillAndGoOn) {
  workers_->start();
  run_with([this] {
    boost::asio::post(io_, [this] {
      EXPECT_THROW(workers_->while_still([] { throw std::runtime_error{"work"}; }),
                   std::runtime_error);
    });
    echo(4);
  });
}

TEST_P(WorkersTest, ThrowWhereTheFirstOneRuns) {
  workers_->networks()[1]->observe(
      [](Instant, const Happening&) { throw std::runtime_error{"at a worker"}; });
  workers_->start();
  std::vector<Client> clients;
  for (int i = 0; i < kFlows; ++i) clients.emplace_back("198.18.0.2", 7).send(0);
  EXPECT_THROW(io_.run(), std::runtime_error);
  workers_->while_still([] {});  // who has failed can still be asked
}

TEST_P(WorkersTest, TellOfALostDeviceWhereTheFirstOneRuns) {
  int told = 0;
  workers_->on_device_lost([&](PortIndex, std::error_code) {
    if (++told == kWorkers) io_.stop();
  });
  workers_->start();
  sh("ip link delete tun0");
  io_.run();
  EXPECT_EQ(told, kWorkers);
}

TEST_P(WorkersTest, DrainWhatTheDevicesHold) {
  std::vector<Client> clients;
  for (int i = 0; i < kFlows; ++i) clients.emplace_back("198.18.0.2", 7).send(5);
  workers_->drain();
  for (Client& client : clients) EXPECT_EQ(client.receive(), 5U);
}

INSTANTIATE_TEST_SUITE_P(Engines, WorkersTest, kEngines, name_of_engine);

}  // namespace
}  // namespace hop::test
