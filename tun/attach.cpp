#include "tun/attach.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <cerrno>
#include <span>
#include <string_view>

#include "tun/error.hpp"

namespace hop {
namespace {

// No header in front of the packets but that of offload.
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

std::string remedy_for_invalid(const std::string& name, const std::optional<LinkEntry>& found,
                               std::size_t count) {
  if (!found) return "the kernel does not take these flags: is the node really /dev/net/tun?";
  if (found->kind != "tun") {
    return fmt::format("the device of that name is no TUN{}; take another name",
                       found->kind.empty() ? "" : " but a " + found->kind);
  }
  if (count == 1) return "the device of that name is a TAP; take another name";
  return fmt::format(
      "the device of that name is a TAP, or has one queue; make it with 'ip tuntap add {} mode tun "
      "multi_queue', use --workers 1, or take another name",
      name);
}

std::string remedy_for_name(int error, const std::string& name,
                            const std::optional<LinkEntry>& found, std::size_t count) {
  switch (error) {
    case EBUSY:
      return "another process uses it; stop that, or take another name";
    case E2BIG:
      return "other processes have too many of its queues; stop them, or use fewer --workers";
    case EINVAL:
      return remedy_for_invalid(name, found, count);
    case EPERM:
      return found ? "it belongs to another user; run as root, or take another name"
                   : "run as root, or use 'hop run'";
    case ENOTTY:
      return "the node is not /dev/net/tun; name the right one with --tun-device";
    default:
      return "'ip link' shows the devices there are";
  }
}

// 0 or an errno.
int attach(int fd, const std::string& name, unsigned flags) {
  ifreq request{};
  std::ranges::copy(name, request.ifr_name);
  request.ifr_flags = static_cast<short>(flags);
  return ::ioctl(fd, TUNSETIFF, &request) == 0 ? 0 : errno;
}

// Makes the kernel send nothing to a queue, which takes what is written as before.
int detach(int fd) {
  ifreq request{};
  request.ifr_flags = IFF_DETACH_QUEUE;
  return ::ioctl(fd, TUNSETQUEUE, &request) == 0 ? 0 : errno;
}

// A device that was made for several queues works with one.
int open_only_queue(int fd, const std::string& name, unsigned flags, bool may_have_several) {
  const int error = attach(fd, name, flags);
  return error == EINVAL && may_have_several ? attach(fd, name, flags | IFF_MULTI_QUEUE) : error;
}

// The kernel lets any number of processes attach to a device with several queues, and divides the
// flows among them.
bool is_used(const std::optional<LinkEntry>& found) {
  return found && found->kind == "tun" && found->carrier;
}

// Those to write to come first: each is number 0 when it is detached, and so what it brings has a
// number that the device has.
int open_queues(std::span<TunQueue> queues, const std::string& path, const std::string& name,
                unsigned flags) {
  flags |= IFF_MULTI_QUEUE;
  for (TunQueue& queue : queues) {
    queue.out = open_node(path);
    if (const int error = attach(queue.out.get(), name, flags); error != 0) return error;
    if (const int error = detach(queue.out.get()); error != 0) return error;
    flags &= ~unsigned{IFF_TUN_EXCL};  // now it is ours
  }
  for (TunQueue& queue : queues) {
    queue.in = open_node(path);
    if (const int error = attach(queue.in.get(), name, flags); error != 0) return error;
  }
  return 0;
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

std::vector<TunQueue> open_tun(const std::string& path, const std::string& name,
                               const std::optional<LinkEntry>& found, std::size_t count,
                               bool offload) {
  std::vector<TunQueue> queues(count);
  // IFF_TUN_EXCL: a device that came up since we looked is not taken for ours.
  const unsigned flags = found ? kFlags : kFlags | IFF_TUN_EXCL;
  const auto open = [&](unsigned with) {
    if (count > 1) return is_used(found) ? EBUSY : open_queues(queues, path, name, with);
    queues[0].in = open_node(path);
    const int error = open_only_queue(queues[0].in.get(), name, with, found && !is_used(found));
    return error == EINVAL && is_used(found) ? EBUSY : error;
  };
  int error = open(offload ? flags | IFF_VNET_HDR : flags);
  if (error == EINVAL && offload) error = open(flags);
  if (error == 0) return queues;
  throw TunError{fmt::format("cannot {} TUN device {}: {}; {}", found ? "attach to" : "create",
                             name, reason_of(error), remedy_for_name(error, name, found, count))};
}

}  // namespace hop
