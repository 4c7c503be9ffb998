// Whatever comes, the system goes on; and it does not make answers out of damage.

#include <fmt/format.h>

#include "tools/conform/cases/kit.hpp"

namespace hop::conform {

namespace {

constexpr auto kClause = "RFC 1122 1.2.2";

/// Numbers that look random and are the same every time.
class Noise {
 public:
  explicit Noise(std::uint64_t seed) : state_(seed) {}
  std::uint32_t next() {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::uint32_t>(state_ >> 33U);
  }
  Octets bytes(std::size_t size) {
    Octets data(size);
    for (std::uint8_t& byte : data) byte = static_cast<std::uint8_t>(next());
    return data;
  }

 private:
  std::uint64_t state_;
};

Case noise(const char* name, const char* rule) {
  return {.id = fmt::format("robust.{}", name),
          .clause = kClause,
          .level = Level::must,
          .rule = rule,
          .inputs = {},
          .expected = anything()};
}

constexpr unsigned kPackets = 1000;

void add_random_bytes(Kit& kit) {
  Case all = noise("random-bytes", "packets of random bytes do no harm");
  Noise random(1);
  for (unsigned i = 0; i < kPackets; ++i) {
    Octets packet = random.bytes(1 + random.next() % 100);
    packet[0] = static_cast<std::uint8_t>(0x40U | (packet[0] & 15U));
    all.inputs.push_back({Side::a, std::move(packet)});
  }
  all.expected = silence();  // a right checksum by chance comes once in 65536 times
  kit.add(std::move(all));
}

void add_random_payloads(Kit& kit, const char* name, unsigned protocol) {
  Case all = noise(name, "random bytes behind a right header do no harm");
  Noise random(protocol);
  for (unsigned i = 0; i < kPackets; ++i) {
    all.inputs.push_back(Kit::on(
        Side::a, kit.protocol_to(kit.self(), protocol).payload(random.bytes(random.next() % 80))));
  }
  kit.add(std::move(all));
}

void add_random_options(Kit& kit) {
  Case all = noise("random-options", "random options do no harm");
  Noise random(3);
  for (unsigned i = 0; i < kPackets; ++i) {
    Octets options = random.bytes(std::size_t{random.next() % 10} * 4);
    constexpr std::uint8_t kTypes[] = {7, 68, 131, 137, 148, 0x9e};
    if (!options.empty()) options[0] = kTypes[random.next() % std::size(kTypes)];
    const Address to = random.next() % 2 == 0 ? kit.self() : kit.target();
    all.inputs.push_back(Kit::on(Side::a, kit.udp_to(to).options(std::move(options))));
  }
  kit.add(std::move(all));
}

void add_random_fragments(Kit& kit) {
  Case all = noise("random-fragments", "random fragments do no harm");
  Noise random(4);
  for (unsigned i = 0; i < kPackets; ++i) {
    const Datagram d = kit.echo_to(kit.self()).payload(random.bytes(random.next() % 200));
    all.inputs.push_back(Kit::on(
        Side::a, d.id(0x2000 + random.next() % 8)
                     .fragment(std::size_t{random.next() % 64} * 8, random.next() % 4 != 0)));
  }
  kit.add(std::move(all));
}

void add_damaged(Kit& kit) {
  Case all = noise("every-bit-of-a-header", "a header with any one bit wrong is not answered");
  const Octets right = kit.echo_to(kit.self()).bytes();
  for (unsigned bit = 0; bit < 160; ++bit) {
    Octets wrong = right;
    wrong[bit / 8] ^= static_cast<std::uint8_t>(0x80U >> bit % 8);
    all.inputs.push_back({Side::a, std::move(wrong)});
  }
  all.clause = "RFC 1812 5.2.2 (2), RFC 1122 3.2.1.2";
  // Total length, IHL and version have rules of their own, with answers that are permitted.
  std::erase_if(all.inputs, [&](const Seen& s) {
    return s.packet[0] != right[0] || s.packet[2] != right[2] || s.packet[3] != right[3];
  });
  all.expected = silence();
  kit.add(std::move(all));
}

void add_cut(Kit& kit) {
  Case all = noise("every-length-of-a-message", "a message cut anywhere is not answered");
  const Octets echo = icmp(8, 0, 0x10001, pattern(20));
  for (std::size_t size = 0; size < echo.size(); ++size) {
    all.inputs.push_back(Kit::on(
        Side::a,
        kit.icmp_to(kit.self(), {echo.begin(), echo.begin() + static_cast<std::ptrdiff_t>(size)})));
  }
  all.clause = "RFC 792";
  all.level = Level::policy;
  all.expected = silence();
  kit.add(std::move(all));
}

void add_floods(Kit& kit) {
  Case first = noise("first-fragments-of-many", "fragments that never become whole do no harm");
  for (unsigned i = 0; i < kPackets; ++i) {
    first.inputs.push_back(
        Kit::on(Side::a, piece(kit.echo_to(kit.self(), 100), 0, 64).id(0x8000 + i)));
  }
  kit.add(std::move(first));
  const Datagram honest = kit.echo_to(kit.self(), 100).from(kit.s.host(Side::a, 90));
  std::vector<Seen> flood;
  for (unsigned i = 0; i < kPackets; ++i) {
    flood.push_back(Kit::on(Side::a, piece(kit.echo_to(kit.self(), 100), 0, 64).id(0x8800 + i)));
  }
  flood.insert(flood.begin() + kPackets / 2, Kit::on(Side::a, piece(honest, 0, 64)));
  flood.push_back(Kit::on(Side::a, piece(honest, 64, 99)));
  kit.add({.id = "robust.reassembly-goes-on",
           .clause = "RFC 1122 3.3.2",
           .level = Level::policy,
           .rule = "another host's datagram is reassembled in spite of a flood of fragments",
           .inputs = std::move(flood),
           .expected = exactly({echo_reply(Side::a, honest.bytes())})});
}

void add_every(Kit& kit) {
  Case protocols = noise("every-protocol", "packets of every protocol, without data");
  for (unsigned protocol = 0; protocol < 256; ++protocol) {
    protocols.inputs.push_back(Kit::on(Side::a, kit.protocol_to(kit.self(), protocol, 0)));
  }
  kit.add(std::move(protocols));
  Case types = noise("every-icmp-type-and-code", "ICMP messages of every type");
  for (unsigned type = 0; type < 256; ++type) {
    for (const unsigned code : {0U, 1U, 15U, 255U}) {
      types.inputs.push_back(
          Kit::on(Side::a, kit.icmp_to(kit.self(), icmp(type, code, 0x10001, pattern(28)))));
    }
  }
  kit.add(std::move(types));
}

}  // namespace

void add_robustness_cases(Kit& kit) {
  add_random_bytes(kit);
  add_random_payloads(kit, "random-icmp", kIcmp);
  add_random_payloads(kit, "random-udp", kUdp);
  add_random_payloads(kit, "random-tcp", kTcp);
  add_random_options(kit);
  add_random_fragments(kit);
  add_damaged(kit);
  add_cut(kit);
  add_every(kit);
  add_floods(kit);
}

}  // namespace hop::conform
