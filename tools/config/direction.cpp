// What happens to the packets of one direction of a link.

#include "tools/config/direction.hpp"

#include <fmt/format.h>

#include "tools/config/drop.hpp"
#include "tools/config/units.hpp"

namespace hop {

namespace {

/// "100" packets or "64kB".
std::optional<QueueLength> parse_queue_length(std::string_view text) {
  if (const auto packets = parse_number<std::uint32_t>(text))
    return QueueLength{.packets = *packets};
  if (const auto bytes = parse_byte_count(text)) return QueueLength{.bytes = *bytes};
  return std::nullopt;
}

std::optional<QueueLength> parse_limit(std::string_view text) {
  const auto limit = parse_queue_length(text);
  const bool is_room = limit && limit->packets > 0 && limit->bytes > 0;
  return is_room ? limit : std::nullopt;
}

void read_mtu(Findings& findings, const YamlNode& node, DirectionSpec& direction) {
  // RFC 791 section 3.2: every module forwards datagrams of 68 bytes without fragmenting them.
  read_scalar(findings, node, "an MTU from 68 to 65535", &parse_within<std::uint16_t, 68, 65535>,
              direction.mtu);
}

void read_limit(Findings& findings, const YamlNode& node, DirectionSpec& direction) {
  read_scalar(findings, node, "a number of packets from 1, or of bytes such as 64kB", &parse_limit,
              direction.limit);
}

void read_ecn(Findings& findings, const YamlNode& node, DirectionSpec& direction) {
  read_scalar(findings, node, "a number of packets, or of bytes such as 30kB", &parse_queue_length,
              direction.ecn);
}

void read_cost(Findings& findings, const YamlNode& node, DirectionSpec& direction) {
  read_scalar(findings, node, "a cost from 1 to 65535", &parse_within<std::uint32_t, 1, 65535>,
              direction.cost);
}

std::optional<std::uint64_t> parse_rate(std::string_view text) {
  return text == "unlimited" ? std::optional<std::uint64_t>{0} : parse_bit_rate(text);
}

void read_rate(Findings& findings, const YamlNode& node, DirectionSpec& direction) {
  read_scalar(findings, node, kBitRateWords, &parse_rate, direction.rate);
}

void read_delay(Findings& findings, const YamlNode& node, DirectionSpec& direction) {
  read_scalar(findings, node, kDurationWords, &parse_duration, direction.delay);
}

void read_jitter(Findings& findings, const YamlNode& node, DirectionSpec& direction) {
  read_scalar(findings, node, kDurationWords, &parse_duration, direction.impairment.jitter);
}

/// The parameters by netem's names, and what it takes for those that are left out.
struct GilbertElliott {
  Share p{};
  std::optional<Share> r{};
  Share one_minus_h = percent(100);
  Share one_minus_k{};
};

template <auto member>
void read_probability(Findings& findings, const YamlNode& node, GilbertElliott& model) {
  read_scalar(findings, node, kShareWords, &parse_share, model.*member);
}

constexpr Field<GilbertElliott> kGilbertElliottFields[] = {
    {"p", read_probability<&GilbertElliott::p>, Need::required},
    {"r", read_probability<&GilbertElliott::r>},
    {"1-h", read_probability<&GilbertElliott::one_minus_h>},
    {"1-k", read_probability<&GilbertElliott::one_minus_k>},
};

void read_gilbert_elliott(Findings& findings, const YamlNode& node, LossModel& loss) {
  GilbertElliott model;
  read_map(findings, node, "a map such as { p: 1%, r: 10% }", kGilbertElliottFields, model);
  loss = {.to_bad = model.p,
          .to_good = model.r.value_or(model.p.rest()),
          .in_bad = model.one_minus_h,
          .in_good = model.one_minus_k};
}

constexpr Field<LossModel> kLossFields[] = {
    {"gilbert-elliott", read_gilbert_elliott, Need::required},
};

void read_loss(Findings& findings, const YamlNode& node, DirectionSpec& direction) {
  constexpr std::string_view kWords =
      "a share such as 1%, or a model such as { gilbert-elliott: { p: 1%, r: 10% } }";
  LossModel& loss = direction.impairment.loss = {};
  if (node.is_map()) {
    read_map(findings, node, kWords, kLossFields, loss);
  } else {
    read_scalar(findings, node, kWords, &parse_share, loss.in_good);
  }
}

void read_duplicate(Findings& findings, const YamlNode& node, DirectionSpec& direction) {
  read_scalar(findings, node, kShareWords, &parse_share, direction.impairment.duplicate);
}

void read_corrupt(Findings& findings, const YamlNode& node, DirectionSpec& direction) {
  read_scalar(findings, node, kShareWords, &parse_share, direction.impairment.corrupt);
}

void read_reorder(Findings& findings, const YamlNode& node, DirectionSpec& direction) {
  direction.impairment.overtaking = node.is_scalar() && node.scalar() == "jitter";
  direction.impairment.reorder = {};
  if (direction.impairment.overtaking) return;
  read_scalar(findings, node, "a share such as 25%, or jitter", &parse_share,
              direction.impairment.reorder);
}

void read_drops(Findings& findings, const YamlNode& node, DirectionSpec& direction) {
  direction.impairment.drop.clear();
  read_drop(findings, node, direction.impairment.drop);
}

}  // namespace

const Field<DirectionSpec> kDirectionFields[] = {
    {"mtu", read_mtu},         {"limit", read_limit},         {"ecn", read_ecn},
    {"rate", read_rate},       {"delay", read_delay},         {"jitter", read_jitter},
    {"loss", read_loss},       {"duplicate", read_duplicate}, {"corrupt", read_corrupt},
    {"reorder", read_reorder}, {"drop", read_drops},          {"cost", read_cost},
};

void check_direction(Findings& findings, const YAML::Mark& at, const DirectionSpec& direction) {
  const ImpairmentSpec& impairment = direction.impairment;
  if (impairment.jitter > direction.delay) {
    findings.add(at, fmt::format("a jitter of {} is more than the delay of {}",
                                 duration_text(impairment.jitter), duration_text(direction.delay)));
  }
  if (!impairment.reorder.is_none() && direction.delay == Duration::zero()) {
    findings.add(at, "'reorder' needs a 'delay', which the packets that go ahead do not take");
  }
  if (impairment.overtaking && impairment.jitter == Duration::zero()) {
    findings.add(at, "'reorder: jitter' needs a 'jitter'");
  }
  const bool in_packets = direction.ecn.packets != QueueLength::kMostPackets;
  const bool in_bytes = direction.ecn.bytes != QueueLength::kMostBytes;
  if ((in_packets && direction.ecn.packets >= direction.limit.packets) ||
      (in_bytes && direction.ecn.bytes >= direction.limit.bytes)) {
    findings.add(at, "the queue never gets as long as 'ecn' says: its 'limit' is no more");
  }
}

}  // namespace hop
