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

}  // namespace hop
