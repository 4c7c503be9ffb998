#include "tests/bench/packet_socket.hpp"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <bit>
#include <cstdio>
#include <cstring>
#include <fstream>

#include "tests/bench/failure.hpp"
#include "tests/bench/raw.hpp"

namespace hop::bench {
namespace {

constexpr std::size_t kEthernet = 14;
constexpr std::size_t kBlock = 65536;
constexpr int kSocketBuffer = 16 << 20;

template <typename Value>
void set(const UniqueFd& socket, int level, int option, const Value& value, const char* what) {
  if (::setsockopt(socket.get(), level, option, &value, sizeof value) < 0) {
    fail(what, errno, "this has to run as root, on Linux 4.20 or later");
  }
}

ifreq request_for(const std::string& device) {
  ifreq request{};
  if (device.empty() || device.size() >= IFNAMSIZ) {
    throw Failure{"no device can be called '" + device + "'; 'ip link' shows those there are"};
  }
  std::memcpy(request.ifr_name, device.data(), device.size());
  return request;
}

void bind_to(const UniqueFd& socket, const std::string& device, std::uint16_t protocol) {
  ifreq request = request_for(device);
  if (::ioctl(socket.get(), SIOCGIFINDEX, &request) < 0) {
    fail("find device " + device, errno, "'ip link' shows those there are");
  }
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_ifindex = request.ifr_ifindex;
  address.sll_protocol = htons(protocol);
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0) {
    fail("use device " + device, errno, "it has to be up");
  }
}

UniqueFd packet_socket() {
  UniqueFd socket{::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0)};
  if (!socket) fail("open a packet socket", errno, "run this as root");
  return socket;
}

std::vector<std::byte> ethernet_header(const UniqueFd& socket, const std::string& device,
                                       const MacAddress& gateway) {
  ifreq request = request_for(device);
  if (::ioctl(socket.get(), SIOCGIFHWADDR, &request) < 0) {
    fail("read the address of " + device, errno, "without --gateway it is taken for a TUN");
  }
  std::vector<std::byte> header(kEthernet);
  std::memcpy(header.data(), gateway.data(), gateway.size());
  std::memcpy(header.data() + gateway.size(), request.ifr_hwaddr.sa_data, gateway.size());
  raw::put_number(header.data() + 2 * gateway.size(), std::uint16_t{ETH_P_IP});
  return header;
}

// A random one in `sample` passes; the kernel drops the others before it copies them.
void see_only_one_in(unsigned sample, const UniqueFd& socket) {
  constexpr auto kRandom = static_cast<std::uint32_t>(SKF_AD_OFF + SKF_AD_RANDOM);
  std::array<sock_filter, 5> code{{{BPF_LD | BPF_W | BPF_ABS, 0, 0, kRandom},
                                   {BPF_ALU | BPF_AND | BPF_K, 0, 0, sample - 1},
                                   {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0},
                                   {BPF_RET | BPF_K, 0, 0, 0xffffffffU},
                                   {BPF_RET | BPF_K, 0, 0, 0}}};
  const sock_fprog program{static_cast<unsigned short>(code.size()), code.data()};
  set(socket, SOL_SOCKET, SO_ATTACH_FILTER, program, "filter what comes in");
}

}  // namespace

std::optional<MacAddress> parse_mac(const std::string& text) {
  std::array<unsigned, 6> parts{};
  int end = 0;
  if (std::sscanf(text.c_str(), "%2x:%2x:%2x:%2x:%2x:%2x%n", &parts[0], &parts[1], &parts[2],
                  &parts[3], &parts[4], &parts[5], &end) != 6 ||
      static_cast<std::size_t>(end) != text.size()) {
    return {};
  }
  MacAddress address{};
  for (std::size_t i = 0; i < address.size(); ++i) address[i] = std::byte(parts[i]);
  return address;
}

// ---- Sender

Sender::Sender(const std::string& device, const Traffic& traffic,
               const std::optional<MacAddress>& gateway)
    : socket_(packet_socket()) {
  set(socket_, SOL_PACKET, PACKET_QDISC_BYPASS, 1, "go past the queueing discipline");
  set(socket_, SOL_SOCKET, SO_SNDBUFFORCE, kSocketBuffer, "make the buffer for sending larger");
  bind_to(socket_, device, 0);
  std::vector<std::byte> header;
  if (gateway) header = ethernet_header(socket_, device, *gateway);
  for (unsigned number = 0; number < Traffic::kNumbers; ++number) {
    std::vector<std::byte>& frame = frames_.emplace_back(header);
    const auto packet = traffic.packet(number);
    frame.insert(frame.end(), packet.begin(), packet.end());
  }
}

unsigned Sender::send(unsigned count) {
  std::array<mmsghdr, kBatch> messages{};
  std::array<iovec, kBatch> parts{};
  for (unsigned i = 0; i < count; ++i) {
    std::vector<std::byte>& frame = frames_[(next_ + i) % Traffic::kNumbers];
    parts[i] = {frame.data(), frame.size()};
    messages[i].msg_hdr.msg_iov = &parts[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }
  const int sent = ::sendmmsg(socket_.get(), messages.data(), count, MSG_DONTWAIT);
  if (sent >= 0) {
    next_ += static_cast<unsigned>(sent);
    return static_cast<unsigned>(sent);
  }
  if (errno != ENOBUFS && errno != EAGAIN) fail("send", errno, "is the device up?");
  ++next_;
  ++refused_;
  return 0;
}

// ---- Listener

Listener::Listener(const std::string& device, std::size_t largest, bool is_ethernet,
                   unsigned sample)
    : socket_(packet_socket()),
      in_front_(is_ethernet ? kEthernet : 0),
      frame_size_(std::bit_ceil(largest + 128)) {
  set(socket_, SOL_PACKET, PACKET_VERSION, int{TPACKET_V2}, "choose the form of the ring");
  set(socket_, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1, "leave out what is sent");
  if (sample > 1) see_only_one_in(sample, socket_);
  const std::size_t size = kFrames * frame_size_;
  const tpacket_req request{.tp_block_size = kBlock,
                            .tp_block_nr = static_cast<unsigned>(size / kBlock),
                            .tp_frame_size = static_cast<unsigned>(frame_size_),
                            .tp_frame_nr = kFrames};
  set(socket_, SOL_PACKET, PACKET_RX_RING, request, "make a ring for what comes in");
  void* const at =
      ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, socket_.get(), 0);
  if (at == MAP_FAILED) fail("map the ring", errno, "is memory out?");
  ring_ = static_cast<std::byte*>(at);
  bind_to(socket_, device, ETH_P_ALL);
}

Listener::~Listener() { ::munmap(ring_, kFrames * frame_size_); }

std::uint64_t device_statistic(const std::string& device, const std::string& name) {
  std::ifstream file{"/sys/class/net/" + device + "/statistics/" + name};
  std::uint64_t value = 0;
  if (file >> value) return value;
  throw Failure{"cannot read the statistics of device '" + device +
                "': /sys has to be that of this namespace, as 'ip netns exec' makes it"};
}

}  // namespace hop::bench
