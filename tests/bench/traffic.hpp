#pragma once
// What the generator sends, and what it takes for an answer.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "stack/wire/ipv4_address.hpp"

namespace hop::bench {

struct TrafficOptions {
  enum class Kind : std::uint8_t {
    echo,           ///< ICMP echo requests, to be answered
    forward,        ///< UDP, to come back with a TTL less
    time_exceeded,  ///< the same with TTL 1
  };
  Kind kind = Kind::echo;
  std::size_t size = 64;  ///< of each packet, from 28 on
  Ipv4Address source{10, 0, 0, 1};
  Ipv4Address destination{10, 0, 0, 2};
  std::uint32_t destinations = 1;  ///< so many, each 256 addresses behind the one before
  std::uint8_t ttl = 64;           ///< of those that are to arrive
};

/// Packets with numbers, made beforehand. Everything is built and checked here by the RFCs, without
/// code of hop: the generator judges hop.
class Traffic {
 public:
  /// Packets are told apart by a number below this.
  static constexpr unsigned kNumbers = 1024;

  explicit Traffic(const TrafficOptions& options);

  /// The packet of that number.
  [[nodiscard]] std::span<const std::byte> packet(unsigned number) const noexcept {
    return std::span{bytes_}.subspan(number * size_, size_);
  }
  /// Of the packet that `answer` seems to be about; nothing for other packets, which may come from
  /// anybody.
  [[nodiscard]] std::optional<unsigned> number_of(std::span<const std::byte> answer) const noexcept;
  /// Is it the right answer to that packet, in every byte that the sender could not choose?
  [[nodiscard]] bool is_right(std::span<const std::byte> answer, unsigned number) const noexcept;

 private:
  void build(std::byte* packet, unsigned number) const;
  [[nodiscard]] bool is_reply(std::span<const std::byte> answer,
                              std::span<const std::byte> sent) const noexcept;
  [[nodiscard]] bool is_forwarded(std::span<const std::byte> answer,
                                  std::span<const std::byte> sent) const noexcept;
  [[nodiscard]] bool is_error(std::span<const std::byte> answer,
                              std::span<const std::byte> sent) const noexcept;

  TrafficOptions options_;
  std::size_t size_;
  std::vector<std::byte> bytes_;
};

}  // namespace hop::bench
