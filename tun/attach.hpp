#pragma once
// Opening the device node and naming the device: the part of set-up that goes through ioctl(2).

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "tun/netlink.hpp"
#include "tun/unique_fd.hpp"

namespace hop {

/// Throws TunError unless the kernel takes `name` as the name of a device, literally.
void check_device_name(const std::string& name);

/// One of the queues of a device: the kernel keeps a flow on one of them.
struct TunQueue {
  UniqueFd in;   ///< read from
  UniqueFd out;  ///< written to; none of a device with one queue, where `in` is
};

/// Opens the device node at `path`, non-blocking and not inherited by programs, and attaches to
/// the device `found` or, without one, creates it: with `count` queues, and the header of offload
/// in front of packets, if that is wanted and the kernel has it. Throws TunError.
[[nodiscard]] std::vector<TunQueue> open_tun(const std::string& path, const std::string& name,
                                             const std::optional<LinkEntry>& found,
                                             std::size_t count, bool offload);

}  // namespace hop
