// hop ping: echo requests from a node of a network.

#include <fmt/format.h>

#include <memory>

#include "stack/app/probe_options.hpp"
#include "tools/client/numbers.hpp"
#include "tools/client/ping_json.hpp"
#include "tools/client/ping_text.hpp"
#include "tools/commands/commands.hpp"

namespace hop {

namespace {

constexpr const char* kExamples = R"(Examples:
  hop ping r4                          the tour network, in virtual time: done in no time
  hop ping --file lab.yaml --from web 198.18.0.2
  hop ping -c 1 -M do -s 1472 r4       the path MTU, by its errors
  hop ping -R -c 1 r4                  the route, there and back
  unshare -Urn hop ping --live 198.18.0.1
                                       this machine, in real time, in a namespace of its own

DESTINATION is an address or the name of a node. Exit status: 0 when there was a reply, 1 when there
was none (or with -c and -w fewer than COUNT), 2 when it could not begin.)";

/// What a datagram has room for behind the least headers.
constexpr std::size_t kMostData = PacketPool::kMaxPacket - kIpv4MinHeader - kIcmpHeader;

struct PingWords {
  ClientOptions client;
  PingOptions ping;
  PingStyle style;
  std::string destination, source, pattern, path_mtu = "want";
  std::vector<std::string> timestamp;
  bool record_route = false, adaptive = false, broadcast = false;
  double interval = 1, linger = 10, deadline = 0;
};

std::vector<std::byte> parse_pattern(const std::string& text) {
  const auto bytes = parse_hex(text);
  if (bytes && !bytes->empty() && bytes->size() <= 16) return *bytes;
  throw Failure(kUsageError,
                fmt::format("-p {}: expected up to 16 bytes in hexadecimal, such as ff00", text));
}

PathMtuPolicy parse_path_mtu(const std::string& word) {
  if (word == "do") return PathMtuPolicy::need;
  if (word == "probe") return PathMtuPolicy::probe;
  return word == "dont" ? PathMtuPolicy::dont : PathMtuPolicy::want;
}

/// "tsonly", "tsandaddr", or "tsprespec" with the hosts to ask.
std::vector<std::byte> parse_timestamp(const std::vector<std::string>& words,
                                       const ClientHost& host) {
  std::vector<Ipv4Address> hosts;
  for (std::size_t i = 1; i < words.size(); ++i) hosts.push_back(host.resolve(words[i]));
  const bool prespecified = words.front() == "tsprespec";
  const bool right =
      prespecified ? !hosts.empty() && hosts.size() <= kMostTimestampHosts
                   : hosts.empty() && (words.front() == "tsonly" || words.front() == "tsandaddr");
  if (!right) {
    throw Failure(kUsageError, fmt::format("-T {}: expected tsonly, tsandaddr, or tsprespec with "
                                           "up to {} hosts",
                                           fmt::join(words, " "), kMostTimestampHosts));
  }
  if (prespecified) return timestamp_option(TimestampFlag::prespecified, hosts);
  return timestamp_option(words.front() == "tsonly" ? TimestampFlag::timestamps_only
                                                    : TimestampFlag::with_addresses);
}

PingOptions options_of(const PingWords& words, ClientHost& host) {
  PingOptions ping = words.ping;
  ping.destination = host.resolve(words.destination);
  if (!words.source.empty()) ping.source = host.resolve(words.source);
  if (!words.pattern.empty()) ping.pattern = parse_pattern(words.pattern);
  if (words.record_route) ping.options = record_route_option();
  if (!words.timestamp.empty()) ping.options = parse_timestamp(words.timestamp, host);
  ping.path_mtu = parse_path_mtu(words.path_mtu);
  ping.interval = seconds_of(words.style.flood && words.interval == 1 ? 0.01 : words.interval);
  ping.linger = seconds_of(words.linger);
  ping.at_once = words.style.flood || words.adaptive;
  if (words.deadline > 0) ping.deadline = seconds_of(words.deadline);
  // In virtual time an endless ping would print for ever.
  constexpr std::uint64_t kVirtualCount = 4;
  if (!ping.count && !ping.deadline && !words.client.live) ping.count = kVirtualCount;
  if (host.is_broadcast(ping.destination) && !words.broadcast) {
    throw Failure(kUsageError, fmt::format("{} is a broadcast address; with -b everybody there is "
                                           "asked",
                                           to_string(ping.destination)));
  }
  host.check_way({.destination = ping.destination, .source = ping.source, .tos = ping.tos}, "-I");
  return ping;
}

int status_of(const Ping& ping, const PingOptions& options) {
  const std::uint64_t wanted = options.count && options.deadline ? *options.count : 1;
  return ping.totals().received >= wanted ? kDone : kFailed;
}

int ping_with(const PingWords& words) {
  ClientHost host(words.client);
  const PingOptions options = options_of(words, host);
  PingText text(host, words.style, options);
  PingJson json(host);
  PingWatcher& watcher = words.client.as_json ? static_cast<PingWatcher&>(json) : text;
  Ping ping(options, watcher);
  if (!words.client.as_json) text.begin(words.destination);
  const EndpointKey keys[] = {ping.key()};
  host.run(ping, keys, [&] { return ping.done(); });
  if (words.client.as_json) {
    fmt::print("{}\n", json.object(options, ping));
  } else {
    text.end(words.destination, ping);
  }
  return status_of(ping, options);
}

void add_ping_options(CLI::App& command, PingWords& words) {
  PingOptions& ping = words.ping;
  command.add_option("DESTINATION", words.destination, "Address or node")->required();
  command.add_option("-c", ping.count, "Stop after COUNT requests; 4 if not --live")
      ->type_name("COUNT")
      ->check(whole(1));
  command.add_option("-i", words.interval, "Seconds between requests, 0.001 at least")
      ->type_name("SECONDS")
      ->check(seconds_from(0));
  command.add_option("-s", ping.size, "Bytes of data; 56 if not said")
      ->type_name("SIZE")
      ->check(whole(0, kMostData));
  command.add_option("-t", ping.ttl, "TTL")->type_name("TTL")->check(octet(1));
  command.add_option("-Q", ping.tos, "TOS byte, decimal or 0x hexadecimal")
      ->type_name("TOS")
      ->check(octet(0));
  command.add_option("-M", words.path_mtu, "Path MTU: do, want, probe or dont")
      ->type_name("HINT")
      ->check(CLI::IsMember({"do", "want", "probe", "dont"}).description(""));
  command.add_option("-I", words.source, "Source address, one of the node's own")
      ->type_name("SOURCE");
  command.add_option("-p", words.pattern, "Up to 16 bytes of data, in hexadecimal, repeated")
      ->type_name("PATTERN");
  command.add_option("-e", ping.identifier, "Identifier of the requests")
      ->type_name("ID")
      ->check(whole(0, 65535));
  command.add_option("-l", ping.preload, "Requests that are sent at once at the start")
      ->type_name("COUNT")
      ->check(whole(1, 65536));
  command.add_option("-W", words.linger, "Seconds to wait for the first reply at the end")
      ->type_name("SECONDS")
      ->check(seconds_from(0));
  command.add_option("-w", words.deadline, "End after so many seconds, or at the first error")
      ->type_name("SECONDS")
      ->check(seconds_from(0));
  auto* const route = command.add_flag("-R", words.record_route, "Record the route");
  command
      .add_option("-T", words.timestamp,
                  "Timestamp option: tsonly, tsandaddr, or 'tsprespec HOST...'")
      ->type_name("KIND")
      ->delimiter(' ')
      ->take_all()
      ->excludes(route);
  command.add_flag("-b", words.broadcast, "Allow a broadcast address as destination");
  command.add_flag("-A", words.adaptive, "Send the next request when a reply has come");
  command.add_flag("-f", words.style.flood, "Flood: 100 a second or as fast as replies come");
  command.add_flag("-O", words.style.tell_missing, "Say when a request is not answered yet");
  command.add_flag("-q", words.style.quiet, "Print the first and the last lines only");
}

}  // namespace

void add_ping(CLI::App& app, CommandAction& chosen) {
  CLI::App& command = *app.add_subcommand("ping", "Send echo requests from a node of a network");
  const auto words = std::make_shared<PingWords>();
  command.option_defaults()->take_last();  // as getopt(3)
  add_ping_options(command, *words);
  add_client_options(command, words->client);
  command.footer(kExamples);
  command.callback([words, &chosen] { chosen = [words] { return ping_with(*words); }; });
}

}  // namespace hop
