// bare LOOP: what a TUN device allows, without a stack. See README.md.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <string>

#include "tests/bench/bare_loops.hpp"
#include "tests/bench/relay.hpp"
#include "tests/bench/tun_file.hpp"

namespace hop::bench {
namespace {

constexpr const char* kFooter =
    "Runs until it is ended, and opens the device in the namespace it runs in. As 10.0.0.2 it "
    "answers\n"
    "echo requests, sends other packets back with a TTL less and, at TTL 1, sends time exceeded.\n"
    "Nothing is checked.";

void add_loop(CLI::App& app, const std::string& name, const std::string& what, bool blocking,
              void (*loop)(int)) {
  CLI::App* const command = app.add_subcommand(name, what);
  auto device = std::make_shared<std::string>("tun0");
  command->add_option("--device", *device, "The TUN device")
      ->type_name("NAME")
      ->capture_default_str();
  command->callback([=] { loop(open_tun_file(*device, {.blocking = blocking}).get()); });
}

struct RelayOptions {
  std::string one, other;
  bool super_packets = false;
};

void add_relay(CLI::App& app) {
  CLI::App* const command =
      app.add_subcommand("relay", "a router between two devices, TTL and checksum alone");
  auto options = std::make_shared<RelayOptions>();
  command->add_option("ONE", options->one, "A TUN device")->required();
  command->add_option("OTHER", options->other, "Another")->required();
  command->add_flag("--super-packets", options->super_packets,
                    "Pass packets of up to 64 KiB whole (IFF_VNET_HDR)");
  command->callback([=] {
    const TunFile how{.super_packets = options->super_packets};
    const UniqueFd one = open_tun_file(options->one, how);
    const UniqueFd other = open_tun_file(options->other, how);
    relay(one.get(), other.get(), how.super_packets);
  });
}

int main(int argc, char** argv) {
  CLI::App app{"Loops on a TUN device that hop is held against", "bare"};
  app.require_subcommand(1);
  app.footer(kFooter);
  add_loop(app, "rw", "blocking read, blocking write", true, loop_by_read_and_write);
  add_loop(app, "epoll", "epoll, then all there is, at most 64", false, loop_by_epoll);
  add_loop(app, "spin", "reads without ever waiting", false, loop_by_spinning);
  add_loop(app, "uring", "io_uring, 64 deep, fixed buffers", true, loop_by_uring);
  add_relay(app);
  CLI11_PARSE(app, argc, argv);
  return 0;
}

}  // namespace
}  // namespace hop::bench

int main(int argc, char** argv) {
  try {
    return hop::bench::main(argc, argv);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "bare: %s\n", failure.what());
    return 1;
  }
}
