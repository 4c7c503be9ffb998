#include "tools/capture.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstdio>

#include "tools/failure.hpp"
#include "tun/error.hpp"

namespace hop {

namespace {

constexpr int kSnapLength = 262144;  // as tcpdump; no IPv4 datagram is cut

/// A stream of our own, not inherited by the command of `hop run`.
std::FILE* open_for_writing(const std::string& path) {
  if (path != "-") return std::fopen(path.c_str(), "wbe");
  const int copy = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
  return copy < 0 ? nullptr : fdopen(copy, "wb");
}

/// Nanoseconds stand where pcap_pkthdr says microseconds when the format was opened for them.
timeval timestamp_of(Instant at) {
  using namespace std::chrono;
  const auto second = floor<seconds>(at.time_since_epoch());
  const nanoseconds rest = at.time_since_epoch() - second;
  return {static_cast<time_t>(second.count()), static_cast<suseconds_t>(rest.count())};
}

}  // namespace

CaptureWriter::CaptureWriter(std::string path)
    : path_(std::move(path)),
      format_(
          pcap_open_dead_with_tstamp_precision(DLT_RAW, kSnapLength, PCAP_TSTAMP_PRECISION_NANO)) {
  std::FILE* const stream = open_for_writing(path_);
  if (stream == nullptr) fail();
  dumper_.reset(pcap_dump_fopen(format_.get(), stream));
  if (!dumper_) fail();
}

void CaptureWriter::write(Instant at, Bytes packet) {
  const auto size = static_cast<bpf_u_int32>(packet.size());
  const pcap_pkthdr header{.ts = timestamp_of(at), .caplen = size, .len = size};
  errno = 0;
  pcap_dump(reinterpret_cast<u_char*>(dumper_.get()), &header,
            reinterpret_cast<const u_char*>(packet.data()));
  if (std::ferror(pcap_dump_file(dumper_.get())) != 0) fail();  // pcap_dump() itself does not tell
}

void CaptureWriter::flush() {
  if (pcap_dump_flush(dumper_.get()) != 0) fail();
}

void CaptureWriter::fail() const {
  throw Failure(kFailed, fmt::format("cannot write the capture {}: {}", path_, reason_of(errno)));
}

}  // namespace hop
