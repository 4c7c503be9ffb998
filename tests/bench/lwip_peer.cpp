// lwip_peer [DEVICE]: lwIP, as Debian's liblwip-dev has it, on a TUN device, by default tun0. It is
// 10.0.0.2/24 and forwards 10.9.0.0/16. That library is built with threads and locks, sockets and
// IPv6, so it is slower than an lwIP that is made for routing alone.

// Debian's lwipopts.h declares them without saying that they are C.
extern "C" {
void sys_lock_tcpip_core();
void sys_unlock_tcpip_core();
}

#include <lwip/init.h>
#include <lwip/ip4.h>
#include <lwip/netif.h>
#include <lwip/pbuf.h>
#include <lwip/tcpip.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <semaphore>
#include <string>

#include "tests/bench/tun_file.hpp"

namespace hop::bench {
namespace {

int tun = -1;

err_t write_packet(netif* /*out*/, pbuf* packet, const ip4_addr_t* /*next_hop*/) {
  std::array<std::byte, 2048> whole{};
  const u16_t size = pbuf_copy_partial(packet, whole.data(), whole.size(), 0);
  const void* const bytes = packet->len == size ? packet->payload : whole.data();
  return ::write(tun, bytes, size) < 0 ? ERR_IF : ERR_OK;
}

err_t set_up(netif* interface) {
  interface->name[0] = 't';
  interface->name[1] = 'n';
  interface->mtu = 1500;
  interface->output = write_packet;
  return ERR_OK;
}

void add(netif& interface, std::array<u8_t, 4> address, u8_t third_byte_of_mask) {
  ip4_addr_t own;
  ip4_addr_t mask;
  ip4_addr_t none;
  IP4_ADDR(&own, address[0], address[1], address[2], address[3]);
  IP4_ADDR(&mask, 255, 255, third_byte_of_mask, 0);
  IP4_ADDR(&none, 0, 0, 0, 0);
  netif_add(&interface, &own, &mask, &none, nullptr, set_up, ip4_input);
  netif_set_up(&interface);
  netif_set_link_up(&interface);
}

void wait_for_lwip() {
  static std::binary_semaphore ready{0};
  tcpip_init([](void*) { ready.release(); }, nullptr);
  ready.acquire();
}

[[noreturn]] void run(netif& in) {
  std::array<std::byte, 2048> buffer{};
  for (;;) {
    const ssize_t size = ::read(tun, buffer.data(), buffer.size());
    if (size <= 0) continue;
    pbuf* const packet = pbuf_alloc(PBUF_RAW, static_cast<u16_t>(size), PBUF_RAM);
    if (packet == nullptr) continue;
    pbuf_take(packet, buffer.data(), static_cast<u16_t>(size));
    LOCK_TCPIP_CORE();
    if (in.input(packet, &in) != ERR_OK) pbuf_free(packet);
    UNLOCK_TCPIP_CORE();
  }
}

int main(int argc, char** argv) {
  const std::string device = argc > 1 ? argv[1] : "tun0";
  if (argc > 2 || device.starts_with("-")) {
    std::puts("usage: lwip_peer [DEVICE]\n\nlwIP as 10.0.0.2 on a TUN device, until it is ended.");
    return device == "--help" ? 0 : 2;
  }
  const UniqueFd file = open_tun_file(device, {.blocking = true});
  tun = file.get();
  wait_for_lwip();
  // Two interfaces on one device: lwIP does not forward to where a packet came from.
  static netif in;
  static netif beyond;
  LOCK_TCPIP_CORE();
  add(in, {10, 0, 0, 2}, 255);
  add(beyond, {10, 9, 255, 254}, 0);
  UNLOCK_TCPIP_CORE();
  run(in);
}

}  // namespace
}  // namespace hop::bench

int main(int argc, char** argv) {
  try {
    return hop::bench::main(argc, argv);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "lwip_peer: %s\n", failure.what());
    return 1;
  }
}
