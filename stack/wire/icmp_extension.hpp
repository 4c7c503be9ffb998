#pragma once
// The extension structure of multi-part ICMP messages (RFC 4884 sections 7 and 8).
//
//     0                   1                   2                   3
//     0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//    +-------+-----------------------+-------------------------------+
//    |Version|       reserved        |           Checksum            |
//    +-------+-----------------------+-------------------------------+
//    |            Length             |   Class-Num   |    C-Type     |
//    +-------------------------------+---------------+---------------+
//    |                       object payload, and more objects ...

#include <cstdint>
#include <iterator>
#include <optional>

#include "stack/base/bytes.hpp"

namespace hop {

inline constexpr std::size_t kExtensionHeader = 4;
inline constexpr std::size_t kObjectHeader = 4;
/// The least length of the "original datagram" field in front of a structure (RFC 4884 section 4).
inline constexpr std::size_t kExtendedQuote = 128;
/// A message with a structure is no longer than the minimum reassembly buffer (RFC 4884 section 7).
inline constexpr std::size_t kMostWithExtension = 576;

/// Class-Num of IANA's registry of extension objects.
enum class ExtensionClass : std::uint8_t {
  mpls_label_stack = 1,          // RFC 4950
  interface_information = 2,     // RFC 5837
  interface_identification = 3,  // RFC 8335
};

/// One object, where it stands.
struct ExtensionObject {
  ExtensionClass number;
  std::uint8_t c_type;
  Bytes payload;  ///< a multiple of 4 bytes
};

/// A view of a whole structure: version 2, a right checksum, and objects that fill it. What the
/// objects say is not checked; unknown ones do no harm (RFC 4884 section 7).
///
///     for (const ExtensionObject& object : *extension) ...
class ExtensionView {
 public:
  /// An all-zero checksum says that none was computed (RFC 4884 section 7).
  enum class Checksum : std::uint8_t { optional, required };

  /// All of `structure` is the structure. Nothing if there is a fault in it.
  [[nodiscard]] static std::optional<ExtensionView> parse(
      Bytes structure, Checksum checksum = Checksum::optional) noexcept;

  class Iterator {
   public:
    explicit Iterator(Bytes left) noexcept : left_(left) {}
    [[nodiscard]] ExtensionObject operator*() const noexcept;
    Iterator& operator++() noexcept;
    [[nodiscard]] bool operator==(std::default_sentinel_t) const noexcept { return left_.empty(); }

   private:
    Bytes left_;
  };

  [[nodiscard]] Bytes bytes() const noexcept { return bytes_; }
  [[nodiscard]] Iterator begin() const noexcept {
    return Iterator{bytes_.subspan(kExtensionHeader)};
  }
  [[nodiscard]] static std::default_sentinel_t end() noexcept { return {}; }

 private:
  explicit ExtensionView(Bytes checked) noexcept : bytes_(checked) {}
  Bytes bytes_;
};

/// Writes a structure into bytes that someone else owns.
class ExtensionWriter {
 public:
  explicit ExtensionWriter(MutBytes into) noexcept : into_(into) {}

  /// Starts an object and returns its payload of `size` bytes, a multiple of 4, for the caller to
  /// write; nothing, and no object, if there is no room for it.
  [[nodiscard]] std::optional<MutBytes> add(ExtensionClass number, std::uint8_t c_type,
                                            std::size_t size) noexcept;
  /// Writes header and checksum. The whole structure, or nothing if it has no object.
  [[nodiscard]] Bytes finish() noexcept;

 private:
  MutBytes into_;
  std::size_t size_ = kExtensionHeader;
};

}  // namespace hop
