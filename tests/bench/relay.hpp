#pragma once
// The least that a router between two TUN devices can do: TTL, header checksum, and the other
// device.

namespace hop::bench {

/// Copies between two files of open_tun_file(), non-blocking and both with or both without
/// super-packets, until the process ends.
[[noreturn]] void relay(int one, int other, bool super_packets);

}  // namespace hop::bench
