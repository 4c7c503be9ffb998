#include "tools/capture.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "tools/failure.hpp"
#include "tun/error.hpp"

namespace hop {

namespace {

constexpr int kSnapLength = 262144;  // as tcpdump; no IPv4 datagram is cut

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
  dumper_.reset(pcap_dump_open(format_.get(), path_.c_str()));
  if (!dumper_) fail();
  const int fd = fileno(pcap_dump_file(dumper_.get()));
  if (fd > STDERR_FILENO) fcntl(fd, F_SETFD, FD_CLOEXEC);  // not for the command of `hop run`
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
