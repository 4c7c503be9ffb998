#include "tools/client/options.hpp"

namespace hop {

void add_client_options(CLI::App& command, ClientOptions& options) {
  constexpr const char* kGroup = "The network";
  command.add_option("--file", options.file, "Topology; without it the tour that is built in")
      ->type_name("FILE")
      ->group(kGroup);
  command.add_option("--from", options.from, "The node to run on; by default that beside the TUN")
      ->type_name("NODE")
      ->group(kGroup);
  command
      .add_flag("--live", options.live,
                "In real time and with the TUN devices, to reach this machine; needs root, or a "
                "namespace of its own: unshare -Urn")
      ->group(kGroup);
  command
      .add_option("--tun-device", options.tun_device, "The TUN device node, if not /dev/net/tun")
      ->type_name("PATH")
      ->group(kGroup);
  command
      .add_option("--capture", options.capture, "Write what the node gets and sends to a pcap file")
      ->type_name("FILE")
      ->group(kGroup);
  command.add_flag("-4")->description("IPv4, which is all there is");
  command.add_flag("-n", options.numeric, "Print addresses alone, no names of nodes");
  command.add_flag("--json", options.as_json, "Print one JSON object at the end");
}

}  // namespace hop
