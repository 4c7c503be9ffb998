// Runs every test in a private network, so that no device appears on the machine itself. Without
// the right to make one the tests fail; none is skipped.

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>

#include <cerrno>
#include <cstring>
#include <iostream>

#include "tun/namespace.hpp"

namespace {

// A /run of our own, for /run/netns, on mounts that nobody else sees.
bool make_private_run() {
  return ::unshare(CLONE_NEWNS) == 0 &&
         ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         ::mount("none", "/run", "tmpfs", 0, nullptr) == 0;
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (testing::GTEST_FLAG(list_tests)) return RUN_ALL_TESTS();
  try {
    hop::enter_private_network();
  } catch (const std::exception& error) {
    std::cerr << "FAILED: the tests need a private network: " << error.what() << '\n';
    return 1;
  }
  if (!make_private_run()) {
    std::cerr << "FAILED: the tests need mounts of their own: " << std::strerror(errno) << '\n';
    return 1;
  }
  return RUN_ALL_TESTS();
}
