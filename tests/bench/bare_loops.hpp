#pragma once
// Loops that read packets of a TUN device, answer them (bare_answer()) and write the answers: what
// the device allows, for hop to be held against. They end with the process. Each takes the file of
// the device and throws Failure when something is refused.

namespace hop::bench {

/// Blocking read, blocking write. The file is blocking.
[[noreturn]] void loop_by_read_and_write(int tun);

/// Waits by epoll, reads until there is nothing, at most 64 packets, and writes the answers.
[[noreturn]] void loop_by_epoll(int tun);

/// Reads again and again and never waits.
[[noreturn]] void loop_by_spinning(int tun);

/// io_uring, 64 reads at a time into fixed buffers; each answer's write is linked with the next
/// read into its buffer. The file is blocking.
[[noreturn]] void loop_by_uring(int tun);

}  // namespace hop::bench
