// What the conformance suite reads of extension structures. Bytes by hand from RFC 4884 and 5837.

#include <gtest/gtest.h>

#include "tools/conform/extension.hpp"

namespace hop::conform {
namespace {

struct BadStructure {
  const char* name;
  Octets bytes;
  const char* fault;
};

class ExtensionFault : public testing::TestWithParam<BadStructure> {};

TEST_P(ExtensionFault, IsFound) {
  EXPECT_EQ(fault_of_structure(GetParam().bytes), GetParam().fault);
}

INSTANTIATE_TEST_SUITE_P(
    Suite, ExtensionFault,
    testing::Values(
        BadStructure{"None", {}, "there is no extension structure"},
        BadStructure{"Right", {0x20, 0, 0xdd, 0xf9, 0, 4, 2, 2}, ""},
        BadStructure{"WithoutChecksum", {0x20, 0, 0, 0, 0, 4, 2, 2}, ""},
        BadStructure{"Checksum", {0x20, 0, 0xdd, 0xf8, 0, 4, 2, 2}, "its checksum is wrong"},
        BadStructure{"Version", {0x10, 0, 0, 0, 0, 4, 2, 2}, "its version is 1"},
        BadStructure{"Reserved", {0x20, 1, 0, 0, 0, 4, 2, 2}, "its reserved bits are not zero"},
        BadStructure{"NoObject", {0x20, 0, 0xdf, 0xff}, "it has no objects"},
        BadStructure{
            "ShortObject", {0x20, 0, 0, 0, 0, 3, 2, 2}, "an object has length 3 of 4 bytes"},
        BadStructure{"OddObject",
                     {0x20, 0, 0, 0, 0, 6, 2, 2, 0, 0, 0, 0},
                     "an object has length 6 of 8 bytes"},
        BadStructure{
            "LongObject", {0x20, 0, 0, 0, 0, 8, 2, 2}, "an object has length 8 of 4 bytes"},
        BadStructure{
            "Rest", {0x20, 0, 0, 0, 0, 4, 2, 2, 0, 4}, "an object has length 0 of 2 bytes"}),
    [](const auto& one) { return one.param.name; });

struct Object {
  const char* name;
  unsigned type;  ///< C-Type
  Octets data;
  const char* fault;
};

class InterfaceObjectFault : public testing::TestWithParam<Object> {};

TEST_P(InterfaceObjectFault, IsFound) {
  const auto& [name, type, data, fault] = GetParam();
  EXPECT_EQ(InterfaceTold::read({kInterfaceInformation, type, data}).fault, fault);
}

INSTANTIATE_TEST_SUITE_P(
    Suite, InterfaceObjectFault,
    testing::Values(
        Object{"Empty", 0x00, {}, ""},
        Object{"Reserved", 0x18, {0, 0, 0, 1}, "reserved bits of its C-Type are not zero"},
        Object{"NoIndex", 0x08, {0, 0}, "there is no room for its index"},
        Object{"NoAddress", 0x04, {0, 1, 0, 0}, "there is no room for its address"},
        Object{"Family", 0x04, {0, 2, 0, 0, 1, 2, 3, 4}, "its AFI is 2"},
        Object{"ReservedOfAddress",
               0x04,
               {0, 1, 0, 1, 1, 2, 3, 4},
               "reserved bytes of its address are not zero"},
        Object{"OddName", 0x02, {5, 'e', 't', 'h', '0', 0, 0, 0}, "the length of its name is 5"},
        Object{"LongName", 0x02, {8, 'e', 't', 'h'}, "there is no room for its name"},
        Object{"PaddedName",
               0x02,
               {8, 'l', 'o', 0, 0, 0, 0, 0},
               "its name is not padded with zeros to the next multiple of four"},
        Object{"BehindName",
               0x02,
               {8, 'l', 'o', 0, 'x', 'y', 'z', 'w'},
               "its name is not padded with zeros to the next multiple of four"},
        Object{"More", 0x01, {0, 0, 5, 0xdc, 0, 0, 0, 0}, "4 bytes of it mean nothing"}),
    [](const auto& one) { return one.param.name; });

// Section 4.1: index, address, name, MTU.
TEST(InterfaceObject, IsReadInItsOrder) {
  const Octets data{0, 0,   0,   7,   0,   1,   0, 0, 192, 0, 2,    1,
                    8, 'e', 't', 'h', '1', '0', 0, 0, 0,   0, 0x05, 0xdc};
  const InterfaceTold told = InterfaceTold::read({kInterfaceInformation, 0x8f, data});
  EXPECT_EQ(told.fault, "");
  EXPECT_EQ(told.role, 2U);
  EXPECT_EQ(told.index, 7U);
  EXPECT_EQ(to_string(told.address.value_or(Address{})), "192.0.2.1");
  EXPECT_EQ(told.name, "eth10");
  EXPECT_EQ(told.mtu, 1500U);
}

TEST(ExtendedError, IsSplitByItsLengthAttribute) {
  Octets message = icmp(11, 0, 32U << 16U, Octets(128, 0x45));
  append(message, extension_structure(extension_object(kInterfaceInformation, 0x08, {0, 0, 0, 1})));
  const Octets packet = Datagram({0xc0000201}, {0xc0000202}, kIcmp, message).bytes();
  const auto parsed = Parsed::of(packet);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(Extended::of(*parsed).quote.size(), 128U);
  const auto told = interfaces_told(*parsed);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told.front().index, 1U);
}

}  // namespace
}  // namespace hop::conform
