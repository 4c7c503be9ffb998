// Random fragmentations, orders, duplicates, overlaps and holes against a plain model.

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <string>

#include "stack/base/random.hpp"
#include "tests/stack/oracle/reassembly_model.hpp"
#include "tests/support/packet_dsl.hpp"

namespace hop {
namespace {

using oracle::Fragment;
using oracle::Outcome;

constexpr int kCases = 4000;
constexpr Duration kTimeout = std::chrono::seconds{60};

std::uint32_t as_u32(std::size_t n) { return static_cast<std::uint32_t>(n); }

/// Makes fragments of a few datagrams: mostly a fragmentation in some order, and among them
/// duplicates, overlaps, other contents, wrong lengths and ends.
class Source {
 public:
  explicit Source(std::uint64_t seed) : random_(seed) {
    for (std::uint16_t id = 0; id < 3; ++id) start(id);
    while (!waiting_.empty()) {
      const std::size_t at = below(waiting_.size());
      fragments_.push_back(waiting_[at]);
      waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(at));
      if (below(6) == 0) fragments_.push_back(stranger());
      if (below(10) == 0) fragments_.push_back(fragments_[below(fragments_.size())]);
    }
  }

  [[nodiscard]] const std::deque<Fragment>& fragments() const { return fragments_; }
  std::size_t below(std::size_t bound) { return random_.below(as_u32(bound)); }

 private:
  std::vector<std::byte> bytes(std::size_t count) {
    std::vector<std::byte> made(count);
    for (std::byte& byte : made) byte = static_cast<std::byte>(below(256));
    return made;
  }

  // A datagram cut at random multiples of 8; now and then a piece is lost.
  void start(std::uint16_t id) {
    const auto payload = bytes(1 + below(below(100) == 0 ? 9000 : 160));
    std::size_t at = 0;
    while (at < payload.size()) {
      const std::size_t most = payload.size() > 1000 ? 1000 : 5;
      const std::size_t size = std::min(payload.size() - at, 8 * (1 + below(most)));
      const auto from = payload.begin() + static_cast<std::ptrdiff_t>(at);
      const bool more = at + size < payload.size();
      if (below(40) != 0) {
        waiting_.push_back({id, at, {from, from + static_cast<std::ptrdiff_t>(size)}, more});
      }
      at += size;
    }
  }

  // Like one that is there, but elsewhere, of another size, content or MF flag.
  Fragment stranger() {
    Fragment made = fragments_[below(fragments_.size())];
    switch (below(5)) {
      case 0:
        made.begin += 8 * below(4);
        break;
      case 1:
        made.begin -= std::min(made.begin, 8 * below(4));
        break;
      case 2:
        made.payload = bytes(below(4) == 0 ? below(40) : 8 * below(6));
        break;
      case 3:
        made.payload[below(made.payload.size())] ^= std::byte{1};
        break;
      default:
        made.more = !made.more;
    }
    if (made.payload.empty()) made.payload = bytes(8);
    return made;
  }

  Random random_;
  std::vector<Fragment> waiting_;
  std::deque<Fragment> fragments_;
};

testing::Packet packet_of(const Fragment& fragment) {
  auto header = testing::ip().id(fragment.id).offset(fragment.begin);
  if (fragment.more) header.mf();
  return header / testing::raw(fragment.payload);
}

Outcome outcome_of(ReassemblyResult result) {
  if (const auto* const why = std::get_if<DropReason>(&result))
    return {std::string{name(*why)}, {}};
  const auto* const whole = std::get_if<Whole>(&result);
  if (whole == nullptr) return {"held", {}};
  const Bytes payload = whole->packet.bytes().subspan(20);
  return {"whole", {payload.begin(), payload.end()}};
}

std::pair<int, int> expire(Reassembler& reassembler, Instant now) {
  std::pair<int, int> ended;
  while (const auto expired = reassembler.expire(now)) {
    ++ended.first;
    if (expired->first_fragment) ++ended.second;
  }
  return ended;
}

void print(const Source& source, std::size_t count, std::ostream& out) {
  for (std::size_t i = 0; i < count; ++i) {
    const Fragment& f = source.fragments()[i];
    out << "id " << f.id << " [" << f.begin << ", " << f.end() << ")" << (f.more ? " MF" : "")
        << '\n';
  }
}

class RandomFragments : public ::testing::TestWithParam<OverlapPolicy> {};

TEST_P(RandomFragments, MakeWhatTheModelSays) {
  PacketPool pool;
  int whole = 0;
  int given_up = 0;
  for (std::uint64_t seed = 1; seed <= kCases; ++seed) {
    Source source{seed};
    const std::size_t limit = seed % 4 == 0 ? 6 : 8192;
    const ReassemblyPolicy policy{
        .timeout = kTimeout, .overlap = GetParam(), .limits = {.fragments = limit}};
    Reassembler reassembler{pool, policy};
    oracle::ReassemblyModel model{policy};
    Instant now{std::chrono::hours{1}};
    std::size_t count = 0;
    for (const Fragment& fragment : source.fragments()) {
      ++count;
      now += std::chrono::seconds{source.below(seed % 3 == 0 ? 20 : 1)};
      ASSERT_EQ(expire(reassembler, now), model.expire(now)) << "seed " << seed;
      const testing::Packet packet = packet_of(fragment);
      const auto view = Ipv4View::parse(packet).value();
      // What comes whole is no fragment and never gets here.
      if (!view.is_fragment()) continue;
      const Outcome got = outcome_of(reassembler.add(view, {.now = now}));
      const Outcome expected = model.add(fragment, now);
      if (got != expected) {
        print(source, count, std::cerr);
      }
      ASSERT_EQ(got.what, expected.what) << "seed " << seed << ", fragment " << count;
      ASSERT_EQ(got.payload, expected.payload) << "seed " << seed << ", fragment " << count;
      if (got.what == "whole") ++whole;
      if (got.what != "whole" && got.what != "held") ++given_up;
    }
  }
  EXPECT_GT(whole, kCases / 4) << "the source makes too few datagrams to say something";
  EXPECT_GT(given_up, kCases / 4);
}

std::string name_of(const ::testing::TestParamInfo<OverlapPolicy>& row) {
  constexpr std::string_view kNames[] = {"drop", "first", "last"};
  return std::string{kNames[static_cast<std::size_t>(row.param)]};
}

INSTANTIATE_TEST_SUITE_P(Policies, RandomFragments,
                         ::testing::Values(OverlapPolicy::drop, OverlapPolicy::first,
                                           OverlapPolicy::last),
                         name_of);

}  // namespace
}  // namespace hop
