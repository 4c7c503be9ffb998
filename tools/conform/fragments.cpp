// Fragments: how a router has to make them, and putting them together.

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "tools/conform/expect.hpp"

namespace hop::conform {

namespace {

constexpr unsigned kCopied = 0x80;

/// The options of a packet, one by one, without padding.
std::vector<Octets> options_of(View options) {
  std::vector<Octets> found;
  for (std::size_t at = 0; at < options.size() && options[at] != 0;) {
    const bool single = options[at] == 1;
    const std::size_t length =
        single ? 1 : (at + 1 < options.size() ? std::size_t{options[at + 1]} : 0);
    if (length == 0 || at + length > options.size()) break;
    if (!single)
      found.emplace_back(options.begin() + static_cast<std::ptrdiff_t>(at),
                         options.begin() + static_cast<std::ptrdiff_t>(at + length));
    at += length;
  }
  return found;
}

std::vector<Octets> options_for(View options, bool first) {
  std::vector<Octets> all = options_of(options);
  if (!first) std::erase_if(all, [](const Octets& option) { return (option[0] & kCopied) == 0; });
  return all;
}

/// Fields that every fragment has from the datagram. RFC 791 section 3.2, RFC 1812 section 5.2.5.
std::string fault_of_fields(const Parsed& piece, const Parsed& sent) {
  if (piece.id != sent.id) return fmt::format("the identification became {}", piece.id);
  if (piece.tos != sent.tos) return fmt::format("the TOS became {:#04x}", piece.tos);
  if (piece.protocol != sent.protocol) return "the protocol changed";
  if (piece.from != sent.from || piece.to != sent.to) return "the addresses changed";
  if (piece.reserved != sent.reserved) return "the reserved flag changed";
  if (piece.ttl >= sent.ttl) return "the TTL was not decremented";
  return {};
}

std::string fault_of_piece(const Parsed& piece, const Parsed& sent, unsigned mtu) {
  if (piece.bytes.size() > mtu) return fmt::format("a fragment has {} bytes", piece.bytes.size());
  if (std::string why = fault_of_fields(piece, sent); !why.empty()) return why;
  const bool last = piece.offset + piece.payload.size() == sent.offset + sent.payload.size();
  if (piece.mf != (sent.mf || !last)) return "more-fragments is wrong";
  if (piece.mf && piece.payload.size() % 8 != 0) return "a fragment is no multiple of 8 bytes";
  const bool first = piece.offset == sent.offset;
  if (options_of(piece.options) != options_for(sent.options, first)) {
    return fmt::format("the options of the fragment at {} are {}", piece.offset,
                       hex(piece.options));
  }
  return {};
}

std::vector<Parsed> pieces_of(const Observation& seen) {
  std::vector<Parsed> pieces;
  for (const Seen& one : seen) {
    if (const auto parsed = Parsed::of(one.packet)) pieces.push_back(*parsed);
  }
  return pieces;
}

std::string fault_of_fragments(const Observation& seen, const Cut& cut) {
  const auto sent = Parsed::of(cut.sent);
  if (seen.empty()) return "nothing came";
  for (const Seen& one : seen) {
    if (one.side != cut.side) return fmt::format("a packet came on {}", letter(one.side));
  }
  std::vector<Parsed> pieces = pieces_of(seen);
  std::ranges::sort(pieces, {}, &Parsed::offset);
  std::size_t at = sent->offset;
  for (const Parsed& piece : pieces) {
    if (piece.offset != at) return fmt::format("no fragment begins at {}", at);
    if (std::string why = fault_of_piece(piece, *sent, cut.mtu); !why.empty()) return why;
    if (!std::ranges::equal(piece.payload,
                            sent->payload.subspan(at - sent->offset, piece.payload.size()))) {
      return fmt::format("the data of the fragment at {} are wrong", at);
    }
    at += piece.payload.size();
  }
  return at == sent->offset + sent->payload.size() ? "" : "the end is missing";
}

/// How many fragments there have to be at least.
std::size_t fewest(const Cut& cut) {
  const auto sent = Parsed::of(cut.sent);
  std::size_t later = 0;
  for (const Octets& option : options_for(sent->options, false)) later += option.size();
  std::size_t header = sent->header, left = sent->payload.size(), count = 1;
  while (header + left > cut.mtu) {
    left -= (cut.mtu - header) / 8 * 8;
    header = 20 + (later + 3) / 4 * 4;
    ++count;
  }
  return count;
}

using Key = std::tuple<Address, Address, unsigned, unsigned, Side>;

/// One datagram from all its fragments, if they are all there.
std::optional<Seen> whole_of(Side side, std::vector<Parsed> pieces) {
  std::ranges::sort(pieces, {}, &Parsed::offset);
  Octets data;
  for (const Parsed& piece : pieces) {
    if (piece.offset != data.size()) return {};
    append(data, piece.payload);
  }
  if (pieces.back().mf) return {};
  const Parsed& first = pieces.front();
  Octets whole(first.bytes.begin(),
               first.bytes.begin() + static_cast<std::ptrdiff_t>(first.header));
  append(whole, data);
  put_u16(whole, 2, static_cast<unsigned>(whole.size()));
  put_u16(whole, 6, 0);
  return Seen{side, with_right_checksum(std::move(whole))};
}

}  // namespace

Observation put_together(const Observation& seen) {
  Observation result;
  std::map<Key, std::vector<Parsed>> datagrams;
  for (const Seen& one : seen) {
    const auto p = Parsed::of(one.packet);
    if (p && p->is_fragment()) {
      datagrams[{p->from, p->to, p->protocol, p->id, one.side}].push_back(*p);
    } else {
      result.push_back(one);
    }
  }
  for (const auto& [key, pieces] : datagrams) {
    const Side side = std::get<Side>(key);
    if (const auto whole = whole_of(side, pieces)) {
      result.push_back(*whole);
    } else {
      for (const Parsed& p : pieces) result.push_back({side, {p.bytes.begin(), p.bytes.end()}});
    }
  }
  return result;
}

Expectation fragments(const Cut& cut) {
  return {fmt::format("fragments of at most {} bytes on {} that make up the packet", cut.mtu,
                      letter(cut.side)),
          [cut](const Observation& seen) { return fault_of_fragments(seen, cut); }};
}

Expectation few_fragments_in_order(const Cut& cut) {
  const std::size_t count = fewest(cut);
  return {fmt::format("{} fragments in order", count), [count](const Observation& seen) {
            const std::vector<Parsed> pieces = pieces_of(seen);
            if (pieces.size() != count) return fmt::format("{} came", pieces.size());
            return std::string(
                std::ranges::is_sorted(pieces, {}, &Parsed::offset) ? "" : "they are out of order");
          }};
}

}  // namespace hop::conform
