// What is to be different, of a link or a node.

#include "tools/config/change.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "stack/net/nat_rules.hpp"
#include "tools/config/direction.hpp"
#include "tools/config/draft.hpp"
#include "tools/config/yaml_text.hpp"

namespace hop {

namespace {

template <YamlNode ChangeDraft::* part>
void keep(Findings&, const YamlNode& node, ChangeDraft& draft) {
  (draft.*part) = node;
}

/// What `set:` of a link has: the keys of a direction, and whether it is up.
struct LinkSettings : DirectionSpec {
  std::optional<bool> up{};
};

void read_up(Findings& findings, const YamlNode& node, LinkSettings& settings) {
  read_bool(findings, node, settings.up.emplace());
}

constexpr Field<LinkSettings> kLinkSettings[] = {{"up", read_up}};

std::optional<bool> set_direction(Findings& findings, const YamlNode& set, DirectionSpec& spec) {
  LinkSettings settings;
  static_cast<DirectionSpec&>(settings) = spec;
  read_map(findings, set, "a map such as { mtu: 1280 }", joined(kLinkSettings, kDirectionFields),
           settings);
  spec = static_cast<const DirectionSpec&>(settings);
  return settings.up;
}

/// Reads changes of one topology.
class ChangeReader {
 public:
  ChangeReader(Findings& findings, Topology& topology) : findings_(findings), topology_(topology) {}

  Change read(const YAML::Mark& at, const ChangeDraft& draft) {
    const int targets = (draft.link.is_null() ? 0 : 1) + (draft.node.is_null() ? 0 : 1);
    if (targets != 1) {
      findings_.add(at, fmt::format("expected one of 'link' and 'node', found {}",
                                    targets == 0 ? "none" : "both"));
    } else if (draft.set.size() == 0 && !draft.set.is_scalar()) {
      findings_.add(findings_.place_of(draft.set), "'set' says nothing that changes");
    } else if (draft.node.is_null()) {
      return of_link(draft);
    } else if (!draft.from.is_null()) {
      findings_.add(draft.from.place(), "'from' is for links: the end that sends");
    } else {
      return of_node(draft);
    }
    return {};
  }

 private:
  Change of_link(const ChangeDraft& draft) {
    LinkChange change;
    const auto link = link_named(draft.link);
    if (!link) return {};
    change.link = *link;
    const LinkSpec& spec = topology_.links[*link];
    std::string text = "link " + link_name(spec);
    if (!draft.from.is_null()) {
      change.end = end_named(draft.from, spec);
      if (!change.end) return {};
      text += " from " + draft.from.scalar();
    }
    auto scratch = static_cast<const DirectionSpec&>(spec);
    const std::size_t mistakes = findings_.size();
    change.up = set_direction(findings_, draft.set, scratch);
    if (change.up && change.end) {
      findings_.add(draft.set.place(), "a link is up or down as a whole, not 'from' one end");
    }
    if (findings_.size() > mistakes) return {};
    const bool only_up = change.up && draft.set.size() == 1;
    if (!only_up) {
      change.set = [set = draft.set](DirectionSpec& direction) {
        Findings none("");
        static_cast<void>(set_direction(none, set, direction));
      };
    }
    apply(change, topology_);
    check_directions(draft.set.place(), change);
    return {.of = std::move(change), .text = text + ": " + flow_text(draft.set)};
  }

  void check_directions(const YAML::Mark& at, const LinkChange& change) {
    const LinkSpec& link = topology_.links[change.link];
    const std::size_t mistakes = findings_.size();
    for (const EndpointSpec& end : link.endpoints) {
      if (findings_.size() == mistakes) check_direction(findings_, at, link.sent_by(end));
    }
  }

  Change of_node(const ChangeDraft& draft) {
    const std::string name = draft.node.is_scalar() ? draft.node.scalar() : std::string{};
    const auto at = std::ranges::find(topology_.nodes, name, &NodeSpec::name);
    if (at == topology_.nodes.end()) {
      findings_.add(draft.node.place(), fmt::format("no node is named '{}'", name));
      return {};
    }
    const std::size_t mistakes = findings_.size();
    forbid_lasting(draft.set);
    read_node_settings(findings_, draft.set, *at);
    if (findings_.size() > mistakes) return {};
    if (const auto bad = check_nat(topology_, *at)) {
      findings_.add(draft.set.place(), bad->message);
      return {};
    }
    const auto set = [set = draft.set](NodeSpec& spec) {
      Findings none("");
      read_node_settings(none, set, spec);
    };
    return {.of = NodeChange{.node = static_cast<std::uint32_t>(at - topology_.nodes.begin()),
                             .set = set},
            .text = fmt::format("node {}: {}", name, flow_text(draft.set))};
  }

  /// What a node is, and the services that are bound to it, stay.
  void forbid_lasting(const YamlNode& set) {
    static constexpr std::array<std::string_view, 5> kLasting{"kind", "router-id",
                                                              "router-discovery", "tcp", "udp"};
    if (!set.is_map()) return;
    for (std::size_t i = 0; i < set.size(); ++i) {
      const YamlNode key = set.key(i);
      const bool lasts = key.is_scalar() && std::ranges::count(kLasting, key.scalar()) > 0;
      if (!lasts) continue;
      findings_.add(key.place(),
                    fmt::format("'{}' cannot change while the network runs", key.scalar()));
    }
  }

  [[nodiscard]] std::optional<std::uint32_t> link_named(const YamlNode& node) {
    const std::string name = node.is_scalar() ? node.scalar() : std::string{};
    std::vector<std::uint32_t> found;
    for (std::uint32_t i = 0; i < topology_.links.size(); ++i) {
      if (is_called(topology_.links[i], name)) found.push_back(i);
    }
    if (found.size() == 1) return found.front();
    findings_.add(
        node.place(),
        found.empty()
            ? fmt::format("no link is named '{}'; a link is called by its 'name', or "
                          "its ends such as r1-r2",
                          name)
            : fmt::format("{} links are called '{}'; give them a 'name'", found.size(), name));
    return std::nullopt;
  }

  [[nodiscard]] std::optional<std::uint32_t> end_named(const YamlNode& node, const LinkSpec& link) {
    const std::string name = node.is_scalar() ? node.scalar() : std::string{};
    const auto at = std::ranges::find(link.endpoints, name, &EndpointSpec::name);
    if (at != link.endpoints.end()) return static_cast<std::uint32_t>(at - link.endpoints.begin());
    findings_.add(node.place(), fmt::format("'{}' is no end of link '{}'", name, link_name(link)));
    return std::nullopt;
  }

  Findings& findings_;
  Topology& topology_;
};

}  // namespace

const Field<ChangeDraft> kChangeFields[] = {
    {"link", keep<&ChangeDraft::link>},
    {"from", keep<&ChangeDraft::from>},
    {"node", keep<&ChangeDraft::node>},
    {"set", keep<&ChangeDraft::set>, Need::required},
};

Change read_change(Findings& findings, const YAML::Mark& at, const ChangeDraft& draft,
                   Topology& before) {
  return ChangeReader(findings, before).read(at, draft);
}

}  // namespace hop
