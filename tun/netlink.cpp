#include "tun/netlink.hpp"

#include <linux/if_link.h>
#include <net/if.h>
#include <netlink/netlink.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/link/inet6.h>
#include <netlink/route/route.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "stack/base/bytes.hpp"

namespace hop {
namespace {

// The objects of libnl, each with the function that frees it.
template <auto free_one>
struct Free {
  template <class T>
  void operator()(T* object) const noexcept {
    free_one(object);
  }
};
using LinkPtr = std::unique_ptr<rtnl_link, Free<rtnl_link_put>>;
using AddrPtr = std::unique_ptr<rtnl_addr, Free<rtnl_addr_put>>;
using RoutePtr = std::unique_ptr<rtnl_route, Free<rtnl_route_put>>;
using NlAddrPtr = std::unique_ptr<nl_addr, Free<nl_addr_put>>;
using CachePtr = std::unique_ptr<nl_cache, Free<nl_cache_free>>;

void check(int result) {
  if (result < 0) throw NetlinkError{result};
}

template <class T>
T* check_memory(T* object) {
  if (object == nullptr) throw NetlinkError{NLE_NOMEM};
  return object;
}

NlAddrPtr to_nl(Ipv4Address address, unsigned prefix_length) {
  std::array<std::byte, 4> raw{};
  store_be(MutBytes{raw}, 0, address.value);
  NlAddrPtr result{check_memory(nl_addr_build(AF_INET, raw.data(), raw.size()))};
  nl_addr_set_prefixlen(result.get(), static_cast<int>(prefix_length));
  return result;
}

// libnl gives 0.0.0.0/0 as an address without bytes.
Ipv4Address from_nl(const nl_addr* address) {
  if (address == nullptr || nl_addr_get_len(address) < 4) return {};
  const auto* const raw = static_cast<const std::byte*>(nl_addr_get_binary_addr(address));
  return Ipv4Address{load_be<std::uint32_t>(Bytes{raw, 4}, 0)};
}

LinkPtr new_link() { return LinkPtr{check_memory(rtnl_link_alloc())}; }

void change_link(nl_sock* socket, int index, const LinkPtr& changes) {
  const LinkPtr which = new_link();
  rtnl_link_set_ifindex(which.get(), index);
  check(rtnl_link_change(socket, which.get(), changes.get(), 0));
}

AddrPtr make_address(int link, const InterfaceAddress& address) {
  AddrPtr result{check_memory(rtnl_addr_alloc())};
  rtnl_addr_set_ifindex(result.get(), link);
  check(rtnl_addr_set_local(result.get(), to_nl(address.address, address.prefix_length).get()));
  return result;
}

RoutePtr make_route(int link, const Prefix& to) {
  RoutePtr result{check_memory(rtnl_route_alloc())};
  check(rtnl_route_set_dst(result.get(), to_nl(to.address(), to.length()).get()));
  rtnl_route_set_table(result.get(), RT_TABLE_MAIN);
  rtnl_route_set_scope(result.get(), RT_SCOPE_LINK);
  rtnl_route_set_protocol(result.get(), RTPROT_STATIC);
  rtnl_nexthop* const hop = check_memory(rtnl_route_nh_alloc());
  rtnl_route_nh_set_ifindex(hop, link);
  rtnl_route_add_nexthop(result.get(), hop);  // which owns it from here
  return result;
}

AddressEntry to_entry(rtnl_addr* address) {
  return {.link = rtnl_addr_get_ifindex(address),
          .address = {from_nl(rtnl_addr_get_local(address)),
                      static_cast<unsigned>(rtnl_addr_get_prefixlen(address))}};
}

RouteEntry to_entry(rtnl_route* route) {
  nl_addr* const to = rtnl_route_get_dst(route);
  rtnl_nexthop* const hop = rtnl_route_nexthop_n(route, 0);
  return {.link = hop == nullptr ? 0 : rtnl_route_nh_get_ifindex(hop),
          .to = {from_nl(to), to == nullptr ? 0U : nl_addr_get_prefixlen(to)}};
}

// Takes a dump of the kernel's tables. One that changed under it is taken again.
template <class Fill>
CachePtr dump(Fill fill) {
  nl_cache* cache = nullptr;
  int result = 0;
  do {
    result = fill(&cache);
  } while (result == -NLE_DUMP_INTR);
  check(result);
  return CachePtr{cache};
}

template <class Object, class Visit>
void for_each(const CachePtr& cache, Visit visit) {
  for (nl_object* o = nl_cache_get_first(cache.get()); o != nullptr; o = nl_cache_get_next(o)) {
    visit(reinterpret_cast<Object*>(o));  // NOLINT: libnl's way to derive from nl_object
  }
}

// What the kernel says of devices, routes and addresses that are not there.
constexpr std::array kGone{NLE_NODEV, NLE_OBJ_NOTFOUND, NLE_NOADDR};

bool means_no_such_link(int result) { return result == -NLE_NODEV || result == -NLE_OBJ_NOTFOUND; }

}  // namespace

NetlinkError::NetlinkError(int code)
    : std::runtime_error(nl_geterror(std::abs(code))), code_(std::abs(code)) {}

bool NetlinkError::is_gone() const noexcept {
  return std::ranges::find(kGone, code_) != kGone.end();
}

bool NetlinkError::is_permission() const noexcept {
  return code_ == NLE_PERM || code_ == NLE_NOACCESS;
}

void Netlink::Close::operator()(nl_sock* socket) const noexcept { nl_socket_free(socket); }

Netlink::Netlink() : socket_(check_memory(nl_socket_alloc())) {
  check(nl_connect(socket_.get(), NETLINK_ROUTE));
}

std::optional<LinkEntry> Netlink::find_link(const std::string& name) {
  rtnl_link* found = nullptr;
  const int result = rtnl_link_get_kernel(socket_.get(), 0, name.c_str(), &found);
  if (means_no_such_link(result)) return std::nullopt;
  check(result);
  const LinkPtr link{found};
  const char* const kind = rtnl_link_get_type(found);
  const bool up = (rtnl_link_get_flags(found) & IFF_UP) != 0;
  return LinkEntry{.index = rtnl_link_get_ifindex(found),
                   .kind = kind == nullptr ? "" : kind,
                   .mtu = rtnl_link_get_mtu(found),
                   .state = up ? AdminState::up : AdminState::down,
                   .carrier = rtnl_link_get_carrier(found) != 0};
}

LinkEntry Netlink::link_named(const std::string& name) {
  if (const auto found = find_link(name)) return *found;
  throw NetlinkError{NLE_NODEV};
}

std::string Netlink::name_of(int link) {
  rtnl_link* found = nullptr;
  if (link == 0 || rtnl_link_get_kernel(socket_.get(), link, nullptr, &found) < 0) return "nothing";
  const LinkPtr owned{found};
  return rtnl_link_get_name(found);
}

std::vector<AddressEntry> Netlink::addresses() {
  const CachePtr cache =
      dump([this](nl_cache** into) { return rtnl_addr_alloc_cache(socket_.get(), into); });
  std::vector<AddressEntry> result;
  for_each<rtnl_addr>(cache, [&result](rtnl_addr* address) {
    if (rtnl_addr_get_family(address) == AF_INET) result.push_back(to_entry(address));
  });
  return result;
}

std::vector<RouteEntry> Netlink::main_routes() {
  const CachePtr cache = dump(
      [this](nl_cache** into) { return rtnl_route_alloc_cache(socket_.get(), AF_INET, 0, into); });
  std::vector<RouteEntry> result;
  for_each<rtnl_route>(cache, [&result](rtnl_route* route) {
    if (rtnl_route_get_table(route) == RT_TABLE_MAIN) result.push_back(to_entry(route));
  });
  return result;
}

void Netlink::set_mtu(int link, unsigned mtu) {
  const LinkPtr changes = new_link();
  rtnl_link_set_mtu(changes.get(), mtu);
  change_link(socket_.get(), link, changes);
}

void Netlink::set_state(int link, AdminState state) {
  const LinkPtr changes = new_link();
  if (state == AdminState::up) {
    rtnl_link_set_flags(changes.get(), IFF_UP);
  } else {
    rtnl_link_unset_flags(changes.get(), IFF_UP);
  }
  change_link(socket_.get(), link, changes);
}

void Netlink::disable_ipv6_autoconfiguration(int link) try {
  const LinkPtr changes = new_link();
  check(rtnl_link_inet6_set_addr_gen_mode(changes.get(), IN6_ADDR_GEN_MODE_NONE));
  change_link(socket_.get(), link, changes);
} catch (const NetlinkError& error) {
  // The kernel was built or booted without IPv6: there is nothing to turn off.
  if (error.code() != NLE_AF_NOSUPPORT && error.code() != NLE_OPNOTSUPP) throw;
}

void Netlink::add_address(int link, const InterfaceAddress& address) {
  check(rtnl_addr_add(socket_.get(), make_address(link, address).get(), NLM_F_EXCL));
}

void Netlink::remove_address(int link, const InterfaceAddress& address) {
  check(rtnl_addr_delete(socket_.get(), make_address(link, address).get(), 0));
}

void Netlink::add_route(int link, const Prefix& to) {
  check(rtnl_route_add(socket_.get(), make_route(link, to).get(), NLM_F_EXCL));
}

void Netlink::remove_route(int link, const Prefix& to) {
  check(rtnl_route_delete(socket_.get(), make_route(link, to).get(), 0));
}

}  // namespace hop
