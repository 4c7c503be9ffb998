// What `hop up` and `hop run` share on the command line and in output.

#include <fmt/format.h>
#include <net/if.h>

#include <chrono>
#include <optional>

#include "stack/net/topology.hpp"
#include "tools/commands/commands.hpp"
#include "tools/config/units.hpp"
#include "tools/tour.hpp"

namespace hop {
namespace {

/// As the kernel has it (dev_valid_name() in net/core/dev.c).
CLI::Validator device_name() {
  const auto check = [](const std::string& name) -> std::string {
    const bool valid = !name.empty() && name.size() < IFNAMSIZ && name != "." && name != ".." &&
                       name.find_first_of("/: \t\n\v\f\r") == std::string::npos;
    return valid ? "" : "a device name has 1 to 15 characters, without '/', ':' and spaces";
  };
  return {check, ""};
}

/// Takes the value; another one is a mistake of the command line.
CLI::Validator into(IoEngine& engine) {
  const auto take = [&engine](const std::string& text) -> std::string {
    if (text == "auto") {
      engine = IoEngine::automatic;
    } else if (text == "uring") {
      engine = IoEngine::uring;
    } else if (text == "epoll") {
      engine = IoEngine::epoll;
    } else {
      return fmt::format("expected auto, uring or epoll, found '{}'", text);
    }
    return "";
  };
  return {take, ""};
}

CLI::Validator into(std::optional<bool>& offload) {
  const auto take = [&offload](const std::string& text) -> std::string {
    if (text == "auto") {
      offload.reset();
    } else if (text == "on" || text == "off") {
      offload = text == "on";
    } else {
      return fmt::format("expected auto, on or off, found '{}'", text);
    }
    return "";
  };
  return {take, ""};
}

constexpr int kMostWorkers = 64;  // a TUN has up to 256 queues, of which each takes two

constexpr Duration kUsualBusyPoll = std::chrono::seconds{2};  // ping sends every second

CLI::Validator into(Duration& duration) {
  const auto take = [&duration](const std::string& text) -> std::string {
    const bool is_given = text != "true";  // as CLI11 has it for a flag without a value
    const std::optional<Duration> time = is_given ? parse_timeout(text) : kUsualBusyPoll;
    if (!time) return fmt::format("expected {}, found '{}'", kDurationWords, text);
    duration = *time;
    return "";
  };
  return {take, ""};
}

void add_io_options(CLI::App& command, SessionOptions& options) {
  command.add_option("--io")
      ->description("How to read and write packets: uring, epoll, or auto, as costs least here")
      ->type_name("ENGINE")
      ->take_last()
      ->expected(1)
      ->check(into(options.io));
  command.add_option("--offload")
      ->description("Take super-packets from the kernel: on, off, or auto, with two TUNs or more")
      ->type_name("WHEN")
      ->take_last()
      ->expected(1)
      ->check(into(options.offload));
  command
      .add_option("--workers", options.workers,
                  "Threads that share the flows among them; 1 if not given")
      ->type_name("N")
      ->take_last()
      ->check(CLI::Range(1, kMostWorkers).description(""));
  command.add_flag("--busy-poll")
      ->description("Do not sleep for so long after a packet (--busy-poll=TIME; 2s if not given)")
      ->check(into(options.busy_poll));
}

}  // namespace

void add_session_options(CLI::App& command, SessionOptions& options) {
  command.add_option("FILE", options.file, "Topology; without it the tour that is built in");
  command.add_option("--tun", options.tun, "Name of the TUN device, for a topology with one")
      ->type_name("NAME")
      ->check(device_name());
  command
      .add_option("--capture", options.capture, "Write what passes the TUN devices to a pcap file")
      ->type_name("FILE");
  command
      .add_option("--counters", options.counters,
                  "Write what became of all packets to a file, as JSON, at the end")
      ->type_name("FILE");
  command
      .add_option("--control", options.control.emplace(),
                  "The control socket, for 'hop set' and others, if not the usual one")
      ->type_name("PATH");
  command
      .add_option("--ready-fd", options.ready_fd,
                  "Write 'ready' to this descriptor once packets are answered")
      ->type_name("N")
      ->check(CLI::Range(0, 1 << 20).description(""));
  command
      .add_option("--tun-device", options.tun_device, "The TUN device node, if not /dev/net/tun")
      ->type_name("PATH");
  add_io_options(command, options);
  command.add_flag("--quiet,-q", options.quiet, "Print nothing but errors");
}

std::FILE* output_of(const SessionOptions& options) {
  return options.capture == "-" ? stderr : stdout;
}

void announce(const Topology& topology, const SessionOptions& options,
              std::string_view how_to_end) {
  std::FILE* const to = output_of(options);
  const std::string title = topology.name.empty() ? "the network" : topology.name;
  for (const TunSpec& tun : topology.tuns) {
    fmt::print(to, "{} is up with {}, and behind it {}\n", tun.name, to_string(tun.address), title);
  }
  if (options.file.empty()) fmt::print(to, "\n{}\n", tour_table());
  fmt::print(to, "{}\n", how_to_end);
  std::fflush(to);
}

}  // namespace hop
