#pragma once
// One packet in one contiguous buffer, and the pool the buffers come from.

#include <cassert>
#include <cstdint>
#include <limits>
#include <utility>

#include "stack/base/bytes.hpp"

namespace hop {

class PacketPool;

/// A packet: move-only, contiguous, with headroom in front so that a header can be prepended
/// without copying. It owns its buffer and gives it back to the pool when destroyed. A
/// default-constructed or moved-from packet holds none and is empty.
///
/// It may have an offload: what its sender left to do. Then it is a TCP segment or UDP datagram
/// without its checksum, or a super-packet, which stands for several of them.
///
///     | headroom | labels() |  bytes()  | spare |
///     0                   begin       end     capacity
class Packet {
 public:
  Packet() noexcept = default;
  Packet(Packet&& other) noexcept
      : buffer_(std::exchange(other.buffer_, nullptr)), extent_(std::exchange(other.extent_, {})) {}
  Packet& operator=(Packet&& other) noexcept;
  Packet(const Packet&) = delete;
  Packet& operator=(const Packet&) = delete;
  ~Packet() { release(); }

  [[nodiscard]] Bytes bytes() const noexcept {
    return buffer_ == nullptr ? Bytes{} : Bytes{buffer_->data() + extent_.begin, size()};
  }
  [[nodiscard]] MutBytes bytes() noexcept {
    return buffer_ == nullptr ? MutBytes{} : MutBytes{buffer_->data() + extent_.begin, size()};
  }
  [[nodiscard]] std::size_t size() const noexcept { return extent_.end - extent_.begin; }
  [[nodiscard]] explicit operator bool() const noexcept { return buffer_ != nullptr; }

  /// Makes room for `n` bytes in front and returns them. Running out of headroom is a bug.
  [[nodiscard]] MutBytes prepend(std::size_t n) noexcept {
    assert(n <= extent_.begin && "the builder reserves headroom");
    assert(label_depth() == 0 && "labels are pushed last");
    extent_.begin = static_cast<std::uint16_t>(extent_.begin - n);
    return bytes().first(n);
  }
  void trim_front(std::size_t n) noexcept {
    assert(n <= size() && extent_.begin + n <= std::numeric_limits<std::uint16_t>::max());
    extent_.begin = static_cast<std::uint16_t>(extent_.begin + n);
  }
  /// Another router passed it on without a trace in its TTL. False if that were more than
  /// kMostHiddenHops: what nothing else ends has to end.
  [[nodiscard]] bool count_hidden_hop() noexcept {
    if (extent_.hidden_hops == kMostHiddenHops) return false;
    ++extent_.hidden_hops;
    return true;
  }
  static constexpr std::uint8_t kMostHiddenHops = 255;
  /// It becomes the answer of a node to what it was: another packet, which no router has passed on.
  void begin_anew() noexcept { extent_.hidden_hops = 0; }

  /// Entries of an MPLS label stack between the link and the packet; they are no part of bytes()
  /// and size(), as the header of the link is none.
  [[nodiscard]] std::size_t label_depth() const noexcept { return extent_.special % kOffload; }
  /// Them, 4 bytes each, the top of the stack first.
  [[nodiscard]] Bytes labels() const noexcept;
  [[nodiscard]] MutBytes labels() noexcept;
  /// Makes room for one more on top and returns its bytes; nothing when the headroom is used up.
  [[nodiscard]] MutBytes push_label() noexcept;
  /// Takes the top off; there is one.
  void pop_label() noexcept {
    assert(label_depth() > 0);
    --extent_.special;
  }
  static constexpr std::size_t kLabelSize = 4;

  /// What a sender leaves to whoever is the first to need it done: stack/ip/segmentation.hpp. The
  /// checksum of TCP or UDP is to be completed, where the folded sum of the pseudo header stands,
  /// not inverted.
  struct Offload {
    std::uint16_t headers = 0;       ///< bytes of those of IP and TCP or UDP
    std::uint16_t segment_size = 0;  ///< what follows them, in each packet but the last
    std::uint16_t packets = 1;       ///< it is to be cut into; more than one: a super-packet

    /// Bytes of the largest of them.
    [[nodiscard]] std::size_t largest() const noexcept { return headers + segment_size; }
    bool operator==(const Offload&) const = default;
  };
  [[nodiscard]] bool has_offload() const noexcept { return extent_.special == kOffload; }
  /// Nothing to do for one without.
  [[nodiscard]] Offload offload() const noexcept {
    return has_offload() ? buffer_->offload : Offload{};
  }
  /// How many packets of a link it stands for.
  [[nodiscard]] std::uint16_t packets() const noexcept { return offload().packets; }
  void set_offload(const Offload& what) noexcept {
    assert(label_depth() == 0 && "labels are pushed on packets that are complete");
    buffer_->offload = what;
    extent_.special = kOffload;
  }
  /// All of it is done, of what there was.
  void clear_offload() noexcept {
    assert(has_offload());
    extent_.special = 0;
  }
  /// Neither labels nor an offload: nearly all packets.
  [[nodiscard]] bool is_plain() const noexcept { return extent_.special == 0; }

  /// Sets the size, keeping the front. New bytes at the end hold whatever the buffer held.
  void resize(std::size_t n) noexcept;

 private:
  friend class PacketPool;
  // A header in front of the bytes.
  struct Buffer {
    Buffer** home;  // the free list of its pool
    Buffer* next;   // on that
    std::size_t capacity;
    Offload offload{};  // of the packet, if it has one

    [[nodiscard]] std::byte* data() noexcept {
      return reinterpret_cast<std::byte*>(this) + sizeof(Buffer);  // NOLINT: they follow it
    }
  };
  Packet(Buffer* buffer, std::uint16_t begin, std::uint32_t end) noexcept
      : buffer_(buffer), extent_{.begin = begin, .end = end} {}
  void release() noexcept {
    if (buffer_ != nullptr) give_back();
  }
  void give_back() noexcept;

  // Of eight bytes, which move as one; with bit-fields they would not.
  struct alignas(8) Extent {
    std::uint16_t begin = 0;
    std::uint8_t hidden_hops = 0;
    std::uint8_t special = 0;  // how many labels, or kOffload
    std::uint32_t end = 0;
  };

  static constexpr std::uint8_t kOffload = 0x80;

  Buffer* buffer_ = nullptr;
  Extent extent_{};
};

/// Buffers of two sizes, kept on free lists: once as many exist as are in use at the busiest
/// moment, acquiring allocates nothing. Not for use from several threads. Outlives its packets.
class PacketPool {
 public:
  /// Space in front of every packet: an IPv4 header with all options and an ICMP header fit.
  static constexpr std::size_t kHeadroom = 128;
  /// The largest IPv4 datagram (RFC 791 section 3.1: Total Length has 16 bits).
  static constexpr std::size_t kMaxPacket = 65535;
  /// The largest packet with what a device may put in front of it.
  static constexpr std::size_t kMaxFrame = kMaxPacket + 17;
  /// What a small buffer holds; the next size is that of the largest frame.
  static constexpr std::size_t kSmall = 2048;

  PacketPool() noexcept = default;
  PacketPool(const PacketPool&) = delete;
  PacketPool& operator=(const PacketPool&) = delete;
  ~PacketPool();

  /// A packet of `size` bytes (at most kMaxFrame) with kHeadroom in front. Its bytes are not
  /// cleared: the caller writes all of them. Throws std::bad_alloc when memory or the limit is out.
  [[nodiscard]] Packet acquire(std::size_t size) {
    assert(size <= kMaxFrame);
    Packet::Buffer*& list = size <= kSmall ? free_small_ : free_large_;
    if (list == nullptr) [[unlikely]]
      make_buffer(list, size <= kSmall ? kSmall : kMaxFrame);
    Packet::Buffer* const buffer = std::exchange(list, list->next);
    return Packet{buffer, kHeadroom, static_cast<std::uint32_t>(kHeadroom + size)};
  }
  /// A packet that holds a copy of `bytes`.
  [[nodiscard]] Packet copy_of(Bytes bytes) {
    Packet packet = acquire(bytes.size());
    copy_bytes(bytes, packet.bytes());
    return packet;
  }
  /// One more of the same, which has been where `packet` has been; that has no offload.
  [[nodiscard]] Packet twin_of(const Packet& packet);
  /// Buffers that exist, in use or free.
  [[nodiscard]] std::size_t buffers() const noexcept { return buffers_; }
  /// At most `buffers` may exist, free ones included; those that do stay.
  void limit(std::size_t buffers) noexcept { most_ = buffers; }

 private:
  friend class Packet;
  [[gnu::noinline]] void make_buffer(Packet::Buffer*& list, std::size_t size);
  static std::size_t free_list(Packet::Buffer* list) noexcept;

  Packet::Buffer* free_small_ = nullptr;
  Packet::Buffer* free_large_ = nullptr;
  std::size_t buffers_ = 0;
  std::size_t most_ = std::numeric_limits<std::size_t>::max();
};

}  // namespace hop
