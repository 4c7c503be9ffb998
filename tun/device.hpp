#pragma once
// A TUN device of Linux: where packets of this machine enter and leave hop.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "stack/wire/ipv4_address.hpp"
#include "tun/error.hpp"

namespace hop {

struct TunOptions {
  std::string name;                          ///< 1 to 15 characters
  std::string device_path = "/dev/net/tun";  ///< the device node
  InterfaceAddress address;                  ///< this machine's address on the device
  std::uint16_t mtu = 1500;                  ///< bytes of IP
  std::vector<Prefix> routes;                ///< routed into the device besides its own subnet
  std::string netns;                         ///< as of `ip netns`; empty for the current one
  int network = -1;                          ///< or a descriptor of the namespace; -1 for none
  bool offload = false;                      ///< super-packets, if the kernel has them
  std::size_t queues = 1;                    ///< among which the kernel divides the flows
};

/// An open TUN device, addressed, routed and up. Without a device of that name one is created,
/// and is gone when this is destroyed or the process ends. One that exists (`ip tuntap add`) is
/// attached to, and left as it was found: what had to be added or changed is taken back, what was
/// there already stays. A process that is killed cannot do so for an attached device.
///
/// An attached device that has everything already needs no privilege but to be its owner.
class TunDevice {
 public:
  /// Throws TunError when something is refused or would take traffic from another device. Then
  /// everything done so far has been undone.
  explicit TunDevice(const TunOptions& options);
  TunDevice(TunDevice&&) noexcept;
  TunDevice& operator=(TunDevice&&) noexcept;
  TunDevice(const TunDevice&) = delete;
  TunDevice& operator=(const TunDevice&) = delete;
  ~TunDevice();

  [[nodiscard]] std::size_t queues() const noexcept;
  /// Non-blocking; one read or write is one packet, with nothing in front of it (IFF_NO_PI) but the
  /// header of virtio_header.hpp, with offload(). It belongs to this object and works from every
  /// namespace. Of a device with several queues it is read from only.
  [[nodiscard]] int fd(std::size_t queue = 0) const noexcept;
  /// What is written to: the same one, unless there are several queues.
  [[nodiscard]] int fd_to_write(std::size_t queue = 0) const noexcept;
  [[nodiscard]] const std::string& name() const noexcept;
  [[nodiscard]] std::uint16_t mtu() const noexcept;
  /// Does the kernel hand down super-packets and leave checksums to us, and take the same?
  [[nodiscard]] bool offload() const noexcept;
  /// Whether the device was there before.
  [[nodiscard]] bool attached() const noexcept;

  /// Gives the device another MTU from now on. Throws TunError.
  void set_mtu(std::uint16_t mtu);
  /// What the destructor does, telling what could not be taken back. Only once; fd() is -1 then.
  std::vector<std::string> take_down();

 private:
  class Setup;
  std::unique_ptr<Setup> setup_;
};

}  // namespace hop
