#include "tun/uring_io.hpp"

#include <fmt/format.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <string>

#include "tun/error.hpp"

namespace hop {
namespace {

// So few packets are read and written one by one: a round through the ring costs as much as two
// calls.
constexpr std::size_t kFew = 3;

[[noreturn]] void refuse(const std::string& why) {
  throw TunError(fmt::format("io_uring is not available: {}; use --io epoll", why));
}

int error_of(int result) {
  if (result >= 0) return 0;
  return result == -ENOBUFS || result == -EINTR ? EAGAIN : -result;
}

// How many of the packets are as much as a batch is to have.
std::size_t enough_of(std::span<const Packet> packets) {
  std::size_t bytes = 0;
  std::size_t count = 0;
  while (count < packets.size() && bytes < kBatchBytes) bytes += packets[count++].size();
  return count;
}

// The descriptor is the number of a registered one; `number` comes back with the result. That the
// descriptor is non-blocking does not keep io_uring from waiting for it, RWF_NOWAIT does.
void complete(io_uring_sqe* entry, std::size_t number) {
  ::io_uring_sqe_set_flags(entry, IOSQE_FIXED_FILE);
  ::io_uring_sqe_set_data64(entry, number);
  entry->rw_flags = RWF_NOWAIT;
}

}  // namespace

UringIo::UringIo(const std::vector<int>& fds) : plain_(fds), usual_(fds.size()) {
  const int made = ::io_uring_queue_init(kBatch, &ring_, 0);
  if (made < 0) refuse(reason_of(-made));
  const int registered =
      ::io_uring_register_files(&ring_, fds.data(), static_cast<unsigned>(fds.size()));
  if (registered >= 0 && (ring_.features & IORING_FEAT_NATIVE_WORKERS) != 0) return;
  ::io_uring_queue_exit(&ring_);
  // Since Linux 5.11 TUN devices heed RWF_NOWAIT.
  refuse(registered < 0 ? reason_of(-registered) : "Linux is older than 5.12");
}

// The kernel takes a ring down some time after it was closed; the devices are let go of at once.
UringIo::~UringIo() {
  ::io_uring_unregister_files(&ring_);
  ::io_uring_queue_exit(&ring_);
}

PacketIo::Reading UringIo::read(std::size_t from, PacketPool& pool, std::span<Packet> into) {
  Reading all;
  if (usual_[from] < kFew) all = plain_.read(from, pool, into.first(std::min(kFew, into.size())));
  while (all.error == 0 && all.count < into.size() &&
         enough_of(into.first(all.count)) == all.count) {
    const Reading more = read_many(from, pool, into.subspan(all.count));
    all = {all.count + more.count, more.error};
  }
  usual_[from] = enough_of(into.first(all.count));
  return all;
}

// A read in vain costs less than another round through the ring: a little more is asked for than
// the device usually has.
PacketIo::Reading UringIo::read_many(std::size_t from, PacketPool& pool, std::span<Packet> into) {
  const std::size_t count = std::min(into.size(), std::max(usual_[from], kFew) + 2);
  submit_reads(from, pool, count);
  Reading reading;
  for (std::size_t i = 0; i < count; ++i) {
    const int size = results_[i];
    if (size > 0) {
      into[reading.count++] = landings_[i].take(pool, static_cast<std::size_t>(size));
    } else if (reading.error == 0 || reading.error == EAGAIN) {
      reading.error = size == 0 ? ENODEV : error_of(size);
    }
  }
  return reading;
}

// What is behind a packet that the kernel did not take was tried all the same. (Linking the writes,
// so that they end there, costs 18 % of the throughput; no TUN has refused one yet.) If it was
// taken, the packet in front is too late.
void UringIo::write(std::size_t to, std::span<const Packet> packets, std::span<int> errors) {
  if (packets.size() <= kFew) return plain_.write(to, packets, errors);
  submit_writes(to, packets);
  bool is_late = false;
  for (std::size_t i = packets.size(); i-- > 0;) {
    errors[i] = error_of(results_[i]);
    if (errors[i] == 0) is_late = true;
    if (errors[i] == EAGAIN && is_late) errors[i] = ECANCELED;
  }
}

void UringIo::submit_reads(std::size_t from, PacketPool& pool, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const MutBytes room = landings_[i].room(pool);
    io_uring_sqe* const entry = ::io_uring_get_sqe(&ring_);
    ::io_uring_prep_read(entry, static_cast<int>(from), room.data(),
                         static_cast<unsigned>(room.size()), 0);
    complete(entry, i);
  }
  finish(count);
}

void UringIo::submit_writes(std::size_t to, std::span<const Packet> packets) {
  for (std::size_t i = 0; i < packets.size(); ++i) {
    const Bytes bytes = packets[i].bytes();
    io_uring_sqe* const entry = ::io_uring_get_sqe(&ring_);
    ::io_uring_prep_write(entry, static_cast<int>(to), bytes.data(),
                          static_cast<unsigned>(bytes.size()), 0);
    complete(entry, i);
  }
  finish(packets.size());
}

// RWF_NOWAIT: everything is done when the first call returns.
void UringIo::finish(std::size_t count) {
  while (count > 0) {
    const int result = ::io_uring_submit_and_wait(&ring_, static_cast<unsigned>(count));
    if (result < 0 && result != -EINTR && result != -EAGAIN && result != -EBUSY) {
      throw TunError(fmt::format("io_uring failed: {}; use --io epoll", reason_of(-result)));
    }
    count -= reap();
  }
}

std::size_t UringIo::reap() {
  unsigned head = 0;
  unsigned count = 0;
  io_uring_cqe* done = nullptr;
  io_uring_for_each_cqe(&ring_, head, done) {
    results_[done->user_data] = done->res;
    ++count;
  }
  ::io_uring_cq_advance(&ring_, count);
  return count;
}

}  // namespace hop
