#include "tools/replay/capture_reader.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <limits>

#include "stack/base/packet.hpp"
#include "tools/failure.hpp"
#include "tools/replay/link_layer.hpp"
#include "tun/error.hpp"

namespace hop {

namespace {

[[noreturn]] void cannot_read(const std::string& path, std::string_view reason) {
  throw Failure(kUsageError, fmt::format("cannot read the capture {}: {}", path, reason));
}

std::FILE* open_for_reading(const std::string& path) {
  if (path != "-") return std::fopen(path.c_str(), "rbe");
  const int copy = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
  return copy < 0 ? nullptr : fdopen(copy, "rb");
}

pcap_t* open_capture(const std::string& path) {
  std::FILE* const stream = open_for_reading(path);
  if (stream == nullptr) cannot_read(path, reason_of(errno));
  char why[PCAP_ERRBUF_SIZE] = "";
  pcap_t* const pcap =
      pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_NANO, why);
  if (pcap != nullptr) return pcap;
  std::fclose(stream);
  cannot_read(path, why);
}

/// The instant of a timestamp, if one is: pcapng can write times that are 64 bits of nonsense.
std::optional<Instant> instant_of(const timeval& timestamp) {
  constexpr auto kMost = std::chrono::floor<std::chrono::seconds>(Duration::max()).count();
  if (timestamp.tv_sec < 0 || timestamp.tv_sec >= kMost) return std::nullopt;
  return Instant{std::chrono::seconds{timestamp.tv_sec} +
                 std::chrono::nanoseconds{timestamp.tv_usec}};
}

}  // namespace

CaptureReader::CaptureReader(std::string path)
    : path_(std::move(path)), pcap_(open_capture(path_)) {}

std::optional<CapturedPacket> CaptureReader::next() {
  while (read_frame()) {
    check_complete();
    const std::optional<Instant> at = instant_of(header_->ts);
    if (!at) refuse("its timestamp is out of range");
    check_time(*at);
    const auto packet =
        packet_in(pcap_datalink(pcap_.get()), std::as_bytes(std::span{data_, header_->caplen}));
    if (packet && packet->size() > PacketPool::kMaxPacket) {
      refuse(fmt::format("it has {} bytes, more than an IPv4 packet can", packet->size()));
    }
    if (packet) return CapturedPacket{*at, *packet};
    if (packet.error().kind == NoPacket::Kind::unreadable) refuse(packet.error().reason);
    ++left_out_;
  }
  return std::nullopt;
}

bool CaptureReader::read_frame() {
  const int status = pcap_next_ex(pcap_.get(), &header_, &data_);
  if (status == PCAP_ERROR_BREAK) return false;  // libpcap's word for the end of the file
  ++number_;
  if (status != 1) refuse(pcap_geterr(pcap_.get()));
  return true;
}

void CaptureReader::check_complete() const {
  if (header_->caplen >= header_->len) return;
  refuse(
      fmt::format("only {} of its {} bytes were captured; capture whole packets, as with "
                  "'tcpdump -s 0'",
                  header_->caplen, header_->len));
}

void CaptureReader::check_time(Instant at) {
  if (previous_ && at < *previous_) {
    refuse(
        fmt::format("it is {} ns earlier than the packet before it; put the capture in order, "
                    "as with reordercap(1)",
                    (*previous_ - at).count()));
  }
  previous_ = at;
}

void CaptureReader::refuse(const std::string& reason) const {
  throw Failure(kUsageError, fmt::format("{}: packet {}: {}", path_, number_, reason));
}

}  // namespace hop
