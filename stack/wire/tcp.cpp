#include "stack/wire/tcp.hpp"

#include "stack/wire/pseudo_header.hpp"

namespace hop {
namespace {

constexpr std::size_t kChecksumOffset = 16;

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

void write_tcp(const TcpHeader& header, Ipv4Address source, Ipv4Address destination,
               MutBytes segment) noexcept {
  std::ranges::fill(segment, std::byte{0});
  store_be<std::uint16_t>(segment, 0, header.source_port);
  store_be<std::uint16_t>(segment, 2, header.destination_port);
  store_be<std::uint32_t>(segment, 4, header.sequence);
  store_be<std::uint32_t>(segment, 8, header.acknowledgment);
  store_be<std::uint8_t>(segment, 12, kTcpMinHeader / 4 << 4U);
  store_be<std::uint8_t>(segment, 13, header.flags);
  store_be<std::uint16_t>(segment, 14, header.window);
  store_be<std::uint16_t>(segment, kChecksumOffset, checksum_of(segment, source, destination));
}

}  // namespace hop
