#pragma once
// A TUN device as the bare programs need it: opened, and nothing else done to it.

#include <cstddef>
#include <string>

#include "tun/unique_fd.hpp"

namespace hop::bench {

struct TunFile {
  bool blocking = false;
  /// Packets have a header in front (IFF_VNET_HDR) and may be as large as TCP or UDP hands them to
  /// the device: segments are cut, and checksums computed, by whoever needs them.
  bool super_packets = false;
};

/// Opens TUN device `name`, which is made if it is not there, in the namespace of the process.
/// Throws Failure.
[[nodiscard]] UniqueFd open_tun_file(const std::string& name, TunFile how);

/// What is in front of each packet of a file with super-packets: struct virtio_net_hdr, whose
/// header <linux/virtio_net.h> is no C++ in Debian 12.
inline constexpr std::size_t kVnetHeader = 10;

}  // namespace hop::bench
