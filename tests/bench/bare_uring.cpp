// The bare loop by io_uring. Of its shapes this was the fastest on machines with two cores: depths
// of 16 and 32 are slower, 1.02 and 1.21 times plain reading and writing against 1.35; multishot
// reads are level with it at best (1.20), a polling thread of the kernel takes the core that the
// generator needs (0.28 to 1.22).

#include <liburing.h>

#include <array>
#include <cstddef>
#include <memory>

#include "tests/bench/bare_answer.hpp"
#include "tests/bench/bare_loops.hpp"
#include "tests/bench/failure.hpp"

namespace hop::bench {
namespace {

constexpr unsigned kDepth = 64;
constexpr unsigned kRoom = 2048;
// Marks what belongs to a write, beside the number of its buffer.
constexpr __u64 kIsWrite = 0x10000;

void check(int result, const char* what) {
  if (result < 0)
    fail(what, -result, "io_uring has to be allowed (sysctl kernel.io_uring_disabled)");
}

class UringLoop {
 public:
  explicit UringLoop(int tun) {
    io_uring_params parameters{};
    parameters.flags =
        IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_CQSIZE;
    parameters.cq_entries = kDepth * 4;
    check(::io_uring_queue_init_params(kDepth * 2, &ring_, &parameters), "set up io_uring");
    check(::io_uring_register_files(&ring_, &tun, 1), "register the device");
    std::array<iovec, kDepth> buffers{};
    for (unsigned i = 0; i < kDepth; ++i) buffers[i] = {room(i).data(), kRoom};
    check(::io_uring_register_buffers(&ring_, buffers.data(), kDepth), "register buffers");
  }
  UringLoop(const UringLoop&) = delete;
  UringLoop& operator=(const UringLoop&) = delete;
  ~UringLoop() { ::io_uring_queue_exit(&ring_); }

  [[noreturn]] void run() {
    for (unsigned i = 0; i < kDepth; ++i) read_into(i);
    for (;;) {
      ::io_uring_submit_and_wait(&ring_, 1);
      complete_all();
    }
  }

 private:
  std::span<std::byte> room(unsigned i) { return rooms_[i]; }

  void complete_all() {
    io_uring_cqe* done = nullptr;
    unsigned head = 0;
    unsigned count = 0;
    io_uring_for_each_cqe(&ring_, head, done) {
      ++count;
      // A write tells of itself only when it failed; its read comes, cancelled or not.
      if (done->user_data < kIsWrite)
        complete_read(static_cast<unsigned>(done->user_data), done->res);
    }
    ::io_uring_cq_advance(&ring_, count);
  }

  void complete_read(unsigned i, int result) {
    const std::size_t size =
        result > 0 ? bare_answer(room(i), static_cast<std::size_t>(result)) : 0;
    if (size > 0) write_from(i, static_cast<unsigned>(size));
    read_into(i);
  }

  io_uring_sqe* entry() {
    for (;;) {
      if (io_uring_sqe* const free = ::io_uring_get_sqe(&ring_); free != nullptr) return free;
      ::io_uring_submit(&ring_);
    }
  }

  void read_into(unsigned i) {
    io_uring_sqe* const read = entry();
    ::io_uring_prep_read_fixed(read, 0, room(i).data(), kRoom - kBareGrowth, 0,
                               static_cast<int>(i));
    read->flags |= IOSQE_FIXED_FILE;
    read->user_data = i;
  }

  void write_from(unsigned i, unsigned size) {
    io_uring_sqe* const write = entry();
    ::io_uring_prep_write_fixed(write, 0, room(i).data(), size, 0, static_cast<int>(i));
    write->flags |= IOSQE_FIXED_FILE | IOSQE_IO_HARDLINK | IOSQE_CQE_SKIP_SUCCESS;
    write->user_data = kIsWrite | i;
  }

  io_uring ring_{};
  std::array<std::array<std::byte, kRoom>, kDepth> rooms_{};
};

}  // namespace

void loop_by_uring(int tun) { std::make_unique<UringLoop>(tun)->run(); }

}  // namespace hop::bench
