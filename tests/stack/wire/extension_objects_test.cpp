// The objects of RFC 4950, RFC 5837 and RFC 8335, with bytes by hand from their figures.

#include "stack/wire/extension_objects.hpp"

#include <gmock/gmock.h>

#include <array>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "stack/wire/interface_identification.hpp"
#include "tests/stack/base/row_name.hpp"
#include "tests/support/hex_literal.hpp"

namespace hop {
namespace {

using namespace testing::literals;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

using Memory = std::vector<std::byte>;
template <std::size_t n>
Memory memory(const std::array<std::byte, n>& bytes) {
  return {bytes.begin(), bytes.end()};
}

/// An object whose payload stands alone in its memory, so that a sanitizer sees a read behind it.
class Alone {
 public:
  Alone(ExtensionClass number, std::uint8_t c_type, const Memory& payload)
      : bytes_(new std::byte[payload.size()]),  // NOLINT(*-avoid-c-arrays)
        object_{number, c_type, {bytes_.get(), payload.size()}} {
    std::ranges::copy(payload, bytes_.get());
  }
  [[nodiscard]] const ExtensionObject& object() const { return object_; }

 private:
  std::unique_ptr<std::byte[]> bytes_;  // NOLINT(*-avoid-c-arrays)
  ExtensionObject object_;
};

/// What `write` puts into a structure, out of memory that was full of something else.
template <class Write>
Memory written(Write write) {
  Memory room(200, std::byte{0xa5});
  ExtensionWriter writer{room};
  EXPECT_TRUE(write(writer));
  const Bytes structure = writer.finish();
  return {structure.begin(), structure.end()};
}

TEST(LabelStack, IsWrittenAsRfc4950Section5) {
  const std::array one{MplsLabel{.label = 16004}};
  EXPECT_THAT(written([&](auto& writer) { return write_label_stack(writer, one); }),
              ElementsAreArray("20 00 9a 0d  00 08 01 01  03 e8 41 01"_bytes));
  // Only the last one is the bottom, whatever the entries say.
  const std::array two{MplsLabel{.label = 16004, .traffic_class = 5, .bottom = true},
                       MplsLabel{.label = 24, .ttl = 255}};
  EXPECT_THAT(written([&](auto& writer) { return write_label_stack(writer, two); }),
              ElementsAreArray("20 00 0f 09  00 0c 01 01  03 e8 4a 01  00 01 81 ff"_bytes));
}

TEST(LabelStack, IsReadEntryByEntry) {
  const Alone stack{ExtensionClass::mpls_label_stack, 1, memory("03 e8 4a 01 ff ff f1 ff"_bytes)};
  EXPECT_EQ(label_at(stack.object(), 0), (MplsLabel{.label = 16004, .traffic_class = 5}));
  EXPECT_EQ(label_at(stack.object(), 1),
            (MplsLabel{.label = 0xfffff, .traffic_class = 0, .bottom = true, .ttl = 255}));
  EXPECT_FALSE(label_at(stack.object(), 2));
  EXPECT_FALSE(label_at(stack.object(), SIZE_MAX));
  const Alone other_type{ExtensionClass::mpls_label_stack, 2, memory("03 e8 41 01"_bytes)};
  EXPECT_FALSE(label_at(other_type.object(), 0));
  const Alone other_class{ExtensionClass::interface_information, 1, memory("03 e8 41 01"_bytes)};
  EXPECT_FALSE(label_at(other_class.object(), 0));
}

struct InformationCase {
  std::string_view name;
  InterfaceInformation what;
  Memory structure;
};
std::ostream& operator<<(std::ostream& out, const InformationCase& row) { return out << row.name; }

class WrittenInterface : public ::testing::TestWithParam<InformationCase> {};

TEST_P(WrittenInterface, FollowsRfc5837Section4) {
  const auto& [name, what, structure] = GetParam();
  EXPECT_EQ(written([&](auto& writer) { return write_interface_information(writer, what); }),
            structure);
}

TEST_P(WrittenInterface, IsReadAgain) {
  const auto& [name, what, structure] = GetParam();
  const auto view = ExtensionView::parse(structure);
  ASSERT_TRUE(view);
  const auto read = read_interface_information(*view->begin());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->role, what.role);
  EXPECT_EQ(read->index, what.index);
  EXPECT_EQ(read->address, what.address);
  EXPECT_EQ(read->name, what.name);
  EXPECT_EQ(read->mtu, what.mtu);
  EXPECT_THAT(read->ipv6_address, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Table, WrittenInterface,
    ::testing::Values(
        // Figure 5, with a name of 8 bytes, and figure 8 is the same with another role.
        InformationCase{"IncomingByIndexAndName",
                        {.role = InterfaceRole::incoming, .index = 2, .name = "ge-0/0/1"},
                        memory("20 00 da ec  00 14 02 0a  00 00 00 02"
                               "0c 67 65 2d 30 2f 30 2f 31 00 00 00"_bytes)},
        InformationCase{"OutgoingByIndexAndName",
                        {.role = InterfaceRole::outgoing, .index = 2, .name = "ge-0/0/1"},
                        memory("20 00 da 6c  00 14 02 8a  00 00 00 02"
                               "0c 67 65 2d 30 2f 30 2f 31 00 00 00"_bytes)},
        // Figure 6, with the MTU behind it.
        InformationCase{"AllParts",
                        {.role = InterfaceRole::incoming,
                         .index = 2,
                         .address = Ipv4Address{10, 0, 1, 1},
                         .name = "eth1",
                         .mtu = 1500},
                        memory("20 00 1f 27  00 1c 02 0f  00 00 00 02  00 01 00 00 0a 00 01 01"
                               "08 65 74 68 31 00 00 00  00 00 05 dc"_bytes)},
        InformationCase{"NextHopByAddress",
                        {.role = InterfaceRole::next_hop, .address = Ipv4Address{10, 0, 2, 2}},
                        memory("20 00 d1 2c  00 0c 02 c4  00 01 00 00 0a 00 02 02"_bytes)},
        // A name of 3 bytes fills a word with its length; of a component below IP.
        InformationCase{"NameOfOneWord",
                        {.role = InterfaceRole::incoming_component, .name = "ae0"},
                        memory("20 00 74 24  00 08 02 42  04 61 65 30"_bytes)},
        InformationCase{
            "MtuAlone", {.mtu = 576}, memory("20 00 db b6  00 08 02 01 00 00 02 40"_bytes)},
        InformationCase{"NothingAtAll", {}, memory("20 00 dd fb  00 04 02 00"_bytes)}),
    kRowName);

TEST(InterfaceName, IsPaddedToWholeWordsAndCutAt63) {
  for (std::size_t size = 1; size <= 70; ++size) {
    const std::string name(size, 'x');
    const Memory structure =
        written([&](auto& writer) { return write_interface_information(writer, {.name = name}); });
    const std::size_t kept = std::min<std::size_t>(size, 63);
    const std::size_t length = (1 + kept + 3) / 4 * 4;
    ASSERT_EQ(structure.size(), 8 + length) << size;
    EXPECT_EQ(structure[8], static_cast<std::byte>(length));
    for (std::size_t i = 1 + kept; i < length; ++i) EXPECT_EQ(structure[8 + i], std::byte{0});
    const auto view = ExtensionView::parse(structure);
    EXPECT_EQ(read_interface_information(*view->begin())->name, name.substr(0, 63));
  }
}

TEST(InterfaceInformationRead, TakesIpv6ReservedBitsAndBytesBehind) {
  // Figure 7; RFC 5837 section 4.1: reserved bits are ignored, and what follows the parts.
  const Alone what{ExtensionClass::interface_information, 0x3c,
                   memory("00 00 00 07  00 02 ff ff  20 01 0d b8 00 00 00 00 00 00 00 00"
                          "00 00 00 01  de ad be ef"_bytes)};
  const auto read = read_interface_information(what.object());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->index, 7U);
  EXPECT_FALSE(read->address);
  EXPECT_THAT(read->ipv6_address,
              ElementsAreArray("20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01"_bytes));
}

TEST(InterfaceInformationRead, RefusesPartsThatDoNotFit) {
  constexpr auto kAll =
      "00 00 00 02  00 01 00 00 0a 00 01 01  08 65 74 68 31 00 00 00"
      "00 00 05 dc"_bytes;
  for (std::size_t size = 0; size < kAll.size(); ++size) {
    const Alone cut{ExtensionClass::interface_information, 0x0f,
                    Memory(kAll.begin(), kAll.begin() + static_cast<std::ptrdiff_t>(size))};
    EXPECT_FALSE(read_interface_information(cut.object())) << size;
  }
  // Lengths of names: 0, no whole word, above 64, beyond the end; an unknown family of addresses.
  for (const Memory& name :
       {memory("00 65 74 68"_bytes), memory("05 65 74 68 31 00 00 00"_bytes),
        memory("44 65 74 68"_bytes), memory("08 65 74 68"_bytes), Memory(68, std::byte{68})}) {
    const Alone bad{ExtensionClass::interface_information, 0x02, name};
    EXPECT_FALSE(read_interface_information(bad.object()));
  }
  const Alone family{ExtensionClass::interface_information, 0x04,
                     memory("00 03 00 00 0a 00 01 01"_bytes)};
  EXPECT_FALSE(read_interface_information(family.object()));
  const Alone other{ExtensionClass::mpls_label_stack, 0x00, {}};
  EXPECT_FALSE(read_interface_information(other.object()));
}

TEST(InterfaceRoles, MustNotBeRepeatedRfc5837Section4_5) {
  const auto repeats = [](std::initializer_list<std::uint8_t> c_types) {
    Memory room(200);
    ExtensionWriter writer{room};
    for (const std::uint8_t c_type : c_types) {
      static_cast<void>(writer.add(ExtensionClass::interface_information, c_type, 0));
      static_cast<void>(writer.add(ExtensionClass::mpls_label_stack, c_type, 0));
    }
    return repeats_interface_role(ExtensionView::parse(writer.finish()).value());
  };
  EXPECT_FALSE(repeats({0x00}));
  EXPECT_FALSE(repeats({0x00, 0x40, 0x80, 0xc0}));
  EXPECT_TRUE(repeats({0x00, 0x0f}));
  EXPECT_TRUE(repeats({0x40, 0x80, 0x41}));
  EXPECT_TRUE(repeats({0xc4, 0xc4}));
}

struct IdentificationCase {
  std::string_view name;
  InterfaceIdentification what;
  Memory structure;
};
std::ostream& operator<<(std::ostream& out, const IdentificationCase& row) {
  return out << row.name;
}

class WrittenIdentification : public ::testing::TestWithParam<IdentificationCase> {};

TEST_P(WrittenIdentification, FollowsRfc8335Section2_1) {
  const auto& [name, what, structure] = GetParam();
  EXPECT_EQ(written([&](auto& writer) { return write_interface_identification(writer, what); }),
            structure);
}

constexpr auto kAddress = "0a 00 02 02"_bytes;
constexpr auto kMac = "02 00 5e 10 00 01"_bytes;

INSTANTIATE_TEST_SUITE_P(
    Table, WrittenIdentification,
    ::testing::Values(
        IdentificationCase{"NameOfAWord", InterfaceByName{"eth1"},
                           memory("20 00 0f 51  00 08 03 01  65 74 68 31"_bytes)},
        IdentificationCase{
            "PaddedName", InterfaceByName{"ge-0/0/1x"},
            memory("20 00 71 f7  00 10 03 01  67 65 2d 30 2f 30 2f 31 78 00 00 00"_bytes)},
        IdentificationCase{"Index", InterfaceByIndex{2},
                           memory("20 00 dc f3  00 08 03 02  00 00 00 02"_bytes)},
        IdentificationCase{"Ipv4Address", InterfaceByAddress{AddressFamily::ipv4, kAddress},
                           memory("20 00 cc ed  00 0c 03 03  00 01 04 00  0a 00 02 02"_bytes)},
        IdentificationCase{
            "PaddedAddress", InterfaceByAddress{AddressFamily::mac48, kMac},
            memory("20 00 36 d6  00 10 03 03  40 05 06 00  02 00 5e 10 00 01 00 00"_bytes)}),
    kRowName);

/// What is read, in words.
std::string read_identification(std::uint8_t c_type, const Memory& payload) {
  const Alone object{ExtensionClass::interface_identification, c_type, payload};
  const auto read = read_interface_identification(object.object());
  if (!read) return "malformed";
  if (const auto* const by = std::get_if<InterfaceByName>(&*read)) return std::string{by->name};
  if (const auto* const by = std::get_if<InterfaceByIndex>(&*read)) {
    return std::to_string(by->index);
  }
  const auto& by = std::get<InterfaceByAddress>(*read);
  return "family " + std::to_string(std::to_underlying(by.family)) + ", " +
         std::to_string(by.address.size()) + " bytes";
}

TEST(InterfaceIdentificationRead, FollowsRfc8335Section2_1) {
  EXPECT_EQ(read_identification(1, memory("65 74 68 31"_bytes)), "eth1");
  EXPECT_EQ(read_identification(1, memory("65 74 68 31 00 00 00 00"_bytes)), "eth1");
  EXPECT_EQ(read_identification(1, {}), "malformed");
  EXPECT_EQ(read_identification(1, memory("00 00 00 00"_bytes)), "malformed");
  EXPECT_EQ(read_identification(1, memory("65 00 68 31"_bytes)), "malformed");
  EXPECT_EQ(read_identification(2, memory("00 00 01 00"_bytes)), "256");
  EXPECT_EQ(read_identification(2, {}), "malformed");
  EXPECT_EQ(read_identification(2, memory("00 00 00 01 00 00 00 00"_bytes)), "malformed");
  EXPECT_EQ(read_identification(3, memory("00 01 04 ff 0a 00 02 02"_bytes)), "family 1, 4 bytes");
  EXPECT_EQ(read_identification(3, memory("40 05 06 00 02 00 5e 10 00 01 00 00"_bytes)),
            "family 16389, 6 bytes");
  EXPECT_EQ(read_identification(3, memory("12 34 03 00 01 02 03 00"_bytes)),
            "family 4660, 3 bytes");
  EXPECT_EQ(read_identification(3, {}), "malformed");
  EXPECT_EQ(read_identification(3, memory("00 01 04 00"_bytes)), "malformed");
  EXPECT_EQ(read_identification(3, memory("00 01 05 00 0a 00 02 02"_bytes)), "malformed");
  EXPECT_EQ(read_identification(3, memory("00 01 03 00 0a 00 02 00"_bytes)), "malformed");
  EXPECT_EQ(read_identification(3, memory("00 02 04 00 0a 00 02 02"_bytes)), "malformed");
  EXPECT_EQ(read_identification(3, memory("00 01 04 00 0a 00 02 02 00 00 00 00"_bytes)),
            "malformed");
  EXPECT_EQ(read_identification(3, memory("12 34 00 00"_bytes)), "malformed");
  EXPECT_EQ(read_identification(3, memory("12 34 ff 00 01 02 03 04"_bytes)), "malformed");
  EXPECT_EQ(read_identification(0, memory("00 00 00 01"_bytes)), "malformed");
  EXPECT_EQ(read_identification(4, memory("00 00 00 01"_bytes)), "malformed");
}

}  // namespace
}  // namespace hop
