#include "tests/bench/tun_file.hpp"

#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sys/ioctl.h>

#include <algorithm>

#include "tests/bench/failure.hpp"

// Linux 6.2; Debian 12 has older headers.
#ifndef TUN_F_USO4
#define TUN_F_USO4 0x20
#define TUN_F_USO6 0x40
#endif

namespace hop::bench {
namespace {

void attach(int fd, const std::string& name, int flags) {
  ifreq request{};
  if (name.empty() || name.size() >= IFNAMSIZ) {
    throw Failure{"no TUN device can be called '" + name + "'; names have 1 to 15 characters"};
  }
  std::ranges::copy(name, request.ifr_name);
  request.ifr_flags = static_cast<short>(flags);
  if (::ioctl(fd, TUNSETIFF, &request) < 0) {
    fail("attach to TUN device " + name, errno,
         "run this as root in a namespace of its own, and end what has the device");
  }
}

void ask_for_super_packets(int fd) {
  int size = kVnetHeader;
  constexpr unsigned kTcp = TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN;
  if (::ioctl(fd, TUNSETVNETHDRSZ, &size) < 0) {
    fail("set the size of the header", errno, "this kernel is too old");
  }
  // UDP as well where the kernel knows it.
  if (::ioctl(fd, TUNSETOFFLOAD, kTcp | TUN_F_USO4 | TUN_F_USO6) == 0) return;
  if (::ioctl(fd, TUNSETOFFLOAD, kTcp) < 0) {
    fail("ask for super-packets", errno, "this kernel is too old");
  }
}

}  // namespace

UniqueFd open_tun_file(const std::string& name, TunFile how) {
  UniqueFd fd{::open("/dev/net/tun", O_RDWR | O_CLOEXEC | (how.blocking ? 0 : O_NONBLOCK))};
  if (!fd)
    fail("open /dev/net/tun", errno, "load the driver with 'modprobe tun'; run this as root");
  attach(fd.get(), name, IFF_TUN | IFF_NO_PI | (how.super_packets ? IFF_VNET_HDR : 0));
  if (how.super_packets) ask_for_super_packets(fd.get());
  return fd;
}

}  // namespace hop::bench
