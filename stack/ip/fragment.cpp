#include "stack/ip/fragment.hpp"

#include "stack/wire/ipv4_options.hpp"

namespace hop {
namespace {

// The header of the fragments after the first: only options with the copied flag, padded with
// end of list. Gives its length.
std::size_t write_later_header(const Ipv4View& datagram, MutBytes to) {
  std::ranges::copy(datagram.header().first(kIpv4MinHeader), to.begin());
  std::size_t length = kIpv4MinHeader;
  OptionReader reader{datagram};
  while (const auto option = reader.next()) {
    if (!option->copied()) continue;
    std::ranges::copy(option->bytes, to.subspan(length).begin());
    length += option->bytes.size();
  }
  length = (length + 3) / 4 * 4;
  store_be<std::uint8_t>(to, 0, static_cast<std::uint8_t>(0x40U | (length / 4)));
  return length;
}

}  // namespace

Fragmenter::Fragmenter(const Ipv4View& datagram, std::size_t mtu, PacketPool& pool)
    : datagram_(datagram),
      mtu_(mtu),
      pool_(pool),
      later_length_(write_later_header(datagram, later_header_)) {}

Bytes Fragmenter::header_of_next() const {
  return done_ == 0 ? datagram_.header() : Bytes{later_header_}.first(later_length_);
}

std::optional<Packet> Fragmenter::next() {
  const Bytes payload = datagram_.payload();
  if (done_ == payload.size()) return std::nullopt;
  const Bytes header = header_of_next();
  const std::size_t left = payload.size() - done_;
  const bool is_last = header.size() + left <= mtu_;
  const std::size_t size = is_last ? left : (mtu_ - header.size()) / 8 * 8;

  Packet fragment = pool_.acquire(header.size() + size);
  const MutBytes bytes = fragment.bytes();
  std::ranges::copy(header, bytes.begin());
  std::ranges::copy(payload.subspan(done_, size), bytes.subspan(header.size()).begin());
  write_fragment_fields(bytes, datagram_.fragment_offset() + done_,
                        !is_last || datagram_.more_fragments());
  done_ += size;
  return fragment;
}

}  // namespace hop
