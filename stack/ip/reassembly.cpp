#include "stack/ip/reassembly.hpp"

#include <algorithm>

namespace hop {
namespace {

// The bit of Datagram::ecn for a codepoint.
constexpr unsigned seen(std::uint8_t codepoint) { return 1U << codepoint; }

}  // namespace

// A fragment's place in the payload: [begin, end) in bytes, [first, last] in blocks of 8.
struct Reassembler::Piece {
  explicit Piece(const Ipv4HeaderView& fragment)
      : begin(fragment.fragment_offset()), end(begin + fragment.payload().size()) {}

  [[nodiscard]] std::size_t first() const { return begin / 8; }
  [[nodiscard]] std::size_t past() const { return (end + 7) / 8; }

  std::size_t begin;
  std::size_t end;
};

DropReason Reassembler::fault_of(const Ipv4HeaderView& fragment) {
  const std::size_t size = fragment.payload().size();
  // RFC 791 section 3.2: all but the last are multiples of 8. An empty one says nothing.
  if (size == 0 || (fragment.more_fragments() && size % 8 != 0)) {
    return DropReason::fragment_bad_length;
  }
  const Piece piece{fragment};
  if (fragment.header_length() + piece.end > PacketPool::kMaxPacket) {
    return DropReason::fragment_beyond_maximum;  // the ping of death
  }
  return DropReason::none;
}

ReassemblyResult Reassembler::add(const Ipv4HeaderView& fragment, const Arrival& arrival) {
  if (const DropReason why = fault_of(fragment); why != DropReason::none) return why;
  const Key key{.source = fragment.source(),
                .destination = fragment.destination(),
                .id = fragment.id(),
                .protocol = fragment.protocol()};
  Datagram& datagram = find_or_start(key, arrival.now);
  if (datagram.poisoned != DropReason::none) return datagram.poisoned;
  ReassemblyResult result = insert(datagram, fragment, arrival);
  const bool given_up = datagram.poisoned != DropReason::none;
  const bool complete = !std::holds_alternative<Held>(result) && !given_up;
  if (complete) {
    const auto at = std::ranges::find(datagrams_, key, [](const auto& d) { return d->key; });
    remove(static_cast<std::size_t>(at - datagrams_.begin()));
  }
  return result;
}

ReassemblyResult Reassembler::insert(Datagram& datagram, const Ipv4HeaderView& fragment,
                                     const Arrival& arrival) {
  const Piece piece{fragment};
  const bool is_last = !fragment.more_fragments();
  const std::size_t end = is_last ? piece.end : datagram.end.value_or(PacketPool::kMaxPacket);
  if (piece.end > end || datagram.highest > end || (is_last && datagram.end.value_or(end) != end)) {
    return poison(datagram, DropReason::fragment_beyond_end);
  }
  if (touches(datagram, piece)) {
    if (is_duplicate(datagram, fragment, piece)) {
      note_congestion(datagram, fragment);
      return Held{};
    }
    if (policy_.overlap == OverlapPolicy::drop) {
      return poison(datagram, DropReason::fragment_overlap);
    }
  }
  if (datagram.fragments == policy_.limits.fragments) {
    return poison(datagram, DropReason::fragment_too_many);
  }
  store(datagram, fragment, piece);
  if (piece.begin == 0) keep_first(datagram, fragment, arrival);
  return is_complete(datagram) ? finish(datagram) : Held{};
}

bool Reassembler::touches(const Datagram& datagram, const Piece& piece) {
  for (std::size_t block = piece.first(); block < piece.past(); ++block) {
    if (datagram.present[block]) return true;
  }
  return false;
}

// The same bytes at the same place again are harmless (RFC 791 section 3.2); whatever else covers
// bytes that have come is an error, an attack, or a retransmission in pieces of another size. Only
// where overlaps are an error it matters in which pieces the bytes came.
bool Reassembler::is_duplicate(const Datagram& datagram, const Ipv4HeaderView& fragment,
                               const Piece& piece) const {
  if (policy_.overlap == OverlapPolicy::drop && !came_as_one(datagram, piece)) return false;
  for (std::size_t block = piece.first(); block < piece.past(); ++block) {
    if (!datagram.present[block]) return false;
  }
  const Bytes before = datagram.payload.bytes().subspan(piece.begin, piece.end - piece.begin);
  return std::ranges::equal(before, fragment.payload());
}

// Of fragments that do not overlap: does one begin and end where the piece does, and none within?
bool Reassembler::came_as_one(const Datagram& datagram, const Piece& piece) {
  const std::size_t past = piece.past();
  const bool ends = past == kBlocks || !datagram.present[past] || datagram.starts[past];
  if (!datagram.starts[piece.first()] || !ends) return false;
  for (std::size_t block = piece.first() + 1; block < past; ++block) {
    if (datagram.starts[block]) return false;
  }
  return true;
}

void Reassembler::store(Datagram& datagram, const Ipv4HeaderView& fragment,
                        const Piece& piece) const {
  if (policy_.overlap == OverlapPolicy::first) {
    copy_missing(datagram, fragment.payload(), piece);
  } else {
    copy_bytes(fragment.payload(), datagram.payload.bytes().subspan(piece.begin));
  }
  for (std::size_t i = piece.first(); i < piece.past(); ++i) {
    if (!datagram.present[i]) ++datagram.blocks;
    datagram.present.set(i);
  }
  ++datagram.fragments;
  datagram.starts.set(piece.first());
  datagram.highest = std::max(datagram.highest, piece.end);
  datagram.largest = std::max(datagram.largest, fragment.total_length());
  if (!fragment.more_fragments()) datagram.end = piece.end;
  note_congestion(datagram, fragment);
}

// RFC 3168 section 5.3: no indication of congestion is lost, not even that of a fragment that came
// twice.
void Reassembler::note_congestion(Datagram& datagram, const Ipv4HeaderView& fragment) {
  datagram.ecn = static_cast<std::uint8_t>(datagram.ecn | seen(fragment.tos() & kEcnMask));
}

// The bytes of a fragment but those that have come before.
void Reassembler::copy_missing(Datagram& datagram, Bytes payload, const Piece& piece) {
  const MutBytes to = datagram.payload.bytes();
  for (std::size_t at = piece.begin; at < piece.end; at += 8) {
    if (datagram.present[at / 8]) continue;
    const std::size_t size = std::min<std::size_t>(8, piece.end - at);
    copy_bytes(payload.subspan(at - piece.begin, size), to.subspan(at));
  }
}

// Several fragments 0 with different headers are an overlap like that of their bytes.
void Reassembler::keep_first(Datagram& datagram, const Ipv4HeaderView& fragment,
                             const Arrival& arrival) const {
  const bool known = datagram.first_header_length > 0;
  if (known && policy_.overlap == OverlapPolicy::first) return;
  copy_bytes(fragment.header(), datagram.first_header);
  datagram.first_header_length = fragment.header_length();
  datagram.first_payload = fragment.payload().size();
  datagram.first_arrival = arrival;
}

bool Reassembler::is_complete(const Datagram& datagram) {
  return datagram.end && datagram.blocks == (*datagram.end + 7) / 8;
}

// RFC 791 section 3.2: the header is that of fragment 0. RFC 3168 section 5.3: the congestion that
// one fragment has seen the datagram has seen, unless the sender of another does not know of it.
ReassemblyResult Reassembler::finish(Datagram& datagram) {
  if (datagram.first_header_length + *datagram.end > PacketPool::kMaxPacket) {
    return poison(datagram, DropReason::fragment_beyond_maximum);
  }
  const bool congested = (datagram.ecn & seen(kEcnCongestion)) != 0;
  if (congested && (datagram.ecn & seen(kEcnNotCapable)) != 0) {
    return DropReason::fragment_ecn_mixed;
  }
  Packet packet = std::move(datagram.payload);
  packet.resize(*datagram.end);
  const Bytes header = Bytes{datagram.first_header}.first(datagram.first_header_length);
  copy_bytes(header, packet.prepend(header.size()));
  if (congested) set_ecn(packet.bytes(), kEcnCongestion);
  write_fragment_fields(packet.bytes(), 0, false);
  return Whole{.packet = std::move(packet), .largest_fragment = datagram.largest};
}

ReassemblyResult Reassembler::poison(Datagram& datagram, DropReason why) {
  datagram.poisoned = why;
  datagram.payload = Packet{};
  return why;
}

Reassembler::Datagram& Reassembler::find_or_start(const Key& key, Instant now) {
  const auto at = std::ranges::find(datagrams_, key, [](const auto& d) { return d->key; });
  if (at != datagrams_.end()) return **at;
  make_room(key);
  Packet payload = pool_.acquire(PacketPool::kMaxPacket);  // may throw: before anything is kept
  if (spare_.empty()) spare_.push_back(std::make_unique<Datagram>());
  const std::size_t siblings = count_of(key.source);
  datagrams_.push_back(std::move(spare_.back()));
  spare_.pop_back();
  Datagram& datagram = *datagrams_.back();
  datagram = Datagram{.key = key, .deadline = now + policy_.timeout, .payload = std::move(payload)};
  set_count(key.source, siblings + 1);
  return datagram;
}

void Reassembler::make_room(const Key& key) {
  const bool source_full = count_of(key.source) >= policy_.limits.per_source;
  if (!source_full && datagrams_.size() < policy_.limits.datagrams) return;
  Ipv4Address victim = key.source;
  if (!source_full) {
    const auto most =
        std::ranges::max_element(datagrams_, {}, [](const auto& d) { return d->siblings; });
    victim = (*most)->key.source;
  }
  const auto oldest =
      std::ranges::find(datagrams_, victim, [](const auto& d) { return d->key.source; });
  remove(static_cast<std::size_t>(oldest - datagrams_.begin()));
  ++evicted_;
}

std::size_t Reassembler::count_of(Ipv4Address source) const {
  const auto any =
      std::ranges::find(datagrams_, source, [](const auto& d) { return d->key.source; });
  return any == datagrams_.end() ? 0 : (*any)->siblings;
}

void Reassembler::set_count(Ipv4Address source, std::size_t siblings) {
  for (const auto& datagram : datagrams_) {
    if (datagram->key.source == source) datagram->siblings = siblings;
  }
}

void Reassembler::remove(std::size_t index) {
  const Key& key = datagrams_[index]->key;
  set_count(key.source, count_of(key.source) - 1);
  datagrams_[index]->payload = Packet{};
  spare_.push_back(std::move(datagrams_[index]));
  datagrams_.erase(datagrams_.begin() + static_cast<std::ptrdiff_t>(index));
}

std::optional<Expired> Reassembler::expire(Instant now) {
  if (datagrams_.empty() || datagrams_.front()->deadline > now) return std::nullopt;
  Datagram& datagram = *datagrams_.front();
  Expired expired;
  const bool given_up = datagram.poisoned != DropReason::none;
  if (!given_up && datagram.first_header_length > 0) {
    expired.arrival = datagram.first_arrival;
    expired.first_fragment = std::move(datagram.payload);
    expired.first_fragment.resize(datagram.first_payload);
    const Bytes header = Bytes{datagram.first_header}.first(datagram.first_header_length);
    copy_bytes(header, expired.first_fragment.prepend(header.size()));
  }
  remove(0);
  return expired;
}

std::optional<Instant> Reassembler::next_deadline() const {
  if (datagrams_.empty()) return std::nullopt;
  return datagrams_.front()->deadline;
}

}  // namespace hop
