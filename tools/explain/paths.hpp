#pragma once
// The ways of packets through a network, as traceroute would print them.

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "stack/net/network.hpp"

namespace hop {

/// A node on the way of a probe, and where its answer comes from; nothing when it says nothing, or
/// has no way back.
struct Step {
  std::size_t node;
  std::optional<Ipv4Address> address;
};

/// The nodes that see a packet, in order; at the end of one that arrives the node it is for.
struct Path {
  std::vector<Step> steps;
  std::string fault;  ///< why it does not arrive: "r2 says net-unreachable"; empty if it does
  bool is_one_of_several = false;  ///< are there others as good? This takes the first of each
};

/// The way from a TUN to an address and the way of the answer.
struct RoundTrip {
  Path forward;
  Path back;                 ///< without its start; empty when `forward` does not arrive
  bool is_symmetric = true;  ///< the way back leads through the same nodes
};

/// Finds ways by the routes of the nodes themselves. What depends on more than the destination
/// (filters, TOS, source routes) or on chance is not looked at.
class PathFinder {
 public:
  explicit PathFinder(const Topology& resolved);

  /// From TUN number `tun` to `destination` and back.
  [[nodiscard]] RoundTrip round_trip(std::size_t tun, Ipv4Address destination);

 private:
  /// Who has an address: an interface of a node, or a TUN.
  struct Owner {
    bool is_tun = false;
    std::size_t index = 0;  ///< of the node or TUN
    InterfaceIndex interface = 0;
    std::size_t link = 0;
  };
  /// What a probe is: from where to where, as the next node sees it.
  struct Probe {
    Ipv4Address source;
    Ipv4Address destination;
    /// Who is behind the external address of each NAT on the way, the last one last: there each
    /// was the source before it was translated, and on the way back becomes the destination.
    std::vector<Ipv4Address> behind{};
  };
  /// A probe at a node.
  struct At {
    std::size_t node;
    std::optional<InterfaceIndex> in;  ///< nothing where it starts
  };

  void learn_link(const Topology& resolved, std::size_t link);
  [[nodiscard]] std::optional<Owner> find(Ipv4Address address, std::size_t link) const;
  [[nodiscard]] std::optional<At> entry(std::size_t tun, Ipv4Address destination) const;
  [[nodiscard]] Path walk(At at, Probe& probe);
  /// Takes the packet one node on; nothing where it ends, with `path` saying how.
  [[nodiscard]] std::optional<At> advance(At at, Probe& probe, Path& path);
  bool enter_nat(At at, Probe& probe);
  void leave_by_nat(At at, InterfaceIndex out, Probe& probe);
  [[nodiscard]] bool is_hidden(At at, InterfaceIndex out);
  /// The same with a packet that goes into a tunnel: to where it is without a label again.
  [[nodiscard]] std::optional<At> pass_tunnel(At at, const Route& route, const Probe& probe,
                                              Path& path);
  [[nodiscard]] bool pass_labelled(At at, const LabelRoute& label, std::uint8_t& ttl,
                                   const Probe& probe, Path& path);
  [[nodiscard]] std::size_t end_of_tunnel(At at, const LabelRoute& label);
  [[nodiscard]] std::optional<At> leave(At at, const Route& route, const Probe& probe, Path& path);
  [[nodiscard]] std::optional<Ipv4Address> answer_from(At at, IcmpType type, const Probe& probe);
  [[nodiscard]] std::optional<Ipv4Address> answer_within_tunnel(At at, const LabelRoute& label,
                                                                const Probe& probe);
  [[nodiscard]] std::optional<Ipv4Address> answer_by(At at, IcmpType type, const LabelHop& first,
                                                     const Probe& probe);
  [[nodiscard]] std::string refusal(At at, const Route* route);
  /// The route of a node, or the first way where there are several.
  [[nodiscard]] const Route* route_of(std::size_t node, Ipv4Address destination) const;
  [[nodiscard]] bool has_several(std::size_t node, Ipv4Address destination) const;
  [[nodiscard]] const std::string& name_of(std::size_t node) {
    return network_.node(node).config().name;
  }

  Network network_;
  std::vector<TunSpec> tuns_;
  std::unordered_map<std::uint32_t, Owner> owners_;            // by address
  std::vector<std::vector<std::size_t>> links_of_;             // by node and interface
  std::vector<std::optional<std::size_t>> tun_on_;             // by link
  std::vector<std::optional<Owner>> gateway_of_;               // by link: who gets what a TUN sends
  std::unordered_map<std::string, std::size_t> node_numbers_;  // by name
};

}  // namespace hop
