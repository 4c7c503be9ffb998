#pragma once
// Packets into a pcap file.

#include <pcap/pcap.h>

#include <memory>
#include <string>

#include "stack/base/bytes.hpp"
#include "stack/base/clock.hpp"

namespace hop {

/// Writes a pcap file of raw IP packets with timestamps in nanoseconds. Every function throws
/// Failure when the file cannot be written, naming it.
class CaptureWriter {
 public:
  /// Opens `path`, which is emptied; "-" is standard output.
  explicit CaptureWriter(std::string path);

  void write(Instant at, Bytes packet);
  /// Hands everything written so far to the system.
  void flush();
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  struct CloseDumper {
    void operator()(pcap_dumper_t* dumper) const { pcap_dump_close(dumper); }
  };
  struct ClosePcap {
    void operator()(pcap_t* pcap) const { pcap_close(pcap); }
  };

  [[noreturn]] void fail() const;

  std::string path_;
  std::unique_ptr<pcap_t, ClosePcap> format_;
  std::unique_ptr<pcap_dumper_t, CloseDumper> dumper_;
};

}  // namespace hop
