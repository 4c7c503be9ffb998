#pragma once
// Super-packets and checksums that are left to us: switched on and off on an open TUN device.

#include <optional>

namespace hop {

/// Asks the kernel for all of it that we can do, if it is `wanted` and the device was attached to
/// with IFF_VNET_HDR. Gives the size of the header that the device had before; nothing if packets
/// come without.
std::optional<int> begin_offload(int fd, bool wanted);

/// As the device was before.
void end_offload(int fd, int header_size) noexcept;

}  // namespace hop
