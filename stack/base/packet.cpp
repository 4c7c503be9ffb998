#include "stack/base/packet.hpp"

#include <cstring>
#include <new>

namespace hop {

Packet& Packet::operator=(Packet&& other) noexcept {
  if (this != &other) {
    release();
    buffer_ = std::exchange(other.buffer_, nullptr);
    extent_ = std::exchange(other.extent_, {});
  }
  return *this;
}

Bytes Packet::labels() const noexcept {
  const std::size_t size = label_depth() * kLabelSize;
  return size == 0 ? Bytes{} : Bytes{buffer_->data() + extent_.begin - size, size};
}

MutBytes Packet::labels() noexcept {
  const std::size_t size = label_depth() * kLabelSize;
  return size == 0 ? MutBytes{} : MutBytes{buffer_->data() + extent_.begin - size, size};
}

MutBytes Packet::push_label() noexcept {
  if (extent_.begin < (label_depth() + 1) * kLabelSize) return {};
  ++extent_.special;
  return labels().first(kLabelSize);
}

void Packet::resize(std::size_t n) noexcept {
  assert(buffer_ != nullptr && extent_.begin + n <= buffer_->capacity);
  extent_.end = extent_.begin + static_cast<std::uint32_t>(n);
}

void Packet::give_back() noexcept {
  Buffer*& home = *buffer_->home;
  buffer_->next = home;
  home = buffer_;
  buffer_ = nullptr;
  extent_ = {};
}

PacketPool::~PacketPool() {
  [[maybe_unused]] const std::size_t freed = free_list(free_small_) + free_list(free_large_);
  assert(freed == buffers_ && "a packet outlives its pool");
}

// Puts one on a list that is empty.
void PacketPool::make_buffer(Packet::Buffer*& list, std::size_t size) {
  if (buffers_ >= most_) throw std::bad_alloc{};
  const std::size_t capacity = size + kHeadroom;
  void* memory = ::operator new(sizeof(Packet::Buffer) + capacity);
  list = new (memory) Packet::Buffer{.home = &list, .next = nullptr, .capacity = capacity};
  ++buffers_;
}

Packet PacketPool::twin_of(const Packet& packet) {
  Packet copy = copy_of(packet.bytes());
  copy.extent_.hidden_hops = packet.extent_.hidden_hops;
  copy.extent_.special = static_cast<std::uint8_t>(packet.label_depth());
  copy_bytes(packet.labels(), copy.labels());
  return copy;
}

// Frees the buffers of a list and says how many they were.
std::size_t PacketPool::free_list(Packet::Buffer* list) noexcept {
  std::size_t count = 0;
  while (list != nullptr) {
    Packet::Buffer* const next = list->next;
    ::operator delete(list);
    list = next;
    ++count;
  }
  return count;
}

}  // namespace hop
