#include "tools/conform/attachment.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "tools/conform/error.hpp"

namespace hop::conform {

namespace {

constexpr int kReceiveBuffer = 16 << 20;

[[noreturn]] void fail(const std::string& device, const char* what) {
  throw RunError(fmt::format("{}: {}: {}", device, what, std::strerror(errno)));
}

}  // namespace

Attachment::Attachment(std::string device, Attach how) : device_(std::move(device)), how_(how) {
  index_ = static_cast<int>(if_nametoindex(device_.c_str()));
  if (index_ == 0) {
    throw RunError(
        fmt::format("no device {0}; start the system under test, or make a device for "
                    "the kernel with 'ip tuntap add dev {0} mode tun'",
                    device_));
  }
  if (how_ != Attach::packet && open_tun()) {
    how_ = Attach::tun;
    return;
  }
  if (how_ == Attach::tun) fail(device_, "cannot attach to the TUN device");
  how_ = Attach::packet;
  open_packet(index_);
}

Attachment::Attachment(Attachment&& other) noexcept
    : device_(std::move(other.device_)),
      how_(other.how_),
      fd_(std::exchange(other.fd_, -1)),
      index_(other.index_) {}

Attachment::~Attachment() {
  if (fd_ >= 0) close(fd_);
}

// False if another process holds the device, or it is no TUN.
bool Attachment::open_tun() {
  fd_ = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (fd_ < 0) return false;
  ifreq request{};
  device_.copy(request.ifr_name, IFNAMSIZ - 1);
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  if (ioctl(fd_, TUNSETIFF, &request) == 0) return true;
  const int error = errno;
  close(std::exchange(fd_, -1));
  errno = error;
  return false;
}

void Attachment::open_packet(int index) {
  fd_ = socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, htons(ETH_P_IP));
  if (fd_ < 0) fail(device_, "cannot open a packet socket");
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_IP);
  address.sll_ifindex = index;
  const int yes = 1;
  if (setsockopt(fd_, SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes, sizeof yes) != 0) {
    fail(device_, "cannot ignore what goes out");
  }
  // Without privilege for more the limit of the machine holds.
  if (setsockopt(fd_, SOL_SOCKET, SO_RCVBUFFORCE, &kReceiveBuffer, sizeof kReceiveBuffer) != 0) {
    setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &kReceiveBuffer, sizeof kReceiveBuffer);
  }
  if (bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    fail(device_, "cannot bind a packet socket");
  }
}

void Attachment::send(View packet) {
  ssize_t sent = 0;
  if (how_ == Attach::tun) {
    sent = write(fd_, packet.data(), packet.size());
  } else {
    sockaddr_ll to{};
    to.sll_family = AF_PACKET;
    to.sll_protocol = htons(ETH_P_IP);
    to.sll_ifindex = index_;
    sent = sendto(fd_, packet.data(), packet.size(), 0, reinterpret_cast<const sockaddr*>(&to),
                  sizeof to);
  }
  if (sent < 0 && errno != EINVAL) fail(device_, "cannot send");
}

std::optional<Octets> Attachment::receive() {
  Octets packet(65536);
  for (;;) {
    const ssize_t size = read(fd_, packet.data(), packet.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == EAGAIN) return {};
    if (size < 0) fail(device_, "cannot receive");
    if (size == 0 || packet[0] >> 4U == 6) continue;  // what the kernel says about IPv6
    packet.resize(static_cast<std::size_t>(size));
    return packet;
  }
}

}  // namespace hop::conform
