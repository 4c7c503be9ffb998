// Router discovery: RFC 1256 sections 3, 4 and 5.2. An answer may be late, so these cases have
// their turns at the end, one after the other on each interface.

#include <fmt/format.h>

#include "tools/conform/cases/kit.hpp"

namespace hop::conform {

namespace {

constexpr Address kAllSystems{0xe0000001}, kAllRouters{0xe0000002}, kBroadcast{0xffffffff};
constexpr std::size_t kEntry = 8;

/// An advertisement as a case sees it. Nothing is checked but that its fields are there.
struct Advertisement {
  const Parsed& packet;

  [[nodiscard]] std::size_t count() const { return packet.payload[4]; }
  [[nodiscard]] unsigned words() const { return packet.payload[5]; }
  [[nodiscard]] unsigned lifetime() const { return u16_at(packet.payload, 6); }
  [[nodiscard]] bool is_whole() const { return packet.icmp_data().size() >= count() * kEntry; }
  [[nodiscard]] Address address(std::size_t i) const {
    return {u32_at(packet.icmp_data(), i * kEntry)};
  }
  [[nodiscard]] std::uint32_t preference(std::size_t i) const {
    return u32_at(packet.icmp_data(), i * kEntry + 4);
  }
};

using Fault = std::function<std::string(const Advertisement&)>;

/// An advertisement, to all or to the host that asked (section 4.3).
Pattern advertised(Side side, std::string text, Fault fault) {
  return {std::move(text), [side, fault = std::move(fault)](const Seen& seen) -> std::string {
            const auto p = Parsed::of(seen.packet);
            if (seen.side != side) return "it came on another interface";
            if (!p || !p->is_icmp() || p->icmp_type() != 9) return "it is no advertisement";
            if (checksum(p->payload) != 0) return "its ICMP checksum is wrong";
            return fault(Advertisement{*p});
          }};
}

Pattern advertised(Side side) {
  return advertised(side, "a router advertisement", [](const Advertisement&) { return ""; });
}

Datagram solicitation(Kit& kit, Side side) {
  return kit.icmp_to(kAllRouters, icmp(10, 0, 0)).from(kit.s.host(side)).ttl(1);
}

/// The needs of a case that goes to `side`.
Needs on(Side side) {
  if (side == Side::a) return {"router", "router-discovery"};
  return {"router", "router-discovery", side == Side::b ? "b" : "c"};
}

struct Solicited {
  const char* name;
  const char* clause;
  const char* rule;
  Side side;
  Datagram (*change)(const Datagram& solicitation);
};

void add_answered(Kit& kit) {
  constexpr auto kRule = "a valid solicitation is answered with an advertisement";
  constexpr auto k43 = "RFC 1256 4.3";
  const Solicited all[] = {
      {"solicited-on-a", k43, kRule, Side::a, [](const Datagram& d) { return d; }},
      {"solicited-on-b", k43, kRule, Side::b, [](const Datagram& d) { return d; }},
      {"solicited-on-c", k43, kRule, Side::c, [](const Datagram& d) { return d; }},
      {"solicited-by-broadcast", "RFC 1256 5.1, 4.3", kRule, Side::a,
       [](const Datagram& d) { return d.to(kBroadcast); }},
      {"solicited-from-zero", "RFC 1256 4.2", "a solicitation from 0 is valid", Side::a,
       [](const Datagram& d) { return d.from({0}); }},
      {"solicited-reserved", "RFC 1256 4.2", "the contents of the reserved field are ignored",
       Side::a, [](const Datagram& d) { return d.payload(icmp(10, 0, 0xffffffff)); }},
      {"solicited-longer", "RFC 1256 4.2", "octets beyond the first 8 are ignored", Side::a,
       [](const Datagram& d) { return d.payload(icmp(10, 0, 0, pattern(13))); }},
  };
  for (const Solicited& one : all) {
    const Datagram right = solicitation(kit, one.side);
    kit.add({.id = fmt::format("router-discovery.{}", one.name),
             .clause = one.clause,
             .level = Level::must,
             .rule = one.rule,
             .inputs = {Kit::on(one.side, one.change(right))},
             .expected = exactly({advertised(one.side)}),
             .needs = on(one.side),
             .timing = Timing::discovery,
             .prelude = {Kit::on(one.side, right)}});
  }
}

void add_discarded(Kit& kit) {
  const Solicited bad[] = {
      {"invalid-checksum", "RFC 1256 4.2", "a wrong checksum: discarded in silence", Side::b,
       [](const Datagram& d) { return d.payload(with_bad_icmp_checksum(icmp(10, 0, 0))); }},
      {"invalid-code", "RFC 1256 4.2", "a code that is not 0: discarded in silence", Side::c,
       [](const Datagram& d) { return d.payload(icmp(10, 1, 0)); }},
      {"invalid-length", "RFC 1256 4.2", "fewer than 8 bytes: discarded in silence", Side::b,
       [](const Datagram& d) { return d.payload({10, 0, 0xf5, 0xff}); }},
      {"invalid-source", "RFC 1256 4.2",
       "a source that is neither 0 nor a neighbour: discarded in silence", Side::c,
       [](const Datagram& d) { return d.from({0xcb007105}); }},
  };
  for (const Solicited& one : bad) {
    const Datagram right = solicitation(kit, one.side);
    kit.add({.id = fmt::format("router-discovery.{}", one.name),
             .clause = one.clause,
             .level = Level::must,
             .rule = one.rule,
             .inputs = {Kit::on(one.side, one.change(right))},
             .expected = silence(),
             .needs = on(one.side),
             .timing = Timing::discovery,
             .prelude = {Kit::on(one.side, right)}});
  }
}

struct Field {
  const char* name;
  const char* clause;
  const char* rule;
  Fault fault;
};

std::string fault_of_destination(const Advertisement& it) {
  const Address to = it.packet.to;
  const bool is_group = to == kAllSystems || to == kBroadcast;
  return is_group ? "" : fmt::format("it goes to {}", to_string(to));
}

std::string fault_of_addresses(const Advertisement& it, const Interface& own) {
  if (it.count() == 0) return "it advertises no address";
  if (!it.is_whole()) return "it is shorter than its number of addresses";
  for (std::size_t i = 0; i < it.count(); ++i) {
    if (it.address(i) == own.address) return {};
  }
  return fmt::format("{} is not among its addresses", to_string(own.address));
}

std::string fault_of_neighbours(const Advertisement& it, const Interface& own) {
  if (!it.is_whole()) return "it is shorter than its number of addresses";
  for (std::size_t i = 0; i < it.count(); ++i) {
    if (!own.subnet.contains(it.address(i))) {
      return fmt::format("it advertises {}", to_string(it.address(i)));
    }
  }
  return {};
}

std::vector<Field> fields_of(const Interface& own) {
  return {
      {"destination", "RFC 1256 4.1", "to 224.0.0.1 or 255.255.255.255, or to who asked",
       [own](const Advertisement& it) {
         return own.subnet.contains(it.packet.to) ? "" : fault_of_destination(it);
       }},
      {"source", "RFC 1256 3", "from an address of the interface",
       [own](const Advertisement& it) {
         return it.packet.from == own.address
                    ? ""
                    : fmt::format("it comes from {}", to_string(it.packet.from));
       }},
      {"ttl", "RFC 1256 3", "TTL 1 to a multicast address",
       [](const Advertisement& it) {
         const bool is_multicast = it.packet.to.value >> 28U == 14;
         return is_multicast && it.packet.ttl != 1 ? fmt::format("its TTL is {}", it.packet.ttl)
                                                   : "";
       }},
      {"code", "RFC 1256 3", "code 0",
       [](const Advertisement& it) {
         const unsigned code = it.packet.icmp_code();
         return code == 0 ? "" : fmt::format("its code is {}", code);
       }},
      {"entry-size", "RFC 1256 3", "two words for each address",
       [](const Advertisement& it) {
         return it.words() == 2 ? "" : fmt::format("its entry size is {}", it.words());
       }},
      {"length", "RFC 1256 3", "as many entries as it says",
       [](const Advertisement& it) {
         return it.packet.icmp_data().size() == it.count() * kEntry
                    ? ""
                    : fmt::format("{} addresses in {} bytes", it.count(),
                                  it.packet.icmp_data().size());
       }},
      {"lifetime", "RFC 1256 4.1", "a lifetime from 4 to 9000 seconds",
       [](const Advertisement& it) {
         return it.lifetime() >= 4 && it.lifetime() <= 9000
                    ? ""
                    : fmt::format("its lifetime is {}", it.lifetime());
       }},
      {"address", "RFC 1256 4.3", "the address of the interface is advertised",
       [own](const Advertisement& it) { return fault_of_addresses(it, own); }},
      {"neighbours", "RFC 1256 3", "addresses of the interface and no others",
       [own](const Advertisement& it) { return fault_of_neighbours(it, own); }},
      {"preference", "RFC 1256 4.1", "the preference is 0 unless something else was said",
       [](const Advertisement& it) {
         return it.count() > 0 && it.is_whole() && it.preference(0) == 0 ? "" : "it is not";
       }},
  };
}

void add_fields(Kit& kit) {
  for (const Field& one : fields_of(kit.s.at(Side::a))) {
    kit.add({.id = fmt::format("router-discovery.advertised-{}", one.name),
             .clause = one.clause,
             .level = Level::must,
             .rule = one.rule,
             .inputs = {Kit::on(Side::a, solicitation(kit, Side::a))},
             .expected = exactly({advertised(Side::a, one.rule, one.fault)}),
             .needs = on(Side::a),
             .timing = Timing::discovery});
  }
}

void add_unanswered(Kit& kit) {
  kit.add({.id = "router-discovery.host-is-silent",
           .clause = "RFC 1256 5.2, 5.3",
           .level = Level::must,
           .rule = "a host discards solicitations in silence, and never advertises",
           .inputs = {Kit::on(Side::a, solicitation(kit, Side::a))},
           .expected = silence(),
           .needs = {"host"},
           .timing = Timing::discovery});
  kit.add({.id = "router-discovery.off",
           .clause = "RFC 1256 4.3",
           .level = Level::policy,
           .rule = "on an interface that is not advertised solicitations are not answered",
           .inputs = {Kit::on(Side::a, solicitation(kit, Side::a))},
           .expected = silence(),
           .needs = {"router", "!router-discovery"},
           .timing = Timing::discovery});
  const Datagram advertisement =
      kit.icmp_to(kAllSystems, icmp(9, 0, 0x01020708, pattern(8))).ttl(1);
  kit.add({.id = "router-discovery.advertisement-to-all",
           .clause = "RFC 1256 4.2, 5.2",
           .level = Level::must,
           .rule = "an advertisement brings no answer",
           .inputs = Kit::one(advertisement),
           .expected = silence()});
}

}  // namespace

void add_router_discovery_cases(Kit& kit) {
  add_answered(kit);
  add_discarded(kit);
  add_fields(kit);
  add_unanswered(kit);
}

}  // namespace hop::conform
