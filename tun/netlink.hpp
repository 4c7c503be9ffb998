#pragma once
// What hop asks of the kernel's rtnetlink(7), through libnl-route-3.

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "stack/wire/ipv4_address.hpp"

struct nl_sock;

namespace hop {

/// The kernel, or libnl, refused. what() is the reason alone; the caller knows what failed.
class NetlinkError : public std::runtime_error {
 public:
  /// `code`: what libnl returned, NLE_... or its negative.
  explicit NetlinkError(int code);
  /// NLE_..., positive.
  [[nodiscard]] int code() const noexcept { return code_; }
  /// The thing that was to be changed or removed is not there (any more).
  [[nodiscard]] bool is_gone() const noexcept;
  [[nodiscard]] bool is_permission() const noexcept;

 private:
  int code_;
};

enum class AdminState : std::uint8_t { down, up };

/// A network device.
struct LinkEntry {
  int index = 0;
  std::string kind;  ///< "tun", "veth" ...; empty for physical devices and loopback
  unsigned mtu = 0;
  AdminState state = AdminState::down;
  bool carrier = false;  ///< of a TUN: is a process attached to it?
};

/// An IPv4 address of a device.
struct AddressEntry {
  int link = 0;  ///< index of the device
  InterfaceAddress address;
};

/// An IPv4 route of the main table.
struct RouteEntry {
  int link = 0;  ///< index of the (first) device; 0 when it has none, as an unreachable route
  Prefix to;

  bool operator==(const RouteEntry&) const = default;
};

/// An rtnetlink socket. It keeps speaking to the network namespace in which it was made, wherever
/// the process goes afterwards. Everything throws NetlinkError.
class Netlink {
 public:
  Netlink();

  /// The device of that name, if there is one.
  [[nodiscard]] std::optional<LinkEntry> find_link(const std::string& name);
  /// The same, where it has to be there.
  [[nodiscard]] LinkEntry link_named(const std::string& name);
  /// The name of a device, or "nothing" for index 0 and devices that are gone.
  [[nodiscard]] std::string name_of(int link);
  [[nodiscard]] std::vector<AddressEntry> addresses();
  [[nodiscard]] std::vector<RouteEntry> main_routes();

  void set_mtu(int link, unsigned mtu);
  void set_state(int link, AdminState state);
  /// No automatic IPv6 addresses, and so no router solicitations. Nothing to do without IPv6.
  void disable_ipv6_autoconfiguration(int link);
  void add_address(int link, const InterfaceAddress& address);
  void remove_address(int link, const InterfaceAddress& address);
  /// A route of scope link in the main table; fails when the prefix has one already.
  void add_route(int link, const Prefix& to);
  void remove_route(int link, const Prefix& to);

 private:
  struct Close {
    void operator()(nl_sock* socket) const noexcept;
  };
  std::unique_ptr<nl_sock, Close> socket_;
};

}  // namespace hop
