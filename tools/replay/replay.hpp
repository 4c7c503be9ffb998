#pragma once
// A capture through a network in virtual time.

#include <cstdint>
#include <optional>

#include "stack/net/network.hpp"
#include "tools/capture.hpp"
#include "tools/replay/capture_reader.hpp"

namespace hop {

/// By which TUN of a topology the packets of a capture enter.
class PortChooser {
 public:
  /// All by `fixed` if it is given; otherwise each by the TUN in whose subnet its source is, and
  /// by the first if there is none.
  PortChooser(const Topology& topology, std::optional<PortIndex> fixed)
      : topology_(topology), fixed_(fixed) {}
  [[nodiscard]] PortIndex port_for(Bytes packet) const;

 private:
  const Topology& topology_;
  std::optional<PortIndex> fixed_;
};

struct ReplayCounts {
  std::uint64_t in = 0;
  std::uint64_t out = 0;
};

/// Sends every packet of `from` into the network at its time, then goes on until the network is
/// quiet. What leaves is written to `to` with its virtual time.
ReplayCounts replay(Network& network, CaptureReader& from, CaptureWriter& to,
                    const PortChooser& ports);

}  // namespace hop
