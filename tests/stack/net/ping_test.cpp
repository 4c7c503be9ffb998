// Ping on a node of a network, in virtual time.

#include "stack/app/ping.hpp"

#include <gmock/gmock.h>

#include "stack/app/probe_options.hpp"
#include "tests/stack/net/lab.hpp"

namespace hop {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// Remembers what it is told.
class Log : public PingWatcher {
 public:
  void replied(const PingReply& reply) override {
    replies.push_back(reply.sequence);
    trips.push_back(reply.round_trip);
    duplicates += reply.duplicate ? 1 : 0;
    ttl = reply.ip.ttl();
    wrong_byte = reply.wrong_byte;
    shortened = reply.shortened;
  }
  void reported(std::uint16_t sequence, const ErrorDelivery& delivery) override {
    errors.push_back(sequence);
    message = delivery.error.message;
    reporter = delivery.error.reporter;
  }
  void failed(std::uint16_t /*sequence*/, SendFault why, std::uint16_t path_mtu) override {
    faults.push_back(why);
    mtu = path_mtu;
  }
  void waits(std::uint16_t sequence) override { missing.push_back(sequence); }

  std::vector<std::uint16_t> replies, errors, missing;
  std::vector<Duration> trips;
  std::vector<SendFault> faults;
  int duplicates = 0;
  std::uint8_t ttl = 0;
  std::uint16_t mtu = 0;
  IcmpMessage message{};
  Ipv4Address reporter;
  std::optional<std::size_t> wrong_byte;
  bool shortened = false;
};

/// tun0 - r1 - r2 - web with 5 ms to web, and a ping on r1.
struct Pinging {
  explicit Pinging(PingOptions options, Lab lab = slow_line())
      : running(lab), ping(std::move(options), log) {
    running.network.node(0).bind(ping.key(), ping);
    running.network.start(0, ping, kNow);
  }
  static Lab slow_line() {
    Lab lab = line();
    lab.last_link().delay = milliseconds{5};
    return lab;
  }
  Pinging& finish() {
    running.finish();
    EXPECT_TRUE(ping.done());
    return *this;
  }
  [[nodiscard]] const PingTotals& totals() const { return ping.totals(); }

  Log log;
  Running running;
  Ping ping;
};

const Ipv4Address kWeb = address("10.0.2.2");

TEST(Ping, CountsReplies) {
  Pinging run{{.destination = kWeb, .count = 3}};
  run.finish();
  EXPECT_THAT(run.log.replies, ElementsAre(1, 2, 3));
  EXPECT_THAT(run.log.trips, ElementsAre(milliseconds{10}, milliseconds{10}, milliseconds{10}));
  EXPECT_EQ(run.log.ttl, 63);
  EXPECT_EQ(run.totals().sent, 3U);
  EXPECT_EQ(run.totals().received, 3U);
  EXPECT_EQ(run.totals().last - *run.totals().begun, seconds{2} + milliseconds{10});
  EXPECT_THAT(run.log.missing, IsEmpty());
}

TEST(Ping, IsToldWhoseTtlRanOut) {
  Pinging run{{.destination = kWeb, .count = 2, .ttl = 1}};
  run.finish();
  EXPECT_THAT(run.log.errors, ElementsAre(1, 2));
  EXPECT_EQ(run.log.message.type, IcmpType::time_exceeded);
  EXPECT_EQ(to_string(run.log.reporter), "10.0.1.2");
  EXPECT_EQ(run.totals().errors, 2U);
  EXPECT_EQ(run.totals().received, 0U);
}

TEST(Ping, WaitsForTheLastReplyTenSecondsWhenNoneCame) {
  Lab lab = line();
  lab.blackhole("r2", "10.0.2.2/32");
  Pinging run{{.destination = kWeb, .count = 2}, lab};
  run.running.run_until(kNow + seconds{11} - Duration{1});
  EXPECT_FALSE(run.ping.done());
  run.running.run_until(kNow + seconds{11});
  EXPECT_TRUE(run.ping.done());
  EXPECT_THAT(run.log.missing, ElementsAre(1));
}

TEST(Ping, EndsAtItsDeadline) {
  Pinging run{{.destination = kWeb, .interval = milliseconds{100}, .deadline = seconds{1}}};
  run.finish();
  EXPECT_EQ(run.totals().sent, 10U);
  EXPECT_EQ(run.totals().received, 10U);
}

TEST(Ping, WithADeadlineEndsAtTheFirstError) {
  Pinging run{{.destination = kWeb, .deadline = seconds{100}, .ttl = 1}};
  run.finish();
  EXPECT_EQ(run.totals().sent, 1U);
}

TEST(Ping, SendsAtOnceWhenAReplyCame) {
  Pinging run{{.destination = kWeb, .count = 3, .at_once = true}};
  run.finish();
  EXPECT_EQ(run.totals().last - *run.totals().begun, 3 * milliseconds{10});
}

TEST(Ping, LetsAMillisecondPassBetweenRequests) {
  // On links without delay a flood would go on for ever at one instant.
  struct {
    const char* what;
    Duration interval;
    bool at_once;
  } const rows[] = {{"flood", milliseconds{10}, true}, {"interval 0", Duration{}, false}};
  for (const auto& row : rows) {
    Pinging run{{.destination = kWeb,
                 .interval = row.interval,
                 .at_once = row.at_once,
                 .deadline = milliseconds{20}},
                line()};
    run.finish();
    EXPECT_EQ(run.totals().sent, 20U) << row.what;
  }
}

TEST(Ping, CountsWhatIsUnderWayAtATime) {
  struct {
    const char* what;
    PingOptions options;
    std::uint64_t pipe;
  } const rows[] = {
      {"one by one", {.destination = kWeb, .count = 3}, 1},
      {"a preload", {.destination = kWeb, .count = 3, .preload = 3}, 3},
      {"errors", {.destination = kWeb, .count = 3, .preload = 2, .ttl = 1}, 2},
      {"faster than replies", {.destination = kWeb, .count = 9, .interval = milliseconds{4}}, 3}};
  for (const auto& row : rows) {
    Pinging run{row.options};
    run.finish();
    EXPECT_EQ(run.totals().pipe, row.pipe) << row.what;
  }
}

TEST(Ping, SendsItsPreloadAtOnce) {
  Pinging run{{.destination = kWeb, .count = 3, .preload = 3}};
  run.finish();
  EXPECT_EQ(run.totals().last - *run.totals().begun, milliseconds{10});
}

TEST(Ping, FindsThePathMtuByItsErrors) {
  Lab lab = line();
  lab.last_link().mtu = 1400;
  Pinging run{{.destination = kWeb, .count = 2, .size = 1472, .path_mtu = PathMtuPolicy::need},
              lab};
  run.finish();
  EXPECT_THAT(run.log.errors, ElementsAre(1));
  EXPECT_EQ(run.log.message.rest, 1400U);
  EXPECT_THAT(run.log.faults, ElementsAre(SendFault::too_big));
  EXPECT_EQ(run.log.mtu, 1400);
  EXPECT_EQ(run.totals().errors, 2U);
}

TEST(Ping, FragmentsToThePathMtuThatItFound) {
  Lab lab = line();
  lab.last_link().mtu = 1400;
  Pinging run{{.destination = kWeb, .count = 3, .size = 1472}, lab};
  run.finish();
  EXPECT_THAT(run.log.errors, ElementsAre(1));
  EXPECT_THAT(run.log.replies, ElementsAre(2, 3));
}

TEST(Ping, ProbesThePathWhateverIsKnownOfIt) {
  Lab lab = line();
  lab.last_link().mtu = 1400;
  Pinging run{{.destination = kWeb, .count = 2, .size = 1472, .path_mtu = PathMtuPolicy::probe},
              lab};
  run.finish();
  EXPECT_THAT(run.log.errors, ElementsAre(1, 2));
}

TEST(Ping, SetsDfOnlyWhereItIsAsked) {
  Lab lab = line();
  lab.last_link().mtu = 1400;
  Pinging run{{.destination = kWeb, .count = 1, .size = 1472, .path_mtu = PathMtuPolicy::dont},
              lab};
  run.finish();
  EXPECT_THAT(run.log.replies, ElementsAre(1));
}

TEST(Ping, TakesTheSameReplyTwiceForADuplicate) {
  Pinging run{{.destination = address("198.18.0.1"), .count = 2}};  // out by the TUN
  ASSERT_THAT(run.running.network.departures(), SizeIs(1));
  const Wire reply = testing::ip().src("198.18.0.1").dst("198.18.0.2") /
                     testing::icmp_echo_reply({.id = 1, .seq = 1}, counting(56));
  run.running.send_at(kNow + milliseconds{1}, reply);
  run.running.send_at(kNow + milliseconds{2}, reply);
  EXPECT_EQ(run.log.duplicates, 1);
  EXPECT_EQ(run.totals().received, 1U);
  EXPECT_EQ(run.totals().duplicates, 1U);
}

TEST(Ping, SeesDataThatIsNotAsItWasSent) {
  Pinging run{{.destination = address("198.18.0.1"), .count = 1}};
  std::vector<std::byte> data = counting(55);
  data[7] ^= std::byte{1};
  run.running.send(testing::ip().src("198.18.0.1").dst("198.18.0.2") /
                   testing::icmp_echo_reply({.id = 1, .seq = 1}, data));
  EXPECT_EQ(run.log.wrong_byte, 7U);
  EXPECT_TRUE(run.log.shortened);
  EXPECT_EQ(run.totals().corrupted, 1U);
}

TEST(Ping, BelievesErrorsAboutItsOwnRequestsOnly) {
  // RFC 5927 section 4: the quote must be of what was sent.
  struct {
    const char* what;
    Wire quote;
  } const rows[] = {
      {"another destination",
       testing::ip().src("198.18.0.2").dst("10.0.2.3") / testing::icmp_echo({.id = 1, .seq = 1})},
      {"a sequence that was not sent",
       testing::ip().src("198.18.0.2").dst("10.0.2.2") / testing::icmp_echo({.id = 1, .seq = 9})},
      {"a reply", testing::ip().src("198.18.0.2").dst("10.0.2.2") /
                      testing::icmp_echo_reply({.id = 1, .seq = 1})},
  };
  for (const auto& row : rows) {
    Lab lab = line();
    lab.blackhole("r2", "10.0.2.2/32");
    Pinging run{{.destination = kWeb, .count = 1}, lab};
    run.running.send(testing::ip().src("198.18.0.1").dst("198.18.0.2") /
                     testing::icmp(3, 1, 0, row.quote));
    EXPECT_THAT(run.log.errors, IsEmpty()) << row.what;
    EXPECT_EQ(run.running.counters("r1").get(DropReason::icmp_not_ours), 1U) << row.what;
  }
}

TEST(Ping, ReadsQuotesWithAsManyOptionsAsThereCanBe) {
  // CVE-2022-23093: FreeBSD's ping copied the headers of the error and of its quote into buffers
  // for headers without options.
  Lab lab = line();
  lab.blackhole("r2", "10.0.2.2/32");
  Pinging run{{.destination = kWeb, .count = 1, .options = record_route_option()}, lab};
  const auto options = record_route_option();
  const Wire quote = testing::ip().src("198.18.0.2").dst("10.0.2.2").options(options) /
                     testing::icmp_echo({.id = 1, .seq = 1});
  run.running.send(testing::ip().src("198.18.0.1").dst("198.18.0.2").options(options) /
                   testing::icmp(3, 1, 0, quote));
  EXPECT_THAT(run.log.errors, ElementsAre(1));
}

TEST(Ping, GoesOnBehind65535) {
  Pinging run{{.destination = kWeb, .count = 65540, .interval = milliseconds{1}}};
  run.finish();
  EXPECT_EQ(run.totals().received, 65540U);
  EXPECT_EQ(run.log.duplicates, 0);
  EXPECT_EQ(run.log.replies.back(), 4);
}

}  // namespace
}  // namespace hop
