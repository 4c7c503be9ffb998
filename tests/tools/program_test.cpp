// The program as a user meets it: words, exit statuses, signals. `hop run` is run for real; it
// needs user namespaces and /dev/net/tun, and a machine that has not got them fails these tests.

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <fstream>
#include <memory>
#include <string>

#include "tests/tools/temporary_directory.hpp"
#include "tools/capture.hpp"
#include "tools/replay/capture_reader.hpp"

namespace hop {
namespace {

using namespace std::chrono_literals;

struct Ended {
  int status;
  std::string output;  // standard output and error
};

/// Runs a shell command in which $HOP is the program.
Ended shell(const std::string& command) {
  const std::string whole = std::string{"exec 2>&1; HOP='"} + HOP_PROGRAM + "'; " + command;
  std::FILE* const pipe = popen(whole.c_str(), "r");
  std::string output;
  for (int c = 0; (c = std::getc(pipe)) != EOF;) output += static_cast<char>(c);
  return {WEXITSTATUS(pclose(pipe)), output};
}

struct UsageCase {
  std::string name;
  std::string arguments;
  int status;
  std::string output;
};

class Usage : public testing::TestWithParam<UsageCase> {};

TEST_P(Usage, IsTold) {
  const Ended ended = shell("$HOP " + GetParam().arguments);
  EXPECT_EQ(ended.status, GetParam().status);
  EXPECT_EQ(ended.output, GetParam().output);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Usage,
    testing::Values(
        UsageCase{"nothing", "", 2,
                  "hop: no command given; expected one of: up, run, exec, set, stats, events, "
                  "check, generate, graph, schema, "
                  "import, replay, ping, traceroute, conform\n"
                  "See 'hop --help'.\n"},
        UsageCase{"unknown_command", "pign", 2,
                  "hop: unknown command 'pign'; expected one of: up, run, exec, set, stats, "
                  "events, check, generate, graph, "
                  "schema, "
                  "import, replay, ping, traceroute, conform\n"
                  "See 'hop --help'.\n"},
        UsageCase{"unknown_option", "up --fast", 2,
                  "hop: The following argument was not expected: --fast\nSee 'hop up --help'.\n"},
        UsageCase{"command_without_dashes", "run lab.yaml true", 2,
                  "hop: The following argument was not expected: true; COMMAND stands behind "
                  "'--'\nSee 'hop run --help'.\n"},
        UsageCase{"ready_fd_is_a_number", "up --ready-fd x", 2,
                  "hop: --ready-fd: Value x not in range 0 to 1048576\nSee 'hop up --help'.\n"},
        UsageCase{"ready_fd_is_closed", "run --ready-fd 9 -- true", 2,
                  "hop: --ready-fd 9: bad file descriptor; open it for hop, as in 'hop up "
                  "--ready-fd 3 3>FILE'\n"},
        UsageCase{"no_such_file", "check none.yaml", 2,
                  "hop: cannot read none.yaml: no such file or directory\n"},
        UsageCase{"a_directory", "check /", 2, "hop: cannot read /: is a directory\n"},
        UsageCase{"tun_is_a_node", "run --tun r1 -- true", 2,
                  "hop: --tun r1: a node has this name\n"},
        UsageCase{"replay_from_nothing", "replay /dev/null none.pcap out.pcap", 2,
                  "/dev/null:1:1: the file is empty; expected at least 'tuns', 'nodes' and "
                  "'links'\n"}),
    [](const testing::TestParamInfo<UsageCase>& test) { return test.param.name; });

TEST(Help, IsThereForEveryCommand) {
  for (const std::string command :
       {"", "up", "run", "check", "graph", "schema", "import", "replay"}) {
    const Ended ended = shell("$HOP " + command + " --help");
    EXPECT_EQ(ended.status, 0);
    EXPECT_NE(ended.output.find("Usage: hop"), std::string::npos) << ended.output;
  }
}

TEST(Version, IsPrinted) { EXPECT_EQ(shell("$HOP --version").output, "hop 0.1.0\n"); }

class HopCheck : public InTemporaryDirectory {
 protected:
  /// The path of a file with this text.
  [[nodiscard]] std::string file(const std::string& text) const {
    std::ofstream(path("lab.yaml")) << text;
    return path("lab.yaml");
  }
};

constexpr const char* kSmall =
    "name: small\n"
    "tuns: { tun0: { address: 198.18.0.1/24 } }\n"
    "nodes: { r1: {}, web: { kind: host } }\n"
    "links:\n"
    "  - endpoints: [tun0, r1]\n"
    "  - { endpoints: [r1, web], subnet: 198.18.9.0/24, mtu: 1400, delay: 5ms, rate: 1mbit }\n";

TEST_F(HopCheck, ExplainsTheNetwork) {
  const Ended ended = shell("$HOP check " + file(kSmall));
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(ended.output,
            "small: seed 1, shortest-path routing\n"
            "tuns (1): this machine's end\n"
            "  tun0  198.18.0.1/24  mtu 1500\n"
            "        route 198.18.9.0/24\n"
            "links (2)\n"
            "  198.18.0.0/24       tun0 198.18.0.1 - r1:eth0 198.18.0.2\n"
            "  198.18.9.0/24       r1:eth1 198.18.9.1 - web:eth0 198.18.9.2  mtu 1400  delay 5ms  "
            "rate 1mbit\n"
            "nodes (2)\n"
            "  r1    router  198.18.0.2/24  198.18.9.1/24\n"
            "        answers echo, timestamp\n"
            "  web   host    198.18.9.2/24\n"
            "        answers echo, timestamp\n"
            "paths from tun0\n"
            "  r1   198.18.0.2\n"
            "  web  198.18.0.2  198.18.9.2\n");
}

TEST_F(HopCheck, SaysTheSameInJson) {
  const Ended ended = shell("$HOP check --json " + file(kSmall));
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(
      ended.output,
      R"({"name":"small","seed":1,"pool":"198.18.0.0/15","routing":"shortest","tuns":[{"name":"tun0","address":)"
      R"("198.18.0.1/24","mtu":1500,"netns":"","routes":["198.18.9.0/24"]}],"links":[{"subnet":)"
      R"("198.18.0.0/24","endpoints":[{"name":"tun0","interface":null,"address":"198.18.0.1/24",)"
      R"("secondary":[],"settings":{}},{"name":"r1","interface":"eth0","address":"198.18.0.2/24",)"
      R"("secondary":[],"settings":{}}],"mtu":1500,"limit_packets":2048,"limit_bytes":null,"rate_bits":0,"delay_ns":0,)"
      R"("settings":{}},{"subnet":"198.18.9.0/24","endpoints":[{"name":"r1","interface":"eth1",)"
      R"("address":"198.18.9.1/24","secondary":[],"settings":{}},{"name":"web","interface":"eth0",)"
      R"("address":"198.18.9.2/24","secondary":[],"settings":{}}],"mtu":1400,"limit_packets":2048,"limit_bytes":null,)"
      R"("rate_bits":1000000,"delay_ns":5000000,"settings":{"mtu":"1400","delay":"5ms","rate":)"
      R"("1mbit"}}],"nodes":[{"name":"r1","kind":"router","interfaces":[{"name":"eth0","link":0,)"
      R"("address":"198.18.0.2/24","secondary":[]},{"name":"eth1","link":1,"address":)"
      R"("198.18.9.1/24","secondary":[]}],"answers":["echo","timestamp"],"silent":[],"settings":{}},)"
      R"({"name":"web","kind":"host","interfaces":[{"name":"eth0","link":1,"address":)"
      R"("198.18.9.2/24","secondary":[]}],"answers":["echo","timestamp"],"silent":[],"settings":{}}],)"
      R"("paths":[{"tun":"tun0","to":"r1","destination":"198.18.0.2","forward":{"hops":[{"node":)"
      R"("r1","address":"198.18.0.2"}],"one_of_several":false,"fault":null},"back":{"hops":[],"one_of_several":false,"fault":null},"symmetric":)"
      R"(true},{"tun":"tun0","to":"web","destination":"198.18.9.2","forward":{"hops":[{"node":"r1",)"
      R"("address":"198.18.0.2"},{"node":"web","address":"198.18.9.2"}],"one_of_several":false,"fault":null},"back":{)"
      R"("hops":[{"node":"r1","address":"198.18.9.1"}],"one_of_several":false,"fault":null},"symmetric":true}],)"
      R"("refused":[],"tunnels":[],"timeline":[]})"
      "\n");
}

TEST_F(HopCheck, ListsEveryMistakeAndExitsWith2) {
  const std::string lab = file("tuns: 3\nlinks:\n  - 7\n");
  const Ended ended = shell("$HOP check " + lab);
  EXPECT_EQ(ended.status, 2);
  EXPECT_EQ(
      ended.output,
      lab + ":1:7: expected a map from the names of TUN devices to their settings, found '3'\n" +
          lab + ":3:5: expected a map with 'endpoints', found '7'\n");
}

TEST_F(HopCheck, ListsMistakesInJsonToo) {
  const Ended ended = shell("$HOP check --json " + file("- 1\n") + " 2>/dev/null");
  EXPECT_EQ(ended.status, 2);
  EXPECT_EQ(ended.output, R"({"errors":[{"file":")" + path("lab.yaml") +
                              R"(","line":1,"column":1,"message":"expected a map with 'tuns', )"
                              R"('nodes' and 'links', found a list"}]})"
                              "\n");
}

class HopReplay : public HopCheck {};

/// ping -s 0 from 198.18.0.1 to 198.18.9.2; checksums computed by hand.
constexpr std::uint8_t kEchoRequest[] = {0x45, 0,    0,    28,   0, 1, 0,   0,  64, 1,
                                         0xe5, 0xb8, 198,  18,   0, 1, 198, 18, 9,  2,
                                         8,    0,    0xf7, 0xfd, 0, 1, 0,   1};

TEST_F(HopReplay, WritesWhatLeavesWithItsVirtualTime) {
  constexpr Instant kSent{1'000'000s};
  {
    CaptureWriter in(path("in.pcap"));
    in.write(kSent, std::as_bytes(std::span{kEchoRequest}));
  }
  const Ended ended =
      shell("$HOP replay " + file(kSmall) + ' ' + path("in.pcap") + ' ' + path("out.pcap"));
  EXPECT_EQ(ended.status, 0);
  EXPECT_TRUE(ended.output.starts_with("1 packets in, 1 out")) << ended.output;
  CaptureReader out(path("out.pcap"));
  const auto reply = out.next();
  ASSERT_TRUE(reply);
  EXPECT_EQ(byte_at(reply->bytes, 20), 0);  // an echo reply
  // 28 bytes at 1 Mbit/s take 224 us, and 5 ms to travel, both ways.
  EXPECT_EQ(reply->at - kSent, 2 * (5ms + 224us));
  EXPECT_FALSE(out.next());
}

TEST_F(HopReplay, LeavesAnOldResultAloneWhenItFails) {
  std::ofstream(path("in.pcap")) << "not a capture, and long enough to see that";
  std::ofstream(path("out.pcap")) << "old";
  const Ended ended =
      shell("$HOP replay " + file(kSmall) + ' ' + path("in.pcap") + ' ' + path("out.pcap"));
  EXPECT_EQ(ended.status, 2);
  EXPECT_EQ(ended.output,
            "hop: cannot read the capture " + path("in.pcap") + ": unknown file format\n");
  EXPECT_EQ(std::filesystem::file_size(path("out.pcap")), 3U);
}

struct StatusCase {
  std::string name;
  std::string command;
  int status;
  std::string output;
};

class HopRun : public testing::TestWithParam<StatusCase> {};

TEST_P(HopRun, ExitsAsItsCommandDoes) {
  const Ended ended = shell("$HOP run " + GetParam().command);
  EXPECT_EQ(ended.status, GetParam().status);
  EXPECT_EQ(ended.output, GetParam().output);
}

INSTANTIATE_TEST_SUITE_P(
    Table, HopRun,
    testing::Values(
        StatusCase{"done", "-- true", 0, ""}, StatusCase{"status", "-- sh -c 'exit 7'", 7, ""},
        StatusCase{"killed", "-- sh -c 'kill -TERM $$'", 143, ""},
        StatusCase{"not_found", "-- no-such-command", 127,
                   "hop: cannot run no-such-command: no such file or directory\n"},
        StatusCase{"not_executable", "-- /etc/passwd", 126,
                   "hop: cannot run /etc/passwd: permission denied\n"},
        StatusCase{"options_of_the_command", "-- echo --help -- --", 0, "--help -- --\n"},
        StatusCase{"ready", "--ready-fd 1 -- echo then", 0, "ready\nthen\n"},
        StatusCase{"no_descriptor_is_left_open",
                   "--ready-fd 9 --capture /dev/null -- sh -c 'cd /proc/self/fd; "
                   "echo 9*' 9>/dev/null",
                   0, "9*\n"},
        StatusCase{"capture_fails", "--capture /dev/full -- true", 1,
                   "hop: cannot write the capture /dev/full: no space left on device\n"}),
    [](const testing::TestParamInfo<StatusCase>& test) { return test.param.name; });

class HopRunSignals : public InTemporaryDirectory {};

TEST_F(HopRunSignals, OfAProcessReachTheCommand) {
  const Ended ended = shell("cd " + path("") + R"(; mkfifo out
    $HOP run -- sh -c 'trap "echo got it; exit 9" HUP; echo started; while :; do sleep 0.01; done' \
      > out & pid=$!
    exec 3< out; read line <&3; echo $line
    kill -HUP $pid; cat <&3; wait $pid; echo $?)");
  EXPECT_EQ(ended.output, "started\ngot it\n9\n");
}

TEST_F(HopRunSignals, ThatKillHopKillTheCommand) {
  const Ended ended = shell("cd " + path("") + R"(; mkfifo out
    $HOP run -- sh -c 'echo started; exec sleep 1000' > out & pid=$!
    exec 3< out; read line <&3; echo $line
    kill -KILL $pid; cat <&3; wait $pid; echo $?)");  // cat ends when sleep does
  EXPECT_EQ(ended.output, "started\n137\n");
}

TEST(HopRunNetwork, AnswersFromTheFirstPacketOn) {
  const Ended ended = shell("$HOP run -- ping -c1 -W5 -q 198.18.4.80");
  EXPECT_EQ(ended.status, 0) << ended.output;
}

TEST(HopRunNetwork, TakesTheNameOfTheTunFromTheCommandLine) {
  EXPECT_EQ(shell("$HOP run --tun lab0 -- grep -q lab0: /proc/net/dev").status, 0);
}

class HopUp : public InTemporaryDirectory {};

// In a network namespace of the test's own, where it may make devices.
TEST_F(HopUp, AnswersUntilItIsTerminatedAndTakesItsDeviceAway) {
  const Ended ended = shell("export HOP; cd " + path("") + R"(; mkfifo ready
    unshare -Urn sh -c '
      $HOP up -q --capture both.pcap --ready-fd 3 3> ready & pid=$!
      cat ready                               # until it is closed
      ping -c1 -W5 -q 198.18.4.80 > ping.txt || cat ping.txt
      kill -TERM $pid; wait $pid; echo $?
      grep -c tun0 /proc/net/dev')");
  EXPECT_EQ(ended.output, "ready\n0\n0\n");
  CaptureReader capture(path("both.pcap"));
  const auto request = capture.next();
  ASSERT_TRUE(request);
  EXPECT_EQ(byte_at(request->bytes, 20), 8);  // an echo request
  const auto reply = capture.next();
  ASSERT_TRUE(reply);
  EXPECT_EQ(byte_at(reply->bytes, 20), 0);  // and its reply
  EXPECT_FALSE(capture.next());
}

TEST_F(HopUp, EndsWhenItsDeviceIsDeleted) {
  const Ended ended = shell("export HOP; cd " + path("") + R"(; mkfifo ready
    unshare -Urn sh -c '
      $HOP up -q --ready-fd 3 3> ready & pid=$!
      cat ready; ip link delete tun0; wait $pid; echo $?')");
  EXPECT_TRUE(ended.output.starts_with("ready\nhop: tun0 is gone")) << ended.output;
  EXPECT_TRUE(ended.output.ends_with("\n1\n")) << ended.output;
}

}  // namespace
}  // namespace hop
