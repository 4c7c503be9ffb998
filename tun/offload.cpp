#include "tun/offload.hpp"

#include <linux/if_tun.h>
#include <net/if.h>
#include <sys/ioctl.h>

#include "tun/virtio_header.hpp"

// Linux 6.2; Debian 12 has older headers.
#ifndef TUN_F_USO4
#define TUN_F_USO4 0x20
#define TUN_F_USO6 0x40
#endif

namespace hop {
namespace {

bool has_header(int fd) {
  ifreq request{};
  return ::ioctl(fd, TUNGETIFF, &request) == 0 && (request.ifr_flags & IFF_VNET_HDR) != 0;
}

// UDP only where the kernel has it; that of IPv6 is not to be had without.
void ask_for_all(int fd) {
  constexpr unsigned kTcp = TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO_ECN;
  if (::ioctl(fd, TUNSETOFFLOAD, kTcp | TUN_F_USO4 | TUN_F_USO6) < 0) {
    ::ioctl(fd, TUNSETOFFLOAD, kTcp);
  }
}

}  // namespace

std::optional<int> begin_offload(int fd, bool wanted) {
  // Somebody who was killed may have left it on, and without a header nobody could read that.
  const bool header = has_header(fd);
  if (!header || !wanted) ::ioctl(fd, TUNSETOFFLOAD, 0);
  if (!header) return std::nullopt;
  int before = 0;
  int size = kVirtioHeader;
  if (::ioctl(fd, TUNGETVNETHDRSZ, &before) < 0) before = size;
  ::ioctl(fd, TUNSETVNETHDRSZ, &size);
  if (wanted) ask_for_all(fd);
  return before;
}

void end_offload(int fd, int header_size) noexcept {
  ::ioctl(fd, TUNSETOFFLOAD, 0);
  ::ioctl(fd, TUNSETVNETHDRSZ, &header_size);
}

}  // namespace hop
