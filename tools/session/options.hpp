#pragma once
// What `hop up` and `hop run` have in common.

#include <cstdint>
#include <optional>
#include <string>

#include "stack/base/clock.hpp"
#include "tun/packet_io.hpp"

namespace hop {

struct SessionOptions {
  std::string file;                         ///< the topology; empty for the tour
  std::string tun;                          ///< another name for the only TUN; empty for its own
  std::string tun_device = "/dev/net/tun";  ///< the device node
  std::string capture;                      ///< pcap file for both directions; empty for none
  std::optional<std::string> control{};     ///< the control socket; empty for the usual one
  std::string counters;                     ///< JSON file for the end; empty for none
  int ready_fd = -1;                        ///< told when packets are answered; -1 for none
  IoEngine io = IoEngine::automatic;        ///< how packets are read and written
  Duration busy_poll{0};                    ///< no sleep for so long after a packet
  std::optional<bool> offload{};            ///< super-packets; if not said, where they may pass
  std::uint16_t workers = 1;                ///< threads, each with flows of its own
  bool quiet = false;                       ///< print nothing but errors
};

}  // namespace hop
