// What tunnels have otherwise than by default.

#include "tools/explain/setting_list.hpp"

namespace hop {

Settings settings_of(const TunnelSpec& tunnel) {
  constexpr TunnelPolicy kUsual;
  SettingList list;
  list.word("to", !tunnel.to.empty(),
            list_text(tunnel.to, [](const Prefix& to) { return to_string(to); }));
  list.flag("propagate-ttl", tunnel.policy.propagates_ttl, kUsual.propagates_ttl);
  list.number("label-ttl", tunnel.policy.label_ttl, kUsual.label_ttl);
  list.word("pop", !tunnel.pops_early, "egress");
  list.flag("tell-labels", tunnel.policy.tells_labels, kUsual.tells_labels);
  list.word("errors", !tunnel.policy.errors_along, "direct");
  return list.take();
}

// A label that nobody has at the end of the tunnel is told by nobody there.
std::string_view kind_of(const TunnelSpec& tunnel) {
  const TunnelPolicy& policy = tunnel.policy;
  if (policy.propagates_ttl) return policy.tells_labels ? "explicit" : "implicit";
  return policy.tells_labels && !tunnel.pops_early ? "opaque" : "invisible";
}

}  // namespace hop
