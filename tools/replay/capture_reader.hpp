#pragma once
// Packets out of a pcap or pcapng file.

#include <pcap/pcap.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "stack/base/bytes.hpp"
#include "stack/base/clock.hpp"

namespace hop {

/// An IPv4 packet of a capture. The bytes are valid until the next one is read.
struct CapturedPacket {
  Instant at;
  Bytes bytes;
};

/// Reads the IPv4 packets of a capture in order. What cannot be replayed faithfully is refused
/// with a Failure that names the file and the number of the packet, from 1 as Wireshark counts: a
/// packet that was cut when captured, a time before that of the packet before it, an unknown link
/// type. Frames of other protocols (ARP, IPv6) are left out and counted.
class CaptureReader {
 public:
  /// Opens `path`; "-" is standard input.
  explicit CaptureReader(std::string path);

  /// The next packet, or nothing at the end of the file.
  [[nodiscard]] std::optional<CapturedPacket> next();
  /// Frames that were left out so far.
  [[nodiscard]] std::uint64_t left_out() const { return left_out_; }

 private:
  struct ClosePcap {
    void operator()(pcap_t* pcap) const { pcap_close(pcap); }
  };

  [[nodiscard]] bool read_frame();
  void check_complete() const;
  void check_time(Instant at);
  [[noreturn]] void refuse(const std::string& reason) const;

  std::string path_;
  std::unique_ptr<pcap_t, ClosePcap> pcap_;
  pcap_pkthdr* header_ = nullptr;
  const u_char* data_ = nullptr;
  std::uint64_t number_ = 0;
  std::uint64_t left_out_ = 0;
  std::optional<Instant> previous_;
};

}  // namespace hop
