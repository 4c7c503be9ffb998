// Reassembly: RFC 791 section 3.2, RFC 1122 section 3.3.2, RFC 815, RFC 3168 section 5.3.

#include <fmt/format.h>

#include <algorithm>

#include "tools/conform/cases/kit.hpp"

namespace hop::conform {

namespace {

constexpr auto kClause = "RFC 1122 3.3.2, RFC 791 3.2";

std::vector<Seen> cut(const Datagram& whole, std::size_t size) {
  std::vector<Seen> pieces;
  for (std::size_t at = 0; at < whole.payload_bytes().size(); at += size) {
    pieces.push_back(Kit::on(Side::a, piece(whole, at, size)));
  }
  return pieces;
}

void add_whole(Kit& kit, std::string name, const char* rule, const Datagram& echo,
               std::vector<Seen> inputs) {
  // EMTU_R MUST be 576 at least, and SHOULD be indefinite.
  const bool small = Parsed::of(echo.bytes())->bytes.size() <= 576;
  kit.add({.id = "reassembly." + std::move(name),
           .clause = kClause,
           .level = small ? Level::must : Level::should,
           .rule = rule,
           .inputs = std::move(inputs),
           .expected = reassembled(exactly({echo_reply(Side::a, echo.bytes())}))});
}

void add_orders(Kit& kit) {
  std::vector<std::size_t> order{0, 1, 2};
  do {
    const Datagram echo = kit.echo_to(kit.self(), 100);
    const std::vector<Seen> pieces = cut(echo, 40);
    std::vector<Seen> inputs;
    for (const std::size_t i : order) inputs.push_back(pieces[i]);
    add_whole(kit, fmt::format("order-{}{}{}", order[0], order[1], order[2]),
              "fragments are put together in whatever order they come", echo, inputs);
  } while (std::ranges::next_permutation(order).found);
}

void add_duplicates(Kit& kit) {
  for (const std::size_t twice : {0U, 1U, 2U}) {
    const Datagram echo = kit.echo_to(kit.self(), 100);
    std::vector<Seen> inputs = cut(echo, 40);
    // At once, and before the datagram is complete.
    inputs.insert(inputs.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(twice, 1)),
                  inputs[twice]);
    add_whole(kit, fmt::format("duplicate-{}", twice), "a fragment that comes twice does no harm",
              echo, inputs);
  }
}

void add_many(Kit& kit) {
  const Datagram tiny = kit.echo_to(kit.self(), 400);
  add_whole(kit, "51-pieces-of-8", "the smallest fragments there are", tiny, cut(tiny, 8));
  const Datagram back = kit.echo_to(kit.self(), 400);
  std::vector<Seen> reversed = cut(back, 8);
  std::ranges::reverse(reversed);
  add_whole(kit, "51-pieces-of-8-reversed", "the smallest fragments there are, last first", back,
            reversed);
  const Datagram large = kit.echo_to(kit.self(), 30000);
  std::vector<Seen> shuffled;
  const std::vector<Seen> pieces = cut(large, 1480);
  for (std::size_t i = 0; i < pieces.size(); ++i) shuffled.push_back(pieces[i * 8 % 21]);
  add_whole(kit, "30000-bytes-shuffled", "a large datagram in any order", large, shuffled);
}

void add_interleaved(Kit& kit) {
  const Datagram one = kit.echo_to(kit.self(), 100), two = kit.echo_to(kit.self(), 120);
  const std::vector<Seen> ones = cut(one, 40), twos = cut(two, 40);
  std::vector<Seen> inputs;
  for (std::size_t i = 0; i < 3; ++i) {
    inputs.push_back(ones[i]);
    inputs.push_back(twos[2 - i]);
  }
  inputs.push_back(twos.size() > 3 ? twos[3] : twos[0]);
  kit.add(
      {.id = "reassembly.interleaved",
       .clause = kClause,
       .level = Level::must,
       .rule = "fragments of two datagrams are told apart",
       .inputs = std::move(inputs),
       .expected = exactly({echo_reply(Side::a, one.bytes()), echo_reply(Side::a, two.bytes())})});
}

// RFC 791: source, destination, protocol and identification together name a datagram.
void add_not_mixed(Kit& kit) {
  struct Other {
    const char* name;
    Datagram (*change)(const Scenario& s, const Datagram& d);
  };
  const Other all[] = {
      {"identification", [](const Scenario&, const Datagram& d) { return d.id(0x3fff); }},
      {"source", [](const Scenario& s, const Datagram& d) { return d.from(s.host(Side::a, 12)); }},
      {"protocol", [](const Scenario&, const Datagram& d) { return d.protocol(kUdp); }},
      {"destination", [](const Scenario& s, const Datagram& d) { return d.to(s.sut(Side::b)); }},
  };
  for (const Other& other : all) {
    const Datagram echo = kit.echo_to(kit.self(), 100);
    const Datagram last = other.change(kit.s, piece(echo, 64, 100));
    kit.add({.id = fmt::format("reassembly.not-mixed-{}", other.name),
             .clause = "RFC 791 3.2",
             .level = Level::must,
             .rule = "fragments of different datagrams are not put together",
             .inputs = {Kit::on(Side::a, piece(echo, 0, 64)), Kit::on(Side::a, last)},
             .expected = silence(),
             .needs = {"router", "b"}});
  }
}

struct Broken {
  const char* name;
  const char* rule;
  std::vector<std::pair<std::size_t, std::size_t>> pieces;  ///< offset, length
  std::vector<bool> more;
};

void add_incomplete(Kit& kit) {
  const std::pair<const char*, std::vector<std::size_t>> all[] = {
      {"without-first", {1, 2}}, {"without-middle", {0, 2}}, {"without-last", {0, 1}},
      {"only-first", {0}},       {"only-middle", {1}},       {"only-last", {2}}};
  for (const auto& [name, which] : all) {
    const Datagram echo = kit.echo_to(kit.self(), 100);
    const std::vector<Seen> pieces = cut(echo, 40);
    std::vector<Seen> inputs;
    for (const std::size_t i : which) inputs.push_back(pieces[i]);
    kit.add({.id = fmt::format("reassembly.{}", name),
             .clause = kClause,
             .level = Level::must,
             .rule = "a datagram is delivered when it is complete, not before",
             .inputs = std::move(inputs),
             .expected = silence()});
  }
}

// Beyond the largest total length there is: nothing that could be delivered comes of it.
void add_too_large(Kit& kit) {
  const Datagram death = kit.icmp_to(kit.self(), icmp(8, 0, 1, pattern(1472)));
  std::vector<Seen> inputs;
  for (std::size_t at = 0; at < 65120; at += 1480) {
    inputs.push_back(Kit::on(Side::a, death.fragment(at, true)));
  }
  inputs.push_back(Kit::on(Side::a, death.payload(pattern(1000)).fragment(65120, false)));
  kit.add({.id = "reassembly.beyond-65535",
           .clause = "RFC 791 3.1",
           .level = Level::must,
           .rule = "no datagram is longer than 65535 bytes",
           .inputs = std::move(inputs),
           .expected = silence()});
  const Datagram end = kit.icmp_to(kit.self(), pattern(100)).fragment(65528, false);
  kit.add({.id = "reassembly.fragment-beyond-65535",
           .clause = "RFC 791 3.1",
           .level = Level::must,
           .rule = "no datagram is longer than 65535 bytes",
           .inputs = Kit::one(end),
           .expected = silence()});
}

// More fragments follow, but not at a multiple of eight: RFC 791 section 3.2.
void add_odd(Kit& kit) {
  const Datagram echo = kit.echo_to(kit.self(), 100);
  const Datagram odd = echo.payload(pattern(61)).fragment(0, true);
  const Datagram report = kit.echo_to(kit.self(), 100);
  kit.add({.id = "reassembly.length-no-multiple-of-8",
           .clause = "RFC 791 3.2",
           .level = Level::policy,
           .rule = "a fragment with more to follow has a multiple of 8 bytes",
           .inputs = {Kit::on(Side::a, odd), Kit::on(Side::a, piece(report, 64, 100).id(0x3ff0))},
           .expected = either({silence(), exactly({told(Side::a, odd.bytes(), 12, 0)})})});
  const Datagram empty = kit.echo_to(kit.self(), 100);
  std::vector<Seen> pieces = cut(empty, 40);
  pieces.insert(pieces.begin() + 1, Kit::on(Side::a, empty.payload({}).fragment(80, true)));
  kit.add({.id = "reassembly.empty-fragment",
           .clause = "RFC 791 3.2",
           .level = Level::policy,
           .rule = "a fragment without data adds nothing",
           .inputs = std::move(pieces),
           .expected = either({silence(), exactly({echo_reply(Side::a, empty.bytes())})})});
}

// RFC 791 lets the copy that came later win, many discard the datagram: both are in use, and with
// equal data cannot be told from each other. What comes must be right in itself.
void add_overlaps(Kit& kit) {
  struct Relation {
    const char* name;
    std::size_t offset, length;
  };
  const Relation all[] = {{"same", 40, 40},         {"inside", 48, 16},
                          {"around", 32, 56},       {"over-the-front", 32, 16},
                          {"over-the-end", 72, 24}, {"same-front", 40, 16},
                          {"same-end", 64, 16}};
  for (const Relation& relation : all) {
    for (const bool before : {false, true}) {
      const Datagram echo = kit.echo_to(kit.self(), 100);
      std::vector<Seen> inputs = cut(echo, 40);
      const Seen overlap = Kit::on(Side::a, piece(echo, relation.offset, relation.length));
      inputs.insert(inputs.begin() + (before ? 1 : 2), overlap);
      kit.add({.id = fmt::format("reassembly.overlap-{}-{}", relation.name,
                                 before ? "before" : "after"),
               .clause = "RFC 791 3.2",
               .level = Level::must,
               .rule = "overlapping fragments make the datagram, or nothing",
               .inputs = std::move(inputs),
               .expected = either({silence(), exactly({echo_reply(Side::a, echo.bytes())})})});
    }
  }
  const Datagram echo = kit.echo_to(kit.self(), 100);
  kit.add({.id = "reassembly.teardrop",
           .clause = "RFC 791 3.2",
           .level = Level::must,
           .rule = "a last fragment inside the first does no harm",
           .inputs = {Kit::on(Side::a, piece(echo, 0, 64)),
                      Kit::on(Side::a, echo.payload(pattern(4)).fragment(24, false))},
           .expected = silence()});
}

// RFC 3168 section 5.3.
void add_ecn(Kit& kit) {
  const Datagram echo = kit.echo_to(kit.self(), 100);
  kit.add({.id = "reassembly.ecn-ce-and-not-ect",
           .clause = "RFC 3168 5.3",
           .level = Level::must,
           .rule = "congestion in one fragment, another not ECN-capable: the datagram is dropped",
           .inputs = {Kit::on(Side::a, piece(echo, 0, 64).tos(3)),
                      Kit::on(Side::a, piece(echo, 64, 100).tos(0))},
           .expected = silence()});
  for (const unsigned ecn : {1U, 2U, 3U}) {
    const Datagram same = kit.echo_to(kit.self(), 100).tos(ecn);
    add_whole(kit, fmt::format("ecn-{}-in-all", ecn), "equal codepoints do no harm", same,
              cut(same, 40));
  }
}

// RFC 791: the header is that of the first fragment.
void add_header(Kit& kit) {
  const Datagram echo = kit.echo_to(kit.self(), 100).tos(0xa0);
  const Seen first = Kit::on(Side::a, piece(echo, 0, 64));
  const Seen last = Kit::on(Side::a, piece(echo, 64, 100).tos(0));
  for (const bool reversed : {false, true}) {
    kit.add(
        {.id = fmt::format("reassembly.header-of-first-fragment{}", reversed ? "-reversed" : ""),
         .clause = "RFC 791 3.2, RFC 1812 4.3.2.5",
         .level = Level::must,
         .rule = "the header of the datagram is that of its first fragment",
         .inputs = reversed ? std::vector{last, first} : std::vector{first, last},
         .expected =
             exactly({echo_reply(Side::a, echo.bytes(), {precedence_is_that_of_request()})}),
         .needs = {"router"}});
  }
}

}  // namespace

void add_reassembly_cases(Kit& kit) {
  add_orders(kit);
  add_duplicates(kit);
  add_many(kit);
  add_interleaved(kit);
  add_not_mixed(kit);
  add_incomplete(kit);
  add_too_large(kit);
  add_odd(kit);
  add_overlaps(kit);
  add_ecn(kit);
  add_header(kit);
}

}  // namespace hop::conform
