#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <ranges>

#include "tools/explain/settings.hpp"
#include "tools/graph/graph.hpp"

namespace hop {

namespace {

/// "eth" and a number: a name that says nothing. A TUN has no other than its own.
bool is_plain(std::string_view interface) {
  return interface.empty() ||
         (interface.starts_with("eth") &&
          interface.find_first_not_of("0123456789", 3) == std::string_view::npos);
}

void append(Label& label, const Settings& settings) {
  for (const Setting& one : settings) label.push_back(fmt::format("{} {}", one.key, one.value));
}

Label end_label(const EndpointSpec& endpoint, const LinkSpec& link) {
  Label label{to_string(endpoint.address->address)};
  for (const InterfaceAddress& more : endpoint.secondary) label.push_back(to_string(more));
  if (!is_plain(endpoint.interface)) label.push_back(endpoint.interface);
  append(label, settings_of(endpoint, link));
  return label;
}

Label link_label(const LinkSpec& link) {
  Label label{to_string(*link.subnet)};
  append(label, settings_of(link));
  return label;
}

Label tunnel_label(const TunnelSpec& tunnel) {
  Label label{fmt::format("{} tunnel", kind_of(tunnel))};
  const std::vector<std::string> inside{tunnel.path.begin() + 1, tunnel.path.end() - 1};
  if (!inside.empty()) label.push_back(fmt::format("by {}", fmt::join(inside, ", ")));
  for (const Prefix& prefix : tunnel.to) label.push_back(fmt::format("to {}", to_string(prefix)));
  return label;
}

class Drafter {
 public:
  explicit Drafter(const Topology& topology) : topology_(topology) {}

  Drawing draw() {
    drawing_.title = topology_.name;
    for (const TunSpec& tun : topology_.tuns) add_tun(tun);
    for (const NodeSpec& node : topology_.nodes) add_node(node);
    for (std::size_t i = 0; i < topology_.links.size(); ++i) add_link(i);
    for (const TunnelSpec& tunnel : topology_.tunnels) add_tunnel(tunnel);
    return std::move(drawing_);
  }

 private:
  void add(Vertex vertex) {
    at_[vertex.id] = drawing_.vertices.size();
    drawing_.vertices.push_back(std::move(vertex));
  }
  void add_tun(const TunSpec& tun) {
    Label label{tun.name};
    if (!tun.netns.empty()) label.push_back("netns " + tun.netns);
    add({.id = tun.name, .shape = Shape::tun, .label = std::move(label)});
  }
  void add_node(const NodeSpec& node) {
    Label details;
    append(details, settings_of(node));
    add({.id = node.name,
         .shape = node.kind == NodeKind::host ? Shape::host : Shape::router,
         .label = {node.name},
         .details = std::move(details)});
  }
  void add_link(std::size_t number) {
    const LinkSpec& link = topology_.links[number];
    const std::vector<EndpointSpec>& ends = link.endpoints;
    if (ends.size() == 2) {
      add_edge(at_[ends[0].name], at_[ends[1].name],
               {.at_from = end_label(ends[0], link),
                .label = link_label(link),
                .at_to = end_label(ends[1], link)});
      return;
    }
    // A space is in no name.
    const std::size_t segment = drawing_.vertices.size();
    add({.id = fmt::format("link {}", number), .shape = Shape::segment, .label = link_label(link)});
    add_edge(at_[ends[0].name], segment, {.at_from = end_label(ends[0], link)});
    for (const EndpointSpec& end : ends | std::views::drop(1)) {
      add_edge(segment, at_[end.name], {.at_to = end_label(end, link)});
    }
  }
  void add_tunnel(const TunnelSpec& tunnel) {
    drawing_.edges.push_back({.from = at_[tunnel.path.front()],
                              .to = at_[tunnel.path.back()],
                              .words = {.label = tunnel_label(tunnel)},
                              .is_tunnel = true});
  }
  void add_edge(std::size_t from, std::size_t to, Words words) {
    drawing_.edges.push_back({.from = from, .to = to, .words = std::move(words)});
  }

  const Topology& topology_;
  Drawing drawing_;
  std::map<std::string, std::size_t> at_;
};

}  // namespace

Drawing drawing_of(const Topology& resolved) { return Drafter(resolved).draw(); }

}  // namespace hop
