#pragma once
// The suite's end of a TUN device.

#include <optional>
#include <string>

#include "tools/conform/octets.hpp"

namespace hop::conform {

/// How the suite reaches the system under test through a device.
enum class Attach : std::uint8_t {
  /// By what the device is: `tun` if nobody holds it, else `packet`.
  automatic,
  /// The suite is the process that holds the TUN: the kernel of this namespace is tested.
  tun,
  /// Another process holds the TUN and is tested: packets go in and out by a packet socket, as
  /// packet(7) has them, past the kernel's own IP.
  packet,
};

/// A device, open for as long as this lives. Throws RunError if it cannot be opened.
class Attachment {
 public:
  Attachment(std::string device, Attach how);
  Attachment(Attachment&& other) noexcept;
  Attachment(const Attachment&) = delete;
  Attachment& operator=(const Attachment&) = delete;
  Attachment& operator=(Attachment&&) = delete;
  ~Attachment();

  /// Gives a packet to the system. A device may refuse what is no IPv4 packet at all; the system
  /// does not see it then, as if it had dropped it.
  void send(View packet);
  /// The next IPv4 packet that came, if there is one.
  [[nodiscard]] std::optional<Octets> receive();
  [[nodiscard]] int descriptor() const { return fd_; }
  [[nodiscard]] const std::string& device() const { return device_; }
  [[nodiscard]] Attach how() const { return how_; }

 private:
  bool open_tun();
  void open_packet(int index);

  std::string device_;
  Attach how_;
  int fd_ = -1;
  int index_ = 0;
};

}  // namespace hop::conform
