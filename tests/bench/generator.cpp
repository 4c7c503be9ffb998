// generator: packets into a device from this machine's side of it, and what comes back. See
// README.md.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <map>

#include "tests/bench/failure.hpp"
#include "tests/bench/runs.hpp"

namespace hop::bench {
namespace {

constexpr const char* kFooter = R"(Examples:
  generator                           floods tun0 with echo requests for 2 s and counts the answers
  generator -w 256 -V                 the rate without loss, with every answer verified
  generator --work forward -w 256 -V  UDP to 10.9.0.1, which is to come back with a TTL less
  generator -p 1000                   round trips of single packets, a thousand a second

Of a flood without -V, answers are what the device has counted; -V looks at a random one in 64. The
status is 1 if there was a wrong answer.)";

struct Options {
  TrafficOptions traffic;
  RunOptions run;
  std::string source = "10.0.0.1";
  std::string destination;
  std::string gateway;
  std::uint64_t window = 0;
  double pace = 0;
  bool json = false;
};

void add_traffic(CLI::App& app, Options& options) {
  using Kind = TrafficOptions::Kind;
  static const std::map<std::string, Kind> kKinds{
      {"echo", Kind::echo}, {"forward", Kind::forward}, {"time-exceeded", Kind::time_exceeded}};
  app.add_option("--work", options.traffic.kind, "echo (default), forward or time-exceeded")
      ->type_name("WORK")
      ->transform(CLI::CheckedTransformer(kKinds));
  app.add_option("--size", options.traffic.size, "Bytes of each packet, 64 by default");
  app.add_option("--from", options.source, "Source, 10.0.0.1 by default")->type_name("ADDRESS");
  app.add_option("--to", options.destination, "Destination: 10.0.0.2, or 10.9.0.1 beyond a router")
      ->type_name("ADDRESS");
  app.add_option("--destinations", options.traffic.destinations,
                 "So many, each 256 addresses behind the one before; 1 by default")
      ->check(CLI::Range(1, 65536));
  app.add_option("--ttl", options.traffic.ttl, "TTL, 64 by default")->check(CLI::Range(1, 255));
}

void add_run(CLI::App& app, Options& options) {
  app.add_option("--device", options.run.device, "Where packets are sent, tun0 by default")
      ->type_name("NAME");
  app.add_option("--answers", options.run.answers, "Where they come back, if not there")
      ->type_name("NAME");
  app.add_option("--gateway", options.gateway, "Of an Ethernet device: who gets the packets")
      ->type_name("MAC");
  app.add_option("-t,--seconds", options.run.seconds, "How long, 2 by default")
      ->check(CLI::PositiveNumber);
  app.add_option("-r,--rate", options.run.rate, "Packets a second of a flood, if not all that go")
      ->check(CLI::PositiveNumber);
  CLI::Option* const window =
      app.add_option("-w,--window", options.window, "At most so many packets under way")
          ->check(CLI::Range(1, 8192));
  app.add_option("-p,--pace", options.pace, "Single packets, so many a second: their round trips")
      ->check(CLI::Range(1, 100'000))
      ->excludes(window);
  app.add_flag("-V,--verify", options.run.verify, "Look at the bytes of answers");
  app.add_flag("--json", options.json, "Print one line of JSON");
}

Ipv4Address address(const std::string& text) {
  if (const auto address = Ipv4Address::parse(text)) return *address;
  throw Failure{"'" + text + "' is no IPv4 address; write it as 10.0.0.1"};
}

// What was given as text, and what follows from the work.
void settle(Options& options) {
  using Kind = TrafficOptions::Kind;
  const bool to_router = options.traffic.kind == Kind::echo;
  if (options.destination.empty()) options.destination = to_router ? "10.0.0.2" : "10.9.0.1";
  options.traffic.source = address(options.source);
  options.traffic.destination = address(options.destination);
  if (options.run.answers.empty()) options.run.answers = options.run.device;
  if (options.gateway.empty()) return;
  options.run.gateway = parse_mac(options.gateway);
  if (!options.run.gateway) {
    throw Failure{"'" + options.gateway + "' is no MAC address; write it as 02:00:00:00:00:01"};
  }
}

Figures measure(const Options& options) {
  const Traffic traffic{options.traffic};
  if (options.pace > 0) return probe(traffic, options.run, options.pace);
  if (options.window > 0) return keep_window(traffic, options.run, options.window);
  return flood(traffic, options.run);
}

void print(const Figures& figures, bool json) {
  const char* separator = json ? "{" : "";
  for (const auto& [name, value] : figures) {
    std::printf(json ? "%s\"%s\": %.6g" : "%s%s=%.6g", separator, name.c_str(), value);
    separator = json ? ", " : " ";
  }
  std::puts(json ? "}" : "");
}

bool any_wrong(const Figures& figures) {
  return std::ranges::any_of(
      figures, [](const auto& figure) { return figure.first == "wrong" && figure.second > 0; });
}

int main(int argc, char** argv) {
  CLI::App app{"Sends packets into a TUN or Ethernet device and measures what comes back",
               "generator"};
  app.footer(kFooter);
  Options options;
  add_traffic(app, options);
  add_run(app, options);
  CLI11_PARSE(app, argc, argv);
  settle(options);
  const Figures figures = measure(options);
  print(figures, options.json);
  return any_wrong(figures) ? 1 : 0;
}

}  // namespace
}  // namespace hop::bench

int main(int argc, char** argv) {
  try {
    return hop::bench::main(argc, argv);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "generator: %s\n", failure.what());
    return 2;
  }
}
