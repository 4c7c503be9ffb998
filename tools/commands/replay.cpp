// hop replay: a capture through a network in virtual time.

#include "tools/replay/replay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "tools/commands/commands.hpp"
#include "tools/config/load.hpp"
#include "tools/counters.hpp"
#include "tools/replay/pending_file.hpp"

namespace hop {

namespace {

constexpr const char* kExamples = R"(Examples:
  hop replay lab.yaml in.pcap out.pcap   what the network answers, as fast as it can be computed
  hop replay lab.yaml in.pcap - | tcpdump -nr -

The same topology and capture give the same bytes and times.)";

struct ReplayOptions {
  std::string file;
  std::string in;
  std::string out;
  std::string tun;
  bool quiet = false;
};

/// The number of the TUN that --tun names.
std::optional<PortIndex> port_named(const Topology& topology, const std::string& name) {
  if (name.empty()) return std::nullopt;
  const auto found = std::ranges::find(topology.tuns, name, &TunSpec::name);
  if (found == topology.tuns.end()) {
    throw Failure(kUsageError, fmt::format("--tun {}: the topology has no TUN of this name", name));
  }
  return static_cast<PortIndex>(found - topology.tuns.begin());
}

int replay_file(const ReplayOptions& options) {
  const Topology topology = load_topology(options.file);
  const PortChooser ports(topology, port_named(topology, options.tun));
  CaptureReader from(options.in);
  PendingFile file(options.out);
  Network network(topology);
  ReplayCounts counts;
  {
    CaptureWriter to(file.path());
    counts = replay(network, from, to, ports);
    to.flush();
  }
  file.commit();
  if (options.quiet) return kDone;
  std::FILE* const to = options.out == "-" ? stderr : stdout;
  fmt::print(to, "{} packets in, {} out, {} frames that are not IPv4 left out\n", counts.in,
             counts.out, from.left_out());
  for (std::size_t i = 0; i < topology.tuns.size(); ++i) {
    print_counters(to, topology.tuns[i].name,
                   counters_of(network.port_counters(static_cast<PortIndex>(i))));
  }
  print_links(to, network);
  print_nodes(to, network);
  return kDone;
}

}  // namespace

void add_replay(CLI::App& app, CommandAction& chosen) {
  CLI::App& command =
      *app.add_subcommand("replay", "Send a capture through a network in virtual time");
  const auto options = std::make_shared<ReplayOptions>();
  command.add_option("FILE", options->file, "Topology")->required();
  command.add_option("IN", options->in, "pcap or pcapng file to read; - for standard input")
      ->required();
  command.add_option("OUT", options->out, "pcap file to write; - for standard output")->required();
  command.add_option("--tun", options->tun, "The TUN where packets enter, if not by their source")
      ->type_name("NAME");
  command.add_flag("--quiet,-q", options->quiet, "Print nothing but errors");
  command.footer(kExamples);
  command.callback([options, &chosen] { chosen = [options] { return replay_file(*options); }; });
}

}  // namespace hop
