#include "tests/support/packet_dsl.hpp"

#include <stdexcept>

#include "tests/support/decode.hpp"
#include "tests/support/describe.hpp"

namespace hop::testing {
namespace {

constexpr std::uint8_t kExperiment = 253;  // RFC 4727 section 2.3
// RFC 791 section 3.1
constexpr std::uint8_t kEndOfList = 0;
constexpr std::uint8_t kNoOperation = 1;
constexpr std::uint8_t kCopiedFlag = 0x80;

std::vector<std::byte> zeros(std::size_t count) { return std::vector<std::byte>(count); }

std::vector<std::byte> joined(std::vector<std::byte> head, Bytes tail) {
  head.insert(head.end(), tail.begin(), tail.end());
  return head;
}

std::size_t header_length(Bytes packet) { return (byte_at(packet, 0) & std::size_t{0xf}) * 4; }

void sum_header(MutBytes header) {
  store_be<std::uint16_t>(header, 10, 0);
  store_be(header, 10, static_cast<std::uint16_t>(~internet_sum(header)));
}

/// The options with the copied flag, without padding.
std::vector<std::byte> copied_options(Bytes options) {
  std::vector<std::byte> copied;
  while (!options.empty() && byte_at(options, 0) != kEndOfList) {
    const std::size_t length = byte_at(options, 0) == kNoOperation ? 1 : byte_at(options, 1);
    if (length == 0) throw std::invalid_argument("fragments: an option of length 0");
    if ((byte_at(options, 0) & kCopiedFlag) != 0) copied = joined(copied, options.first(length));
    options = options.subspan(length);
  }
  copied.resize((copied.size() + 3) / 4 * 4);
  return copied;
}

Packet fragment(const Decoded& whole, Bytes options, std::size_t at, std::size_t size) {
  auto header = joined(std::vector(whole.header.begin(), whole.header.begin() + 20), options);
  const bool last = at + size == whole.payload.size();
  const auto word = load_be<std::uint16_t>(header, 6);
  header[0] = static_cast<std::byte>(0x40U | header.size() / 4);
  store_be(header, 2, static_cast<std::uint16_t>(header.size() + size));
  store_be(header, 6,
           static_cast<std::uint16_t>((word + at / 8) | (last ? std::uint16_t{0} : 0x2000U)));
  sum_header(header);
  return Packet{joined(header, whole.payload.subspan(at, size))};
}

Layer echo_message(std::uint8_t type, Echo echo, Payload payload) {
  return icmp(type, 0, std::uint32_t{echo.id} << 16U | echo.seq, payload);
}

}  // namespace

Packet Packet::with_checksum(std::uint16_t value) const {
  Packet changed = *this;
  store_be(changed.bytes_, 10, value);
  return changed;
}

Packet Packet::with_total_length(std::uint16_t value) const {
  Packet changed = *this;
  store_be(changed.bytes_, 2, value);
  return changed.resummed();
}

Packet Packet::with_ihl(std::uint8_t words) const {
  Packet changed = *this;
  const std::size_t header = header_length(bytes_);
  changed.bytes_[0] = static_cast<std::byte>(0x40U | (words & 0xfU));
  sum_header(MutBytes{changed.bytes_}.first(header));
  return changed;
}

Packet Packet::with_ttl(std::uint8_t value) const { return patched(*this, 8, value).resummed(); }

Packet Packet::resummed() const {
  Packet changed = *this;
  // An IHL below 5 is a header all the same, to whoever does not look at it.
  const std::size_t header = std::max(header_length(bytes_), std::size_t{20});
  sum_header(MutBytes{changed.bytes_}.first(std::min(header, size())));
  return changed;
}

Packet Packet::truncated(std::size_t count) const { return Packet{bytes().first(count)}; }

Packet Packet::padded(std::size_t count) const {
  Packet changed = *this;
  changed.bytes_.insert(changed.bytes_.end(), count, std::byte{0xa5});
  return changed;
}

std::ostream& operator<<(std::ostream& out, const Packet& packet) {
  return out << describe(packet) << "\n" << hex_dump(packet);
}

Packet patched(const Packet& packet, std::size_t offset, std::uint8_t value) {
  std::vector<std::byte> bytes = packet;
  bytes.at(offset) = std::byte{value};
  return Packet{std::move(bytes)};
}

Layer::Layer(std::uint8_t protocol, std::vector<std::byte> bytes, Sum sum, std::size_t checksum_at)
    : protocol_(protocol), bytes_(std::move(bytes)), sum_(sum), checksum_at_(checksum_at) {}

Layer Layer::checksum(std::uint16_t value) const {
  Layer changed = *this;
  changed.checksum_ = value;
  return changed;
}

std::vector<std::byte> Layer::encode(std::uint32_t src, std::uint32_t dst,
                                     std::uint8_t protocol) const {
  auto encoded = bytes_;
  if (sum_ == Sum::none) return encoded;
  const auto start =
      sum_ == Sum::own ? std::uint16_t{0} : pseudo_header_sum(src, dst, protocol, encoded.size());
  auto computed = static_cast<std::uint16_t>(~internet_sum(encoded, start));
  if (protocol_ == kUdp && computed == 0) computed = 0xffff;  // RFC 768: zero means none
  store_be(encoded, checksum_at_, checksum_.value_or(computed));
  return encoded;
}

Ip ip() { return {}; }

Ip& Ip::src(std::string_view address) { return src_ = address_of(address), *this; }
Ip& Ip::dst(std::string_view address) { return dst_ = address_of(address), *this; }
Ip& Ip::ttl(std::uint8_t value) { return ttl_ = value, *this; }
Ip& Ip::tos(std::uint8_t value) { return tos_ = value, *this; }
Ip& Ip::id(std::uint16_t value) { return id_ = value, *this; }
Ip& Ip::df() { return fragment_ |= 0x4000U, *this; }
Ip& Ip::mf() { return fragment_ |= 0x2000U, *this; }
Ip& Ip::reserved_bit() { return fragment_ |= 0x8000U, *this; }
Ip& Ip::protocol(std::uint8_t number) { return protocol_ = number, *this; }

Ip& Ip::offset(std::size_t bytes) {
  if (bytes % 8 != 0 || bytes / 8 > 0x1fff) throw std::invalid_argument("fragment offset");
  fragment_ = static_cast<std::uint16_t>((fragment_ & 0xe000U) | bytes / 8);
  return *this;
}

Ip& Ip::options(std::initializer_list<std::uint8_t> bytes) {
  return options(as_bytes(std::span{bytes.begin(), bytes.size()}));
}

Ip& Ip::options(Bytes bytes) {
  if (bytes.size() > 40) throw std::invalid_argument("more than 40 bytes of options");
  options_.assign(bytes.begin(), bytes.end());
  options_.resize((options_.size() + 3) / 4 * 4);
  return *this;
}

Packet operator/(const Ip& header, const Layer& layer) {
  const std::uint8_t protocol = header.protocol_.value_or(layer.protocol());
  const auto payload = layer.encode(header.src_, header.dst_, protocol);
  auto bytes = joined(zeros(20), header.options_);
  bytes[0] = static_cast<std::byte>(0x40U | bytes.size() / 4);
  bytes[1] = std::byte{header.tos_};
  store_be(bytes, 2, static_cast<std::uint16_t>(bytes.size() + payload.size()));
  store_be(bytes, 4, header.id_);
  store_be(bytes, 6, header.fragment_);
  bytes[8] = std::byte{header.ttl_};
  bytes[9] = std::byte{protocol};
  store_be(bytes, 12, header.src_);
  store_be(bytes, 16, header.dst_);
  sum_header(bytes);
  return Packet{joined(std::move(bytes), payload)};
}

Layer icmp_echo(Echo echo, Payload payload) { return echo_message(8, echo, payload); }

Layer icmp_echo_reply(Echo echo, Payload payload) { return echo_message(0, echo, payload); }

Layer icmp(std::uint8_t type, std::uint8_t code, std::uint32_t rest, Payload payload) {
  auto bytes = zeros(8);
  bytes[0] = std::byte{type};
  bytes[1] = std::byte{code};
  store_be(bytes, 4, rest);
  return {kIcmp, joined(std::move(bytes), payload.bytes), Layer::Sum::own, 2};
}

Layer udp(std::uint16_t sport, std::uint16_t dport, Payload payload) {
  auto bytes = zeros(8);
  store_be(bytes, 0, sport);
  store_be(bytes, 2, dport);
  store_be(bytes, 4, static_cast<std::uint16_t>(8 + payload.bytes.size()));
  return {kUdp, joined(std::move(bytes), payload.bytes), Layer::Sum::pseudo_header, 6};
}

Layer tcp(Tcp header, Payload payload) {
  auto bytes = zeros(20);
  store_be(bytes, 0, header.sport);
  store_be(bytes, 2, header.dport);
  store_be(bytes, 4, header.seq);
  store_be(bytes, 8, header.ack);
  bytes[12] = std::byte{5U << 4U};
  bytes[13] = std::byte{header.flags};
  store_be(bytes, 14, header.window);
  return {kTcp, joined(std::move(bytes), payload.bytes), Layer::Sum::pseudo_header, 16};
}

Layer tcp_syn(std::uint16_t sport, std::uint16_t dport, std::uint32_t seq) {
  return tcp({.sport = sport, .dport = dport, .seq = seq, .flags = kSyn, .window = 64240});
}

Layer raw(Payload payload) { return {kExperiment, joined({}, payload.bytes), Layer::Sum::none, 0}; }

std::vector<Packet> fragments(const Packet& packet, std::initializer_list<std::size_t> sizes) {
  const auto whole = decode(packet).value();
  const Bytes options = whole.header.subspan(20);
  const auto copied = copied_options(options);
  std::vector<Packet> cut;
  std::size_t at = 0;
  const auto take = [&](std::size_t size) {
    if (size > whole.payload.size() - at) throw std::invalid_argument("fragments: too long");
    cut.push_back(fragment(whole, at == 0 ? options : Bytes{copied}, at, size));
    at += size;
  };
  for (const std::size_t size : sizes) take(size);
  if (at < whole.payload.size()) take(whole.payload.size() - at);
  return cut;
}

}  // namespace hop::testing
