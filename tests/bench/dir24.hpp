#pragma once
// Longest prefix match by two tables, DIR-24-8 (Gupta, Lin, McKeown, "Routing Lookups in Hardware
// at Memory Access Speeds", INFOCOM 1998): one access for most addresses, two for the others.

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <new>

#include "stack/wire/ipv4_address.hpp"

namespace hop::bench {

/// Zeros, on huge pages where the kernel has them: a table of 32 MiB on small ones would be a test
/// of the TLB.
template <typename T>
class HugeArray {
 public:
  explicit HugeArray(std::size_t count) : bytes_(count * sizeof(T)) {
    void* const at =
        ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) throw std::bad_alloc{};
    ::madvise(at, bytes_, MADV_HUGEPAGE);
    elements_ = static_cast<T*>(at);
  }
  HugeArray(const HugeArray&) = delete;
  HugeArray& operator=(const HugeArray&) = delete;
  ~HugeArray() { ::munmap(elements_, bytes_); }

  [[nodiscard]] T& operator[](std::size_t index) noexcept { return elements_[index]; }
  [[nodiscard]] const T& operator[](std::size_t index) const noexcept { return elements_[index]; }

 private:
  std::size_t bytes_;
  T* elements_ = nullptr;
};

/// The table that a lookup of hop is held against: nothing but numbers of next hops.
class Dir24 {
 public:
  using NextHop = std::uint16_t;
  static constexpr NextHop kNoRoute = 0;
  static constexpr NextHop kMostNextHops = 0x7fff;

  /// Adds a route, in any order: the longer prefix wins, of equal ones the last. Throws
  /// std::length_error when more than 32768 blocks of 256 addresses have prefixes beyond /24.
  void add(const Prefix& to, NextHop hop);

  [[nodiscard]] NextHop look_up(std::uint32_t address) const noexcept {
    const NextHop entry = by_24_[address >> 8U];
    if ((entry & kIsGroup) == 0) [[likely]]
      return entry;
    return by_32_[place(entry, address)];
  }

 private:
  static constexpr NextHop kIsGroup = 0x8000;
  static constexpr std::size_t kGroups = 0x8000;
  static constexpr std::size_t kGroupSize = 256;

  static std::size_t place(NextHop entry, std::uint32_t address) noexcept {
    return static_cast<std::size_t>(entry & ~kIsGroup) * kGroupSize + (address & 0xffU);
  }
  void add_long(const Prefix& to, NextHop hop);
  void offer_24(std::size_t at, std::uint8_t length, NextHop hop);
  void offer_32(std::size_t at, std::uint8_t length, NextHop hop);
  NextHop group_at(std::size_t block);

  HugeArray<NextHop> by_24_{std::size_t{1} << 24U};
  HugeArray<NextHop> by_32_{kGroups * kGroupSize};
  // Of the prefix that each entry is from, for add() alone.
  HugeArray<std::uint8_t> lengths_24_{std::size_t{1} << 24U};
  HugeArray<std::uint8_t> lengths_32_{kGroups * kGroupSize};
  std::size_t groups_ = 0;
};

}  // namespace hop::bench
