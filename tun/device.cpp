#include "tun/device.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "tun/attach.hpp"
#include "tun/conflict.hpp"
#include "tun/namespace.hpp"
#include "tun/netlink.hpp"
#include "tun/offload.hpp"
#include "tun/undo.hpp"
#include "tun/unique_fd.hpp"

namespace hop {
namespace {

std::string_view remedy_for(const NetlinkError& error) {
  if (error.is_permission()) return "run as root, or use 'hop run'";
  if (error.is_gone()) return "something else removed the device meanwhile; start again";
  return "'ip link', 'ip address' and 'ip route' show what is there";
}

// Runs one step of the set-up, named in words: "set the MTU of tun0 to 1400".
template <class Step>
auto attempt(const std::string& what, Step step, std::string_view remedy = {}) try {
  return step();
} catch (const NetlinkError& error) {
  const bool specific = !remedy.empty() && !error.is_permission() && !error.is_gone();
  throw TunError{
      fmt::format("cannot {}: {}; {}", what, error.what(), specific ? remedy : remedy_for(error))};
}

}  // namespace

/// A device with what was done to it. Each change is made only where it is needed, so an attached
/// device that has everything is not touched and needs no privilege.
class TunDevice::Setup {
 public:
  explicit Setup(const TunOptions& options);
  std::vector<std::string> take_down();
  void change_mtu(std::uint16_t wanted);

  std::string name;
  std::uint16_t mtu;
  bool attached = false;
  bool offload = false;
  std::vector<TunQueue> queues;

 private:
  void open(const TunOptions& options);
  void refuse_conflicts(const Prefix& wanted);
  void refuse_other_address(const InterfaceAddress& wanted);
  [[nodiscard]] bool has_address(const InterfaceAddress& address) const;
  void keep_ipv6_quiet();
  void set_address(const InterfaceAddress& address);
  void set_mtu();
  void bring_up();
  void add_routes(const std::vector<Prefix>& routes);
  void add_route(const Prefix& to);

  std::unique_ptr<Netlink> netlink_;
  LinkEntry link_{};  // as it was before the first change
  bool restores_mtu_ = false;
  std::vector<AddressEntry> addresses_;
  std::vector<RouteEntry> routes_;
  Undo undo_;  // last, so that it runs while the rest is still there
};

TunDevice::Setup::Setup(const TunOptions& options) : name(options.name), mtu(options.mtu) {
  check_device_name(name);
  const NetnsGuard in_its_namespace{options.netns};
  const NetnsGuard in_the_one_given{options.network};
  open(options);
  refuse_other_address(options.address);
  refuse_conflicts(options.address.subnet());
  for (const Prefix& to : options.routes) refuse_conflicts(to);
  if (!attached) keep_ipv6_quiet();
  set_address(options.address);
  set_mtu();
  bring_up();
  add_routes(options.routes);
}

void TunDevice::Setup::open(const TunOptions& options) {
  attempt("ask the kernel about its network devices", [&] {
    netlink_ = std::make_unique<Netlink>();
    const auto found = netlink_->find_link(name);
    attached = found.has_value();
    queues = open_tun(options.device_path, name, found, options.queues, options.offload);
    link_ = netlink_->link_named(name);
    addresses_ = netlink_->addresses();
    routes_ = netlink_->main_routes();
  });
  const std::optional<int> header_before = begin_offload(queues.front().in.get(), options.offload);
  offload = header_before.has_value();
  if (!offload || !attached) return;
  undo_.push(fmt::format("turn the offload of {} off", name),
             [this, size = *header_before] { end_offload(queues.front().in.get(), size); });
}

void TunDevice::Setup::refuse_conflicts(const Prefix& wanted) {
  const auto conflict = find_conflict(wanted, link_.index, addresses_, routes_);
  if (!conflict) return;
  throw TunError{
      fmt::format("cannot route {} into {}: {} {}; take other addresses, or use 'hop "
                  "run', which has a network of its own",
                  to_string(wanted), name, conflict->what, netlink_->name_of(conflict->link))};
}

void TunDevice::Setup::refuse_other_address(const InterfaceAddress& wanted) {
  const auto on_link = [this](const AddressEntry& entry) { return entry.link == link_.index; };
  const auto first = std::ranges::find_if(addresses_, on_link);
  if (first == addresses_.end() || has_address(wanted)) return;
  throw TunError{fmt::format(
      "cannot use {} with address {}: it has {}; use that address, or remove "
      "it with 'ip address del {} dev {}'",
      name, to_string(wanted), to_string(first->address), to_string(first->address), name)};
}

bool TunDevice::Setup::has_address(const InterfaceAddress& address) const {
  return std::ranges::any_of(addresses_, [&](const AddressEntry& entry) {
    return entry.link == link_.index && entry.address == address;
  });
}

// Before the device comes up and the kernel solicits routers on it.
void TunDevice::Setup::keep_ipv6_quiet() {
  attempt("turn off automatic IPv6 addresses of " + name,
          [this] { netlink_->disable_ipv6_autoconfiguration(link_.index); });
}

void TunDevice::Setup::set_address(const InterfaceAddress& address) {
  if (has_address(address)) return;
  const std::string what = fmt::format("address {} on {}", to_string(address), name);
  attempt("set " + what, [&] { netlink_->add_address(link_.index, address); });
  undo_.push("remove " + what, [this, address] { netlink_->remove_address(link_.index, address); });
}

void TunDevice::Setup::set_mtu() {
  if (link_.mtu == mtu) return;
  attempt(
      fmt::format("set the MTU of {} to {}", name, mtu),
      [this] { netlink_->set_mtu(link_.index, mtu); }, "the kernel takes 68 to 65535");
  restores_mtu_ = true;
  undo_.push(fmt::format("set the MTU of {} back to {}", name, link_.mtu),
             [this] { netlink_->set_mtu(link_.index, link_.mtu); });
}

// What it was before is put back in the end, whatever it was meanwhile.
void TunDevice::Setup::change_mtu(std::uint16_t wanted) {
  if (wanted == mtu) return;
  attempt(fmt::format("set the MTU of {} to {}", name, wanted),
          [&] { netlink_->set_mtu(link_.index, wanted); });
  if (!std::exchange(restores_mtu_, true)) {
    undo_.push(fmt::format("set the MTU of {} back to {}", name, link_.mtu),
               [this] { netlink_->set_mtu(link_.index, link_.mtu); });
  }
  mtu = wanted;
}

void TunDevice::Setup::bring_up() {
  if (link_.state == AdminState::up) return;
  attempt("bring up " + name, [this] { netlink_->set_state(link_.index, AdminState::up); });
  undo_.push("bring down " + name, [this] { netlink_->set_state(link_.index, AdminState::down); });
}

void TunDevice::Setup::add_routes(const std::vector<Prefix>& routes) {
  // With the address the device has got a route to its subnet; an attached one may have more.
  routes_ = attempt("read the routes", [this] { return netlink_->main_routes(); });
  for (const Prefix& to : routes) {
    if (std::ranges::find(routes_, RouteEntry{link_.index, to}) == routes_.end()) add_route(to);
  }
}

void TunDevice::Setup::add_route(const Prefix& to) {
  const std::string what = fmt::format("route {} on {}", to_string(to), name);
  attempt("add " + what, [&] { netlink_->add_route(link_.index, to); });
  undo_.push("remove " + what, [this, to] { netlink_->remove_route(link_.index, to); });
  routes_.push_back({link_.index, to});
}

std::vector<std::string> TunDevice::Setup::take_down() {
  auto failures = undo_.run();
  for (TunQueue& queue : queues) queue = {};
  return failures;
}

TunDevice::TunDevice(const TunOptions& options) : setup_(std::make_unique<Setup>(options)) {}
TunDevice::TunDevice(TunDevice&&) noexcept = default;
TunDevice& TunDevice::operator=(TunDevice&&) noexcept = default;
TunDevice::~TunDevice() = default;

std::size_t TunDevice::queues() const noexcept { return setup_->queues.size(); }
int TunDevice::fd(std::size_t queue) const noexcept { return setup_->queues[queue].in.get(); }
int TunDevice::fd_to_write(std::size_t queue) const noexcept {
  const TunQueue& one = setup_->queues[queue];
  return one.out ? one.out.get() : one.in.get();
}
const std::string& TunDevice::name() const noexcept { return setup_->name; }
std::uint16_t TunDevice::mtu() const noexcept { return setup_->mtu; }
bool TunDevice::offload() const noexcept { return setup_->offload; }
bool TunDevice::attached() const noexcept { return setup_->attached; }
void TunDevice::set_mtu(std::uint16_t mtu) { setup_->change_mtu(mtu); }
std::vector<std::string> TunDevice::take_down() { return setup_->take_down(); }

}  // namespace hop
