#include "stack/wire/tcp.hpp"

#include "stack/wire/pseudo_header.hpp"

namespace hop {
namespace {

constexpr std::uint8_t kMssKind = 2;

std::uint16_t checksum_of(Bytes segment, Ipv4Address source, Ipv4Address destination) noexcept {
  return pseudo_header_sum(source, destination, IpProtocol::tcp, segment.size())
      .add(segment)
      .finish();
}

}  // namespace

Parsed<TcpView> TcpView::parse(Bytes segment, Ipv4Address source,
                               Ipv4Address destination) noexcept {
  if (segment.size() < kTcpMinHeader) return std::unexpected(DropReason::tcp_truncated);
  const TcpView view{segment};
  if (view.header_length() < kTcpMinHeader || view.header_length() > segment.size()) {
    return std::unexpected(DropReason::tcp_truncated);
  }
  if (checksum_of(segment, source, destination) != 0) {
    return std::unexpected(DropReason::tcp_bad_checksum);
  }
  return view;
}

std::uint32_t TcpView::sequence_length() const noexcept {
  const auto data = static_cast<std::uint32_t>(bytes_.size() - header_length());
  return data + (has(TcpFlag::syn) ? 1U : 0U) + (has(TcpFlag::fin) ? 1U : 0U);
}

TcpHeader reset_for(const TcpView& segment) noexcept {
  const bool acked = segment.has(TcpFlag::ack);
  return {.source_port = segment.destination_port(),
          .destination_port = segment.source_port(),
          .sequence = acked ? segment.acknowledgment() : 0,
          .acknowledgment = acked ? 0 : segment.sequence() + segment.sequence_length(),
          .flags = acked ? tcp_flags(TcpFlag::rst) : tcp_flags(TcpFlag::rst, TcpFlag::ack)};
}

void write_tcp(const TcpHeader& header, Ipv4Address source, Ipv4Address destination,
               MutBytes segment) noexcept {
  std::ranges::fill(segment, std::byte{0});
  store_be<std::uint16_t>(segment, 0, header.source_port);
  store_be<std::uint16_t>(segment, 2, header.destination_port);
  store_be<std::uint32_t>(segment, 4, header.sequence);
  store_be<std::uint32_t>(segment, 8, header.acknowledgment);
  store_be<std::uint8_t>(segment, 12, static_cast<std::uint8_t>(header.length() / 4 << 4U));
  store_be<std::uint8_t>(segment, 13, header.flags);
  store_be<std::uint16_t>(segment, 14, header.window);
  if (header.mss) {
    store_be<std::uint8_t>(segment, kTcpMinHeader, kMssKind);
    store_be<std::uint8_t>(segment, kTcpMinHeader + 1, kTcpMssOption);
    store_be<std::uint16_t>(segment, kTcpMinHeader + 2, *header.mss);
  }
  store_be<std::uint16_t>(segment, kTcpChecksumOffset, checksum_of(segment, source, destination));
}

}  // namespace hop
