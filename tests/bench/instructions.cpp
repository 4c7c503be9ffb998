// instructions WORK COUNT: does the same work COUNT times. Two runs with different counts under
// callgrind give the instructions of one packet as a difference, exactly.

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "tests/bench/fixture.hpp"

int main(int argc, char** argv) {
  using hop::bench::Work;
  if (argc != 3) {
    std::fputs("usage: instructions forward|echo|time-exceeded COUNT\n", stderr);
    return 2;
  }
  const std::string_view name = argv[1];
  const Work work = name == "forward" ? Work::forward
                    : name == "echo"  ? Work::echo
                                      : Work::time_exceeded;
  hop::bench::Router router;
  const auto bytes = hop::bench::packet_for(work, 64);
  std::size_t dropped = 0;
  for (long count = std::strtol(argv[2], nullptr, 10); count > 0; --count) {
    dropped += router.pass(bytes).action == hop::Action::dropped ? 1U : 0U;
  }
  return work == Work::time_exceeded || dropped == 0 ? 0 : 1;
}
