// Extension structures of ICMP messages (RFC 4884 sections 7 and 8). The bytes are written by hand
// from the figures.

#include "stack/wire/icmp_extension.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <memory>
#include <ostream>
#include <string_view>
#include <vector>

#include "tests/stack/base/row_name.hpp"
#include "tests/support/hex_literal.hpp"

namespace hop {
namespace {

using namespace testing::literals;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

using Memory = std::vector<std::byte>;
template <std::size_t n>
Memory memory(const std::array<std::byte, n>& bytes) {
  return {bytes.begin(), bytes.end()};
}

/// One label, and a next hop: two objects.
constexpr auto kTwoObjects =
    "20 00 8b 3a  00 08 01 01 03 e8 41 01  00 0c 02 c4 00 01 00 00 0a 00 02 02"_bytes;

struct Seen {
  unsigned number, c_type;
  std::size_t size;
  bool operator==(const Seen&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const Seen& seen) {
    return out << "class " << seen.number << " type " << seen.c_type << ", " << seen.size;
  }
};

std::vector<Seen> objects_of(const ExtensionView& view) {
  std::vector<Seen> all;
  for (const ExtensionObject& object : view) {
    all.push_back({static_cast<unsigned>(object.number), object.c_type, object.payload.size()});
  }
  return all;
}

/// Parses bytes that stand alone in their memory, so that a sanitizer sees a read behind them.
bool is_structure(Bytes bytes) {
  const auto alone = std::make_unique<std::byte[]>(bytes.size());  // NOLINT(*-avoid-c-arrays)
  std::ranges::copy(bytes, alone.get());
  const auto view = ExtensionView::parse({alone.get(), bytes.size()});
  if (view) static_cast<void>(objects_of(*view));
  return view.has_value();
}

TEST(ExtensionStructure, IsReadObjectByObject) {
  const auto view = ExtensionView::parse(kTwoObjects);
  ASSERT_TRUE(view);
  EXPECT_THAT(objects_of(*view), ElementsAre(Seen{1, 1, 4}, Seen{2, 0xc4, 8}));
  EXPECT_THAT((*view->begin()).payload, ElementsAreArray("03 e8 41 01"_bytes));
}

TEST(ExtensionStructure, MayHoldObjectsNobodyKnowsRfc4884Section7) {
  constexpr auto kUnknown = "20 00 00 00  00 04 f7 09  00 0c ff 00 01 02 03 04 05 06 07 08"_bytes;
  const auto view = ExtensionView::parse(kUnknown);
  ASSERT_TRUE(view);
  EXPECT_THAT(objects_of(*view), ElementsAre(Seen{0xf7, 9, 0}, Seen{0xff, 0, 8}));
}

struct FaultCase {
  std::string_view name;
  Memory bytes;
  bool good = false;
};
std::ostream& operator<<(std::ostream& out, const FaultCase& row) { return out << row.name; }

class ExtensionFault : public ::testing::TestWithParam<FaultCase> {};

TEST_P(ExtensionFault, IsSeen) { EXPECT_EQ(is_structure(GetParam().bytes), GetParam().good); }

INSTANTIATE_TEST_SUITE_P(
    Rfc4884Section7And8, ExtensionFault,
    ::testing::Values(
        FaultCase{"None", memory("20 00 9a 0d 00 08 01 01 03 e8 41 01"_bytes), true},
        FaultCase{"NoChecksum", memory("20 00 00 00 00 08 01 01 03 e8 41 01"_bytes), true},
        FaultCase{"ReservedBits", memory("2f ff 8a 0e 00 08 01 01 03 e8 41 01"_bytes), true},
        FaultCase{"OtherFormOfZero", memory("20 00 ff ff 00 08 01 01 dd f6 01 00"_bytes), true},
        FaultCase{"WrongChecksum", memory("20 00 9a 0c 00 08 01 01 03 e8 41 01"_bytes)},
        FaultCase{"Version0", memory("00 00 ba 0d 00 08 01 01 03 e8 41 01"_bytes)},
        FaultCase{"Version1", memory("10 00 aa 0d 00 08 01 01 03 e8 41 01"_bytes)},
        FaultCase{"Version3", memory("30 00 8a 0d 00 08 01 01 03 e8 41 01"_bytes)},
        FaultCase{"Nothing", {}}, FaultCase{"HeaderOnly", memory("20 00 df ff"_bytes)},
        FaultCase{"LengthZero", memory("20 00 00 00 00 00 01 01 03 e8 41 01"_bytes)},
        FaultCase{"LengthBelowTheHeader", memory("20 00 00 00 00 03 01 01 03 e8 41 01"_bytes)},
        FaultCase{"LengthNoWholeWords", memory("20 00 00 00 00 06 01 01 03 e8 41 01"_bytes)},
        FaultCase{"LengthBeyondTheEnd", memory("20 00 00 00 00 0c 01 01 03 e8 41 01"_bytes)},
        FaultCase{"LengthBeyondEverything", memory("20 00 00 00 ff fc 01 01 03 e8 41 01"_bytes)},
        FaultCase{"BytesBehindTheObjects", memory("20 00 00 00 00 04 01 01 03 e8 41 01"_bytes)},
        FaultCase{"ObjectWithoutPayload", memory("20 00 00 00 00 04 02 00"_bytes), true}),
    kRowName);

TEST(ExtensionStructure, CutAnywhereIsRefused) {
  for (std::size_t size = 0; size < kTwoObjects.size(); ++size) {
    EXPECT_FALSE(is_structure(Bytes{kTwoObjects}.first(size))) << size;
  }
}

TEST(ExtensionStructure, WithAnyBitWrongIsRefused) {
  for (std::size_t bit = 0; bit < kTwoObjects.size() * 8; ++bit) {
    Memory bytes = memory(kTwoObjects);
    bytes[bit / 8] ^= std::byte{0x80} >> (bit % 8);
    EXPECT_FALSE(is_structure(bytes)) << "bit " << bit;
  }
}

TEST(ExtensionStructure, NeedsAChecksumWhereItIsGuessed) {
  constexpr auto kWithout = "20 00 00 00 00 08 01 01 03 e8 41 01"_bytes;
  EXPECT_FALSE(ExtensionView::parse(kWithout, ExtensionView::Checksum::required));
  EXPECT_TRUE(ExtensionView::parse(kTwoObjects, ExtensionView::Checksum::required));
}

TEST(ExtensionWriter, WritesWhatTheFiguresShow) {
  Memory room(100, std::byte{0xa5});
  ExtensionWriter writer{room};
  std::ranges::copy("03 e8 41 01"_bytes,
                    writer.add(ExtensionClass::mpls_label_stack, 1, 4).value().begin());
  std::ranges::copy("00 01 00 00 0a 00 02 02"_bytes,
                    writer.add(ExtensionClass::interface_information, 0xc4, 8).value().begin());
  EXPECT_THAT(writer.finish(), ElementsAreArray(kTwoObjects));
}

TEST(ExtensionWriter, WritesTheOtherFormOfAChecksumOfZero) {
  // Zero would say that there is none.
  Memory room(12);
  ExtensionWriter writer{room};
  std::ranges::copy("dd f6 01 00"_bytes,
                    writer.add(ExtensionClass::mpls_label_stack, 1, 4).value().begin());
  EXPECT_THAT(writer.finish(), ElementsAreArray("20 00 ff ff 00 08 01 01 dd f6 01 00"_bytes));
}

TEST(ExtensionWriter, WritesNothingWithoutObjects) {
  Memory room(100);
  EXPECT_THAT(ExtensionWriter{room}.finish(), IsEmpty());
  EXPECT_THAT(ExtensionWriter{MutBytes{}}.finish(), IsEmpty());
}

TEST(ExtensionWriter, LeavesOutObjectsThatDoNotFit) {
  for (std::size_t size = 0; size < 16; ++size) {
    Memory room(size);
    ExtensionWriter writer{room};
    EXPECT_EQ(writer.add(ExtensionClass::interface_information, 0, 8).has_value(), size >= 16);
    EXPECT_EQ(writer.add(ExtensionClass::mpls_label_stack, 1, 4).has_value(), size >= 12);
    EXPECT_EQ(writer.finish().size(), size >= 12 ? 12U : 0U) << size;
  }
}

}  // namespace
}  // namespace hop
