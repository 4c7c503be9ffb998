#include "stack/ip/fragment.hpp"

#include "stack/wire/ipv4_options.hpp"

namespace hop {
namespace {

// The header of the fragments after the first: only options with the copied flag, padded with
// end of list. Gives its length.
std::size_t write_later_header(const Ipv4HeaderView& datagram, MutBytes to) {
  copy_bytes(datagram.header().first(kIpv4MinHeader), to);
  std::size_t length = kIpv4MinHeader;
  OptionReader reader{datagram};
  while (const auto option = reader.next()) {
    if (!option->copied()) continue;
    copy_bytes(option->bytes, to.subspan(length));
    length += option->bytes.size();
  }
  length = (length + 3) / 4 * 4;
  store_be<std::uint8_t>(to, 0, static_cast<std::uint8_t>(0x40U | (length / 4)));
  return length;
}

}  // namespace

Fragmenter::Fragmenter(const Ipv4HeaderView& datagram, std::size_t mtu, PacketPool& pool)
    : datagram_(datagram),
      mtu_(mtu),
      pool_(pool),
      later_length_(write_later_header(datagram, later_header_)) {}

Bytes Fragmenter::header_at(std::size_t done) const {
  return done == 0 ? datagram_.header() : Bytes{later_header_}.first(later_length_);
}

// Payload bytes of the fragment that starts at `done`.
std::size_t Fragmenter::size_at(std::size_t done) const {
  const std::size_t room = mtu_ - header_at(done).size();
  const std::size_t left = datagram_.payload().size() - done;
  return left <= room ? left : room / 8 * 8;
}

std::size_t Fragmenter::left() const {
  std::size_t count = 0;
  for (std::size_t at = done_; at < datagram_.payload().size(); at += size_at(at)) ++count;
  return count;
}

std::size_t Fragmenter::bytes_left() const {
  const std::size_t fragments = left();
  if (fragments == 0) return 0;
  const std::size_t headers = header_at(done_).size() + (fragments - 1) * later_length_;
  return datagram_.payload().size() - done_ + headers;
}

std::optional<Packet> Fragmenter::next() {
  const Bytes payload = datagram_.payload();
  if (done_ == payload.size()) return std::nullopt;
  const Bytes header = header_at(done_);
  const std::size_t size = size_at(done_);
  const bool is_last = done_ + size == payload.size();

  Packet fragment = pool_.acquire(header.size() + size);
  const MutBytes bytes = fragment.bytes();
  copy_bytes(header, bytes);
  copy_bytes(payload.subspan(done_, size), bytes.subspan(header.size()));
  write_fragment_fields(bytes, datagram_.fragment_offset() + done_,
                        !is_last || datagram_.more_fragments());
  done_ += size;
  return fragment;
}

}  // namespace hop
