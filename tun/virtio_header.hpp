#pragma once
// The header in front of each packet of a device with offload (IFF_VNET_HDR): VIRTIO 1.2 section
// 5.1.6, struct virtio_net_hdr of linux/virtio_net.h, which does not compile as C++ everywhere.

#include "stack/base/packet.hpp"

namespace hop {

/// Its size. A device may have a longer one (TUNSETVNETHDRSZ), with nothing for us in it.
inline constexpr std::size_t kVirtioHeader = 10;

/// Takes the header off the front of a packet that was read, which notes as its offload what the
/// header says. What makes no sense is not believed: then it is a packet like any other, and goes
/// the way of those that are too large or whose checksum is wrong. One of less than kVirtioHeader
/// bytes becomes empty.
void take_virtio_header(Packet& packet);

/// Puts it in front of a packet that is to be written, with what the packet has as its offload; for
/// the packet that is only to be counted from then on.
void put_virtio_header(Packet& packet);

}  // namespace hop
