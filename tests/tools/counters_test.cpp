// Counters as lines for people.

#include "tools/counters.hpp"

#include <gtest/gtest.h>

#include <array>

namespace hop {
namespace {

/// What print_counters() writes.
std::string line_of(const NamedCounters& counters) {
  std::FILE* const file = std::tmpfile();
  print_counters(file, "r1", counters);
  std::rewind(file);
  std::array<char, 200> text{};
  const std::size_t size = std::fread(text.data(), 1, text.size(), file);
  std::fclose(file);
  return {text.data(), size};
}

TEST(CounterLine, HasWhatIsNotZero) {
  EXPECT_EQ(line_of({{"received", 2}, {"drop.queue-full", 0}, {"IpInReceives", 2}}),
            "r1: received=2 IpInReceives=2\n");
  EXPECT_EQ(line_of({{"received", 0}}), "");
}

TEST(CounterLine, NamesTheTypesOfIanasTable) {
  // The deprecated ones, 31 to 39, and 40, too; 44 to 252 are nobody's.
  EXPECT_EQ(line_of({{"IcmpMsgInType31", 1},
                     {"IcmpMsgInType40", 2},
                     {"IcmpMsgOutType3", 3},
                     {"IcmpMsgInType200", 4},
                     {"IcmpInMsgs", 7}}),
            "r1: IcmpMsgInType31(conversion-error)=1 IcmpMsgInType40(photuris)=2 "
            "IcmpMsgOutType3(dest-unreachable)=3 IcmpMsgInType200=4 IcmpInMsgs=7\n");
}

}  // namespace
}  // namespace hop
