// What links and their ends have otherwise than by default.

#include "tools/explain/match_text.hpp"
#include "tools/explain/setting_list.hpp"

namespace hop {

namespace {

std::string queue_length_text(const QueueLength& length) {
  if (length.bytes != QueueLength::kMostBytes) return byte_count_text(length.bytes);
  return length == QueueLength{} ? "none" : std::to_string(length.packets);
}

std::string loss_text(const LossModel& loss) {
  if (loss.to_bad.is_none()) return share_text(loss.in_good);
  return fmt::format("{{ gilbert-elliott: {{ p: {}, r: {}, 1-h: {}, 1-k: {} }} }}",
                     share_text(loss.to_bad), share_text(loss.to_good), share_text(loss.in_bad),
                     share_text(loss.in_good));
}

std::string drop_text(const DropRule& rule) {
  std::string text = fmt::format("{{ {}nth: {}", match_text(rule.packets), rule.nth);
  if (rule.count != 1) text += fmt::format(", count: {}", rule.count);
  if (rule.every != 0) text += fmt::format(", every: {}", rule.every);
  return text + " }";
}

std::string reorder_text(const ImpairmentSpec& spec) {
  return spec.overtaking ? "jitter" : share_text(spec.reorder);
}

void add_impairment(SettingList& list, const ImpairmentSpec& spec, const ImpairmentSpec& usual) {
  list.duration("jitter", spec.jitter, usual.jitter);
  list.add_if(spec.loss != usual.loss, "loss", spec.loss, loss_text);
  list.add_if(spec.duplicate != usual.duplicate, "duplicate", spec.duplicate, share_text);
  list.add_if(spec.corrupt != usual.corrupt, "corrupt", spec.corrupt, share_text);
  list.add_if(spec.overtaking != usual.overtaking || spec.reorder != usual.reorder, "reorder", spec,
              reorder_text);
  if (spec.drop == usual.drop) return;
  if (spec.drop.empty()) list.add("drop", "[]");
  for (std::size_t i = 0; i < spec.drop.size(); ++i) {
    list.add(fmt::format("drop.{}", i), drop_text(spec.drop[i]));
  }
}

std::string label_text(const MplsLabel& label) {
  return fmt::format("{{ label: {}, tc: {}, ttl: {} }}", label.label, label.traffic_class,
                     label.ttl);
}

std::string rate_text(std::uint64_t rate) { return rate == 0 ? "unlimited" : bit_rate_text(rate); }

}  // namespace

Settings settings_of(const DirectionSpec& direction, const DirectionSpec& usual) {
  SettingList list;
  list.number("mtu", direction.mtu, usual.mtu);
  list.add_if(direction.limit != usual.limit, "limit", direction.limit, queue_length_text);
  list.add_if(direction.ecn != usual.ecn, "ecn", direction.ecn, queue_length_text);
  list.duration("delay", direction.delay, usual.delay);
  list.add_if(direction.rate != usual.rate, "rate", direction.rate, rate_text);
  list.number("cost", direction.cost, usual.cost);
  add_impairment(list, direction.impairment, usual.impairment);
  return list.take();
}

Settings settings_of(const LinkSpec& link) {
  SettingList list;
  if (!link.name.empty()) list.add("name", link.name);
  list.flag("up", link.up, true);
  for (const Setting& one : settings_of(link, DirectionSpec{})) list.add(one.key, one.value);
  return list.take();
}

Settings settings_of(const EndpointSpec& endpoint, const LinkSpec& link) {
  SettingList list;
  if (!endpoint.component.name.empty()) list.add("component.name", endpoint.component.name);
  list.number("component.index", endpoint.component.index, std::uint32_t{0});
  list.word("mpls", !endpoint.labels.empty(), list_text(endpoint.labels, label_text));
  list.flag("forwarding", endpoint.forwards, true);
  list.flag("extended-echo", endpoint.extended_echo, true);
  if (endpoint.discovery) list.discovery(*endpoint.discovery);
  for (const Setting& one : settings_of(link.sent_by(endpoint), link)) {
    list.add(one.key, one.value);
  }
  return list.take();
}

}  // namespace hop
