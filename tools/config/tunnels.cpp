// The section `tunnels` of a topology file.

#include <fmt/format.h>

#include <optional>

#include "tools/config/draft.hpp"
#include "tools/config/units.hpp"

namespace hop {

namespace {

constexpr std::uint32_t kFirstLabel = 16;  // those below have a meaning of their own
constexpr std::uint32_t kLastLabel = (1U << 20U) - 1;

/// What a tracer sees of a tunnel, in words of those who measure them.
struct TunnelKind {
  bool propagates_ttl;
  bool tells_labels;
  bool pops_early;
};
constexpr Choice<TunnelKind> kKinds[] = {
    {"explicit", {.propagates_ttl = true, .tells_labels = true, .pops_early = true}},
    {"implicit", {.propagates_ttl = true, .tells_labels = false, .pops_early = true}},
    {"opaque", {.propagates_ttl = false, .tells_labels = true, .pops_early = false}},
    {"invisible", {.propagates_ttl = false, .tells_labels = false, .pops_early = true}},
};

/// A tunnel and where its routers are named; single keys go before the kind.
struct TunnelDraft {
  TunnelSpec spec;
  std::vector<YAML::Mark> places;  // of spec.path
  TunnelKind kind = kKinds[0].value;
  std::optional<bool> propagates_ttl, tells_labels, pops_early;
};

void read_path(Findings& findings, const YamlNode& node, TunnelDraft& tunnel) {
  for (const YamlNode& item : items_of(findings, node, "a list of routers such as [r1, r2]")) {
    if (!item.is_scalar()) {
      findings.expected("the name of a router", item);
      continue;
    }
    tunnel.spec.path.push_back(item.scalar());
    tunnel.places.push_back(item.place());
  }
}

void read_to(Findings& findings, const YamlNode& node, TunnelDraft& tunnel) {
  for (const YamlNode& item : items_of(findings, node, "a list of prefixes, [default] for all")) {
    read_destination(findings, item, tunnel.spec.to.emplace_back());
  }
}

void read_kind(Findings& findings, const YamlNode& node, TunnelDraft& tunnel) {
  read_choice(findings, node, "explicit, implicit, opaque or invisible", kKinds, tunnel.kind);
}

template <std::optional<bool> TunnelDraft::* which>
void read_switch(Findings& findings, const YamlNode& node, TunnelDraft& tunnel) {
  read_bool(findings, node, (tunnel.*which).emplace());
}

void read_label_ttl(Findings& findings, const YamlNode& node, TunnelDraft& tunnel) {
  read_scalar(findings, node, "a TTL from 1 to 255", &parse_within<std::uint8_t, 1, 255>,
              tunnel.spec.policy.label_ttl);
}

void read_pop(Findings& findings, const YamlNode& node, TunnelDraft& tunnel) {
  static constexpr Choice<bool> kWords[] = {{"penultimate", true}, {"egress", false}};
  read_choice(findings, node, "penultimate or egress", kWords, tunnel.pops_early.emplace());
}

void read_errors(Findings& findings, const YamlNode& node, TunnelDraft& tunnel) {
  static constexpr Choice<bool> kWords[] = {{"along", true}, {"direct", false}};
  read_choice(findings, node, "along or direct", kWords, tunnel.spec.policy.errors_along);
}

void read_tunnel_labels(Findings& findings, const YamlNode& node, TunnelDraft& tunnel) {
  for (const YamlNode& item : items_of(findings, node, "a list of labels such as [24001]")) {
    read_scalar(findings, item, "a label from 16 to 1048575",
                &parse_within<std::uint32_t, kFirstLabel, kLastLabel>,
                tunnel.spec.labels.emplace_back());
  }
}

constexpr Field<TunnelDraft> kTunnelFields[] = {
    {"path", read_path, Need::required},
    {"to", read_to},
    {"kind", read_kind},
    {"propagate-ttl", read_switch<&TunnelDraft::propagates_ttl>},
    {"label-ttl", read_label_ttl},
    {"pop", read_pop},
    {"tell-labels", read_switch<&TunnelDraft::tells_labels>},
    {"errors", read_errors},
    {"labels", read_tunnel_labels},
};

void check_names(Draft& draft, const TunnelDraft& tunnel) {
  for (std::size_t i = 0; i < tunnel.places.size(); ++i) {
    const std::string& name = tunnel.spec.path[i];
    const DefinedName* const known = draft.find(name, tunnel.places[i], "node");
    if (known == nullptr || known->kind == NameKind::node) continue;
    draft.findings.add(tunnel.places[i],
                       fmt::format("'{}' is a TUN; a tunnel leads through routers", name));
  }
}

}  // namespace

void read_tunnels(Draft& draft, const YamlNode& section) {
  for (const YamlNode& item :
       items_of(draft.findings, section, "a list of tunnels such as { path: [r1, r2, r3] }")) {
    TunnelDraft tunnel;
    read_map(draft.findings, item, "a tunnel such as { path: [r1, r2, r3], kind: explicit }",
             kTunnelFields, tunnel);
    check_names(draft, tunnel);
    TunnelSpec& spec = draft.topology.tunnels.emplace_back(std::move(tunnel.spec));
    spec.policy.propagates_ttl = tunnel.propagates_ttl.value_or(tunnel.kind.propagates_ttl);
    spec.policy.tells_labels = tunnel.tells_labels.value_or(tunnel.kind.tells_labels);
    spec.pops_early = tunnel.pops_early.value_or(tunnel.kind.pops_early);
  }
}

}  // namespace hop
