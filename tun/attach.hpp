#pragma once
// Opening the device node and naming the device: the part of set-up that goes through ioctl(2).

#include <optional>
#include <string>

#include "tun/netlink.hpp"
#include "tun/unique_fd.hpp"

namespace hop {

/// Throws TunError unless the kernel takes `name` as the name of a device, literally.
void check_device_name(const std::string& name);

/// Opens the device node at `path`, non-blocking and not inherited by programs, and attaches to
/// the device `found` or, without one, creates it; with the header of offload in front of packets,
/// if that is wanted and the kernel has it. Throws TunError.
[[nodiscard]] UniqueFd open_tun(const std::string& path, const std::string& name,
                                const std::optional<LinkEntry>& found, bool offload);

}  // namespace hop
