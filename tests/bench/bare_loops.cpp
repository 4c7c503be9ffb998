#include "tests/bench/bare_loops.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <vector>

#include "tests/bench/bare_answer.hpp"
#include "tests/bench/failure.hpp"
#include "tun/unique_fd.hpp"

namespace hop::bench {
namespace {

constexpr std::size_t kBatch = 64;
constexpr std::size_t kRoom = 2048;
using Room = std::array<std::byte, kRoom>;

std::size_t read_packet(int tun, Room& room) {
  const ssize_t size = ::read(tun, room.data(), room.size() - kBareGrowth);
  return size < 0 ? 0 : static_cast<std::size_t>(size);
}

// The device drops what it cannot take, and so do we.
void write_packet(int tun, const Room& room, std::size_t size) {
  if (size > 0 && ::write(tun, room.data(), size) < 0) return;
}

UniqueFd epoll_for(int tun) {
  UniqueFd epoll{::epoll_create1(EPOLL_CLOEXEC)};
  epoll_event event{.events = EPOLLIN, .data = {}};
  if (!epoll || ::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, tun, &event) < 0) {
    fail("wait for packets by epoll", errno, "this should not happen");
  }
  return epoll;
}

}  // namespace

void loop_by_read_and_write(int tun) {
  Room room{};
  for (;;) write_packet(tun, room, bare_answer(room, read_packet(tun, room)));
}

void loop_by_spinning(int tun) { loop_by_read_and_write(tun); }

void loop_by_epoll(int tun) {
  const UniqueFd epoll = epoll_for(tun);
  std::vector<Room> rooms(kBatch);
  std::array<std::size_t, kBatch> sizes{};
  for (;;) {
    std::size_t count = 0;
    while (count < kBatch && (sizes[count] = read_packet(tun, rooms[count])) > 0) ++count;
    for (std::size_t i = 0; i < count; ++i) {
      write_packet(tun, rooms[i], bare_answer(rooms[i], sizes[i]));
    }
    epoll_event event{};
    if (count == 0) ::epoll_wait(epoll.get(), &event, 1, -1);
  }
}

}  // namespace hop::bench
