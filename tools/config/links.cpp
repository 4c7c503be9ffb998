// The section `links` of a topology file.

#include <fmt/format.h>

#include "tools/config/direction.hpp"
#include "tools/config/draft.hpp"
#include "tools/config/units.hpp"

namespace hop {

namespace {

/// A link and its endpoints as the file has them: they are read when the rest is known, which may
/// stand behind them.
struct LinkDraft : LinkSpec {
  YamlNode ends;
};

void keep_endpoints(Findings&, const YamlNode& node, LinkDraft& link) { link.ends = node; }

void read_subnet(Findings& findings, const YamlNode& node, LinkDraft& link) {
  read_prefix(findings, node, link.subnet.emplace());
}

void read_name(Findings& findings, const YamlNode& node, LinkDraft& link) {
  read_scalar(findings, node, "a name of 1 to 63 bytes without spaces", &parse_interface_name,
              link.name);
}

void read_up(Findings& findings, const YamlNode& node, LinkDraft& link) {
  read_bool(findings, node, link.up);
}

constexpr Field<LinkDraft> kLinkFields[] = {
    {"endpoints", keep_endpoints, Need::required},
    {"name", read_name},
    {"up", read_up},
    {"subnet", read_subnet},
};

void read_link(Draft& draft, const YamlNode& node) {
  LinkDraft link;
  read_map(draft.findings, node, "a map with 'endpoints'", joined(kLinkFields, kDirectionFields),
           link);
  check_direction(draft.findings, node.place(), link);
  const auto endpoints =
      items_of(draft.findings, link.ends, "a list of endpoints such as [r1, r2]");
  if (endpoints.size() < 2 && link.ends.is_list()) {
    draft.findings.add(link.ends.place(),
                       fmt::format("expected two endpoints or more, found {}", endpoints.size()));
  }
  for (const YamlNode& endpoint : endpoints) read_endpoint(draft, endpoint, link);
  draft.topology.links.push_back(std::move(static_cast<LinkSpec&>(link)));
}

/// Every TUN and node is on a link; otherwise it is of no use, or its name is misspelt somewhere.
void check_all_used(Draft& draft) {
  for (const auto& [name, definition] : draft.names) {
    if (definition.uses > 0) continue;
    draft.findings.add(definition.at,
                       fmt::format("{} '{}' is on no link",
                                   definition.kind == NameKind::tun ? "TUN" : "node", name));
  }
}

}  // namespace

void read_links(Draft& draft, const YamlNode& section) {
  const std::size_t mistakes = draft.findings.size();
  for (const YamlNode& item : items_of(draft.findings, section, "a list of links")) {
    read_link(draft, item);
  }
  // A link that was not understood may be the one that they are on.
  if (draft.findings.size() == mistakes) check_all_used(draft);
}

}  // namespace hop
