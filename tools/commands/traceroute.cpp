// hop traceroute: the way from a node of a network, hop by hop.

#include "stack/app/traceroute.hpp"

#include <fmt/format.h>

#include <memory>

#include "stack/app/probe_options.hpp"
#include "tools/client/numbers.hpp"
#include "tools/client/traceroute_text.hpp"
#include "tools/commands/commands.hpp"

namespace hop {

namespace {

constexpr const char* kExamples = R"(Examples:
  hop traceroute r4                    the tour network, in virtual time: done in no time
  hop traceroute -I -q 1 --from r4 198.18.0.2
  hop traceroute -T -p 443 --file lab.yaml web
  hop traceroute -e --json --file tools/examples/mpls.yaml explicit

DESTINATION is an address or the name of a node. Exit status: 0 when the way was traced, to its end or
not ("ended" of --json tells), 2 when it could not begin.)";

/// More than any path is expected to take, as of traceroute(8).
constexpr std::size_t kProbeOfAnyPath = 65000;

/// What is more is a pause in milliseconds, as of traceroute(8).
constexpr double kMostSeconds = 10;

struct TracerouteWords {
  ClientOptions client;
  TracerouteOptions trace;
  std::string destination, source, wait;
  std::vector<std::string> gateways;
  std::optional<std::size_t> size;
  std::optional<std::uint16_t> port, source_port;
  bool icmp = false, tcp = false, udp_port = false;
  TracerouteStyle style;
  double pause = 0;
};

ProbeKind kind_of(const TracerouteWords& words) {
  if (words.icmp) return ProbeKind::icmp;
  if (words.tcp) return ProbeKind::tcp;
  return words.udp_port ? ProbeKind::udp_port : ProbeKind::udp;
}

std::uint16_t default_port(ProbeKind kind) {
  if (kind == ProbeKind::tcp) return 80;
  return kind == ProbeKind::udp_port ? 53 : 33434;
}

/// "MAX", "MAX,HERE" or "MAX,HERE,NEAR", in seconds and factors.
void read_wait(const std::string& text, TracerouteOptions& trace) {
  if (text.empty()) return;
  double max = 0;
  int read = 0;
  const int words = std::sscanf(text.c_str(), "%lf%n,%lf%n,%lf%n", &max, &read, &trace.wait_here,
                                &read, &trace.wait_near, &read);
  const bool right = words > 0 && static_cast<std::size_t>(read) == text.size() && max > 0 &&
                     max <= 86400 && trace.wait_here >= 0 && trace.wait_near >= 0;
  if (!right) {
    throw Failure(kUsageError,
                  fmt::format("-w {}: expected seconds, or MAX,HERE,NEAR such as 5,3,10", text));
  }
  trace.wait = seconds_of(max);
}

void add_gateways(const std::vector<std::string>& words, const ClientHost& host,
                  TracerouteOptions& trace) {
  if (words.empty()) return;
  std::vector<Ipv4Address> stops;
  for (const std::string& word : words) stops.push_back(host.resolve(word));
  trace.options = source_route_option(stops, trace.destination);
  trace.first_hop = stops.front();
}

TracerouteOptions options_of(const TracerouteWords& words, ClientHost& host) {
  TracerouteOptions trace = words.trace;
  if (trace.first_ttl > trace.max_ttl) {
    throw Failure(kUsageError, fmt::format("-f {} is beyond the last hop, -m {}", trace.first_ttl,
                                           trace.max_ttl));
  }
  trace.destination = host.resolve(words.destination);
  if (!words.source.empty()) trace.source = host.resolve(words.source);
  trace.kind = kind_of(words);
  trace.port = words.port.value_or(default_port(trace.kind));
  trace.source_port = words.source_port.value_or(trace.source_port);
  trace.size = words.size.value_or(trace.discover_mtu ? kProbeOfAnyPath : trace.size);
  trace.pause = seconds_of(words.pause > kMostSeconds ? words.pause / 1000 : words.pause);
  read_wait(words.wait, trace);
  add_gateways(words.gateways, host, trace);
  host.check_way({.destination = trace.destination,
                  .source = trace.source,
                  .tos = trace.tos,
                  .first_hop = trace.first_hop},
                 "-s");
  return trace;
}

int traceroute_with(const TracerouteWords& words) {
  ClientHost host(words.client);
  const TracerouteOptions options = options_of(words, host);
  TracerouteText text(host, words.style);
  TracerouteJson json(host);
  const bool as_json = words.client.as_json;
  TracerouteWatcher& watcher = as_json ? static_cast<TracerouteWatcher&>(json) : text;
  Traceroute traceroute(options, watcher);
  if (!as_json) text.begin(words.destination, options);
  host.run(traceroute, traceroute.keys(), [&] { return traceroute.done(); });
  if (as_json) {
    fmt::print("{}\n", json.object(options, traceroute));
  } else {
    TracerouteText::end();
  }
  return kDone;
}

void add_probe_options(CLI::App& command, TracerouteWords& words) {
  auto* const icmp = command.add_flag("-I,--icmp", words.icmp, "Probe with ICMP echo requests");
  auto* const tcp = command.add_flag("-T,--tcp", words.tcp, "Probe with TCP SYN, to port 80");
  auto* const udp =
      command.add_flag("-U,--udp", words.udp_port, "Probe with UDP to one port, 53 if not said");
  icmp->excludes(tcp)->excludes(udp);
  tcp->excludes(udp);
  command.add_option("-p,--port", words.port, "Destination port; the first one without -T or -U")
      ->type_name("PORT")
      ->check(whole(1, 65535));
  command.add_option("--sport", words.source_port, "Source port, or the first; identifier with -I")
      ->type_name("PORT")
      ->check(whole(1, 65535));
}

void add_traceroute_options(CLI::App& command, TracerouteWords& words) {
  TracerouteOptions& trace = words.trace;
  command.add_option("DESTINATION", words.destination, "Address or node")->required();
  command.add_option("SIZE", words.size, "Bytes of a whole packet; 60 if not said")
      ->check(whole(28, 65535));
  add_probe_options(command, words);
  command.add_option("-f,--first", trace.first_ttl, "First hop")->type_name("TTL")->check(octet(1));
  command.add_option("-m,--max-hops", trace.max_ttl, "Last hop; 30 if not said")
      ->type_name("TTL")
      ->check(octet(1));
  command.add_option("-q,--queries", trace.queries, "Probes for each hop; 3 if not said")
      ->type_name("COUNT")
      ->check(whole(1, 10));
  command.add_option("-N,--sim-queries", trace.at_once, "Probes at a time; 16 if not said")
      ->type_name("COUNT")
      ->check(whole(1, 2550));
  command
      .add_option("-w,--wait", words.wait,
                  "Seconds to wait for an answer, and times another answer of the hop or a later "
                  "one; 5,3,10 if not said")
      ->type_name("MAX[,HERE,NEAR]");
  command
      .add_option("-z,--sendwait", words.pause,
                  "Seconds between probes; more than 10 are milliseconds")
      ->type_name("SECONDS")
      ->check(seconds_from(0));
  command.add_option("-s,--source", words.source, "Source address, one of the node's own")
      ->type_name("SOURCE");
  command.add_option("-t,--tos", trace.tos, "TOS byte, decimal or 0x hexadecimal")
      ->type_name("TOS")
      ->check(octet(0));
  command.add_flag("-F,--dont-fragment", trace.dont_fragment, "Set DF");
  command.add_flag("--mtu", trace.discover_mtu,
                   "Find the path MTU on the way; sets -F and -N 1, SIZE is 65000 if not said");
  command.add_flag("--back", words.style.back,
                   "Show how many hops the way back has where it seems to have others");
  command.add_option("-g,--gateway", words.gateways, "Go by these, up to 8 (loose source route)")
      ->type_name("GATEWAY")
      ->delimiter(',')
      ->take_all()
      ->expected(1, static_cast<int>(kMostStops));
  command.add_flag("-e,--extensions", words.style.extensions,
                   "Show ICMP extensions: MPLS labels, interfaces");
  command.add_flag("--old-extensions", trace.old_extensions,
                   "Look for extensions of the layout before RFC 4884 too");
}

}  // namespace

void add_traceroute(CLI::App& app, CommandAction& chosen) {
  CLI::App& command =
      *app.add_subcommand("traceroute", "Show the way from a node of a network, hop by hop");
  const auto words = std::make_shared<TracerouteWords>();
  command.option_defaults()->take_last();  // as getopt(3)
  add_traceroute_options(command, *words);
  add_client_options(command, words->client);
  command.footer(kExamples);
  command.callback([words, &chosen] { chosen = [words] { return traceroute_with(*words); }; });
}

}  // namespace hop
