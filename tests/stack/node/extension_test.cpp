// What errors tell behind the quote: interfaces (RFC 5837) and labels (RFC 4950).

#include <gmock/gmock.h>

#include <ostream>
#include <string_view>
#include <vector>

#include "tests/stack/node/bench.hpp"
#include "tests/support/decode.hpp"
#include "tests/support/hex_literal.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using namespace testing::literals;
using testing::icmp;
using testing::IcmpIs;
using testing::raw;
using testing::udp;
using Memory = std::vector<std::byte>;

template <std::size_t n>
Memory memory(const std::array<std::byte, n>& bytes) {
  return {bytes.begin(), bytes.end()};
}

// The interfaces of the bench in the formats of RFC 5837: if0 came in, if1 or if2 would go out.
const Memory kIn0 = memory(
    "00 1c 02 0f 00 00 00 01 00 01 00 00 0a 00 01 01 08 65 74 68 30 00 00 00 00 00 05 dc"_bytes);
const Memory kOut0 = memory(
    "00 1c 02 8f 00 00 00 01 00 01 00 00 0a 00 01 01 08 65 74 68 30 00 00 00 00 00 05 dc"_bytes);
const Memory kOut1 = memory(
    "00 1c 02 8f 00 00 00 02 00 01 00 00 0a 00 02 01 08 65 74 68 31 00 00 00 00 00 05 dc"_bytes);
const Memory kOut2 = memory(
    "00 1c 02 8f 00 00 00 03 00 01 00 00 0a 00 03 01 08 65 74 68 32 00 00 00 00 00 02 58"_bytes);
const Memory kLabels = memory("00 0c 01 01 03 e8 40 01 00 01 81 ff"_bytes);

Memory next_hop(std::uint8_t net, std::uint8_t host) {
  Memory object = memory("00 0c 02 c4 00 01 00 00 0a 00 00 00"_bytes);
  object[10] = std::byte{net};
  object[11] = std::byte{host};
  return object;
}

Memory all_of(std::initializer_list<Memory> objects) {
  Memory bytes;
  for (const Memory& object : objects) bytes.insert(bytes.end(), object.begin(), object.end());
  return bytes;
}

/// The objects behind the quote of an error. The quote is the packet's, padded with zeros; the
/// checksum of the structure is right.
Memory objects_of(const Wire& error, const Wire& about, std::size_t field) {
  EXPECT_THAT(error, testing::ValidChecksums());
  EXPECT_LE(error.size(), 576U);
  const Bytes data = testing::decode_icmp(error).value().data;
  if (data.size() <= field) return {};
  Memory quote{about.bytes().begin(), about.bytes().end()};
  quote.resize(field);
  EXPECT_EQ((Memory{data.begin(), data.begin() + static_cast<std::ptrdiff_t>(field)}), quote);
  const Bytes structure = data.subspan(field);
  EXPECT_EQ(structure[0], std::byte{0x20});
  EXPECT_EQ(structure[1], std::byte{0});
  EXPECT_EQ(testing::internet_sum(structure), 0xffff);
  return {structure.begin() + 4, structure.end()};
}
Memory objects_of(const Wire& error, const Wire& about) {
  const std::size_t field = (testing::decode_icmp(error)->rest >> 16U & 0xffU) * 4;
  if (field != 0) return objects_of(error, about, field);
  EXPECT_THAT(error, testing::Quotes(about));
  return {};
}

NodeConfig telling(const ExtensionPolicy& policy) {
  NodeConfig config = router_config();
  config.icmp.extensions = policy;
  config.source_routing = true;
  return config;
}
const ExtensionPolicy kInterfaces{.interface = true};

struct InterfaceCase {
  std::string_view name;
  Wire packet;
  std::uint8_t type, code;
  Memory objects;
};
std::ostream& operator<<(std::ostream& out, const InterfaceCase& row) { return out << row.name; }

class ToldInterfaces : public ::testing::TestWithParam<InterfaceCase> {};

TEST_P(ToldInterfaces, AreThoseThatTheCauseKnows) {
  Bench bench{telling(kInterfaces)};
  EXPECT_EQ(bench.receive(GetParam().packet).action, Action::dropped);
  const Wire error = bench.answer();
  EXPECT_THAT(error, IcmpIs(GetParam().type, GetParam().code));
  EXPECT_EQ(objects_of(error, GetParam().packet), GetParam().objects);
}

INSTANTIATE_TEST_SUITE_P(
    Rfc5837Section4, ToldInterfaces,
    ::testing::Values(
        InterfaceCase{"TtlExpired", transit().ttl(1) / udp(1, 2), 11, 0,
                      all_of({kIn0, kOut1, next_hop(2, 2)})},
        InterfaceCase{"LongPacket", transit().ttl(1) / udp(1, 2, counting(1400)), 11, 0,
                      all_of({kIn0, kOut1, next_hop(2, 2)})},
        InterfaceCase{"OnALink", transit().dst("10.0.3.2").ttl(1) / udp(1, 2), 11, 0,
                      all_of({kIn0, kOut2, next_hop(3, 2)})},
        InterfaceCase{"Back", transit().dst("203.0.113.9").ttl(1) / udp(1, 2), 11, 0,
                      all_of({kIn0, kOut0, next_hop(1, 3)})},
        InterfaceCase{"FragNeeded", transit().dst("198.51.100.9").df() / udp(1, 2, counting(1000)),
                      3, 4, all_of({kIn0, kOut2, next_hop(3, 2)})},
        InterfaceCase{"HostUnreachable", transit().dst("192.0.2.200") / udp(1, 2), 3, 1,
                      all_of({kIn0, kOut1, next_hop(2, 99)})},
        InterfaceCase{"NobodyOnTheLink", transit().dst("10.0.2.77") / udp(1, 2), 3, 1,
                      all_of({kIn0, kOut1, next_hop(2, 77)})},
        InterfaceCase{"NoRoute", transit().dst("8.8.8.8") / udp(1, 2), 3, 0, kIn0},
        InterfaceCase{"Rejected", transit().dst("100.64.13.1") / udp(1, 2), 3, 13, kIn0},
        InterfaceCase{"PortUnreachable", to_router() / udp(1, 2), 3, 3, kIn0},
        InterfaceCase{"ParameterProblem", (transit() / udp(1, 2)).truncated(24), 12, 0,
                      all_of({kIn0, kOut1, next_hop(2, 2)})},
        InterfaceCase{"SourceRoute",
                      to_router().options({131, 7, 4, 192, 0, 2, 9}).ttl(1) / udp(1, 2), 11, 0,
                      all_of({kIn0, kOut1, next_hop(2, 2)})}),
    kCaseName);

TEST(ToldInterfaces, KeepTheNextHopMtuInItsPlace) {
  Bench bench{telling(kInterfaces)};
  const Wire packet = transit().dst("198.51.100.9").df() / udp(1, 2, counting(1000));
  (void)bench.receive(packet);
  EXPECT_EQ(testing::decode_icmp(bench.answer())->rest & 0xff00ffffU, 600U);
}

TEST(ToldInterfaces, AreOfTheNodeThatForwards) {
  NodeConfig config = host_config();
  config.icmp.extensions = kInterfaces;
  Bench bench{config};
  const Wire packet = testing::ip().src("10.0.1.1").dst("10.0.1.2") / udp(1, 2);
  EXPECT_EQ(bench.receive(packet), dropped(DropReason::port_unreachable));
  const Memory in = memory(
      "00 1c 02 0f 00 00 00 01 00 01 00 00 0a 00 01 02 08 65 74 68 30 00 00 00 00 00 05 dc"_bytes);
  EXPECT_EQ(objects_of(bench.answer(), packet), in);
}

TEST(ToldInterfaces, AreNotToldInARedirect) {
  // RFC 4884 section 4.6: the structure MUST NOT be appended to it.
  Bench bench{telling({.interface = true, .mpls = true})};
  bench.node.interfaces()[0].labels = {{.label = 1}};
  const Wire packet = transit().dst("203.0.113.9") / udp(1, 2);
  EXPECT_EQ(bench.receive(packet), kForwarded);
  const Wire redirect = bench.sent().front().packet;
  EXPECT_THAT(redirect, ::testing::AllOf(IcmpIs(5, 1), testing::Quotes(packet)));
}

// RFC 5837 section 4.1, role 1: it is there beside the interface that the datagram arrived by.
TEST(ToldInterfaces, HaveTheComponentThatThePacketCameBy) {
  Bench bench{telling({.interface = true})};
  bench.node.interfaces()[0].component = {.name = "ge-0/0/1", .index = 7};
  const Wire packet = transit().ttl(1) / udp(1, 2);
  (void)bench.receive(packet);
  const Memory component =
      memory("00 14 02 4a 00 00 00 07 0c 67 65 2d 30 2f 30 2f 31 00 00 00"_bytes);
  EXPECT_EQ(objects_of(bench.answer(), packet), all_of({kIn0, component, kOut1, next_hop(2, 2)}));
}

struct DisclosureCase {
  std::string_view name;
  InterfaceDisclosure disclosure;
  Memory objects;
};
std::ostream& operator<<(std::ostream& out, const DisclosureCase& row) { return out << row.name; }

class Disclosed : public ::testing::TestWithParam<DisclosureCase> {};

TEST_P(Disclosed, IsWhatTheSwitchesSayRfc5837Section6) {
  Bench bench{telling({.interface = true, .disclosure = GetParam().disclosure})};
  const Wire packet = transit().ttl(1) / udp(1, 2);
  (void)bench.receive(packet);
  EXPECT_EQ(objects_of(bench.answer(), packet), GetParam().objects);
}

InterfaceDisclosure parts(bool index, bool address, bool name, bool mtu) {
  return {.index = index, .address = address, .name = name, .mtu = mtu};
}

INSTANTIATE_TEST_SUITE_P(
    Table, Disclosed,
    ::testing::Values(
        DisclosureCase{"Incoming", {.roles = 0b0001}, kIn0},
        DisclosureCase{"Outgoing", {.roles = 0b0100}, kOut1},
        DisclosureCase{"NextHop", {.roles = 0b1000}, next_hop(2, 2)},
        DisclosureCase{"NoRole", {.roles = 0}, {}},
        DisclosureCase{"Index", parts(true, false, false, false),
                       memory("00 08 02 08 00 00 00 01 00 08 02 88 00 00 00 02"_bytes)},
        DisclosureCase{
            "Address", parts(false, true, false, false),
            all_of({memory("00 0c 02 04 00 01 00 00 0a 00 01 01"_bytes),
                    memory("00 0c 02 84 00 01 00 00 0a 00 02 01"_bytes), next_hop(2, 2)})},
        DisclosureCase{"Name", parts(false, false, true, false),
                       memory("00 0c 02 02 08 65 74 68 30 00 00 00"
                              "00 0c 02 82 08 65 74 68 31 00 00 00"_bytes)},
        DisclosureCase{"Mtu", parts(false, false, false, true),
                       memory("00 08 02 01 00 00 05 dc 00 08 02 81 00 00 05 dc"_bytes)},
        DisclosureCase{"NoPart", parts(false, false, false, false), {}}),
    kCaseName);

struct LabelCase {
  std::string_view name;
  Wire packet;
  InterfaceIndex in;
  ExtensionPolicy policy;
  Memory objects;
};
std::ostream& operator<<(std::ostream& out, const LabelCase& row) { return out << row.name; }

class ToldLabels : public ::testing::TestWithParam<LabelCase> {};

TEST_P(ToldLabels, AreThoseThatThePacketCameWith) {
  Bench bench{telling(GetParam().policy)};
  bench.node.interfaces()[0].labels = {{.label = 16004}, {.label = 24, .ttl = 255}};
  (void)bench.receive(GetParam().packet, GetParam().in);
  EXPECT_EQ(objects_of(bench.answer(), GetParam().packet), GetParam().objects);
}

const ExtensionPolicy kMpls{.mpls = true};
const Wire kExpired = transit().ttl(1) / udp(1, 2);
const Wire kTruncated = (transit() / udp(1, 2)).truncated(24);

INSTANTIATE_TEST_SUITE_P(
    Rfc4950Section5, ToldLabels,
    ::testing::Values(LabelCase{"TimeExceeded", kExpired, 0, kMpls, kLabels},
                      LabelCase{"Unreachable", to_router() / udp(1, 2), 0, kMpls, kLabels},
                      LabelCase{"NotByThatInterface", kExpired, 1, kMpls, {}},
                      LabelCase{"NotInAParameterProblem", kTruncated, 0, kMpls, {}},
                      LabelCase{"Both",
                                kExpired,
                                0,
                                {.interface = true, .mpls = true},
                                all_of({kLabels, kIn0, kOut1, next_hop(2, 2)})},
                      LabelCase{"InterfacesOnly",
                                kTruncated,
                                0,
                                {.interface = true, .mpls = true},
                                all_of({kIn0, kOut1, next_hop(2, 2)})},
                      LabelCase{"Off", kExpired, 0, {}, {}}),
    kCaseName);

TEST(OldLayout, HasTheStructureBehind128BytesWithoutALength) {
  Bench bench{telling({.mpls = true, .layout = ExtensionLayout::non_compliant})};
  bench.node.interfaces()[0].labels = {{.label = 16004}, {.label = 24, .ttl = 255}};
  for (const std::size_t size : {20U, 100U, 101U, 1000U}) {
    const Wire packet = transit().ttl(1) / raw(counting(size));
    (void)bench.receive(packet);
    EXPECT_EQ(testing::decode_icmp(bench.answer())->rest, 0U);
    EXPECT_EQ(objects_of(bench.answer(), packet, 128), kLabels) << size;
  }
  (void)bench.receive(kTruncated);
  EXPECT_EQ(testing::decode_icmp(bench.answer())->data.size(), 24U);
}

}  // namespace
}  // namespace hop
