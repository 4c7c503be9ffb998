#include "tun/attach.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "tun/error.hpp"

namespace hop {
namespace {

// One queue, and no header in front of the packets but that of offload.
constexpr unsigned kFlags = IFF_TUN | IFF_NO_PI;

std::string_view remedy_for_node(int error) {
  switch (error) {
    case ENOENT:
      return "load the driver with 'modprobe tun', make the node with 'mkdir -p /dev/net && mknod "
             "/dev/net/tun c 10 200', or name another one with --tun-device; in a container pass "
             "it in (docker run --device /dev/net/tun)";
    case ENODEV:
    case ENXIO:
      return "load the driver with 'modprobe tun'";
    case EACCES:
      return "run as root, or open it to everybody, as udev does, with 'chmod 0666 /dev/net/tun', "
             "and use 'hop run'";
    case EPERM:
      return "the container does not allow this device (docker run --device /dev/net/tun)";
    default:
      return "name another device node with --tun-device";
  }
}

UniqueFd open_node(const std::string& path) {
  UniqueFd fd{::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC)};
  if (fd) return fd;
  const int error = errno;
  throw TunError{
      fmt::format("cannot open {}: {}; {}", path, reason_of(error), remedy_for_node(error))};
}

std::string remedy_for_invalid(const std::optional<LinkEntry>& found) {
  if (!found) return "the kernel does not take these flags: is the node really /dev/net/tun?";
  if (found->kind == "tun") {
    return "the device of that name is a TAP, or has several queues; take another name";
  }
  return fmt::format("the device of that name is no TUN{}; take another name",
                     found->kind.empty() ? "" : " but a " + found->kind);
}

std::string remedy_for_name(int error, const std::optional<LinkEntry>& found) {
  switch (error) {
    case EBUSY:
      return "another process uses it; stop that, or take another name";
    case EINVAL:
      return remedy_for_invalid(found);
    case EPERM:
      return found ? "it belongs to another user; run as root, or take another name"
                   : "run as root, or use 'hop run'";
    case ENOTTY:
      return "the node is not /dev/net/tun; name the right one with --tun-device";
    default:
      return "'ip link' shows the devices there are";
  }
}

}  // namespace

// The rules of the kernel's dev_valid_name(), and no '%', which it would replace by a number.
void check_device_name(const std::string& name) {
  const bool valid = !name.empty() && name.size() < IFNAMSIZ && name != "." && name != ".." &&
                     name.find_first_of("/:% \t\n\v\f\r") == std::string::npos;
  if (valid) return;
  throw TunError{
      fmt::format("cannot name a TUN device '{}': the kernel does not take it; use 1 to "
                  "{} characters, without spaces, '/', ':' and '%'",
                  name, IFNAMSIZ - 1)};
}

UniqueFd open_tun(const std::string& path, const std::string& name,
                  const std::optional<LinkEntry>& found, bool offload) {
  UniqueFd fd = open_node(path);
  // IFF_TUN_EXCL: a device that came up since we looked is not taken for ours.
  ifreq request{};
  std::ranges::copy(name, request.ifr_name);
  const unsigned flags = found ? kFlags : kFlags | IFF_TUN_EXCL;
  request.ifr_flags = static_cast<short>(offload ? flags | IFF_VNET_HDR : flags);
  if (::ioctl(fd.get(), TUNSETIFF, &request) == 0) return fd;
  if (offload && errno == EINVAL) return open_tun(path, name, found, false);
  const int error = errno;
  throw TunError{fmt::format("cannot {} TUN device {}: {}; {}", found ? "attach to" : "create",
                             name, reason_of(error), remedy_for_name(error, found))};
}

}  // namespace hop
