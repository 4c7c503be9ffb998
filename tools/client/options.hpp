#pragma once
// What `hop ping` and `hop traceroute` have in common on the command line.

#include <CLI/CLI.hpp>
#include <string>

namespace hop {

struct ClientOptions {
  std::string file;      ///< the topology; empty for the tour
  std::string from;      ///< the node the client runs on; empty for that beside the first TUN
  bool numeric = false;  ///< addresses alone, no names of nodes
  bool as_json = false;
  bool live = false;                        ///< in real time, with the TUN devices of the topology
  std::string capture;                      ///< pcap file of what the node gets and sends
  std::string tun_device = "/dev/net/tun";  ///< for `live`
};

void add_client_options(CLI::App& command, ClientOptions& options);

}  // namespace hop
