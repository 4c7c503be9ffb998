// How a router balances its load among next hops that are equally good.

#include "tools/config/draft.hpp"
#include "tools/config/units.hpp"

namespace hop {

namespace {

constexpr Choice<Balance> kBalances[] = {{"flow", Balance::flow},
                                         {"destination", Balance::destination},
                                         {"packet", Balance::packet},
                                         {"off", Balance::off}};
constexpr std::string_view kBalanceWords = "flow, destination, packet or off";

void read_by(Findings& findings, const YamlNode& node, BalancePolicy& policy) {
  read_choice(findings, node, kBalanceWords, kBalances, policy.by);
}

void read_hash(Findings& findings, const YamlNode& node, BalancePolicy& policy) {
  static constexpr Choice<bool FlowFields::*> kFields[] = {
      {"source", &FlowFields::source},     {"destination", &FlowFields::destination},
      {"protocol", &FlowFields::protocol}, {"ports", &FlowFields::ports},
      {"icmp", &FlowFields::icmp},         {"tos", &FlowFields::tos}};
  policy.fields = {.source = false, .destination = false, .protocol = false, .ports = false};
  for (const YamlNode& item :
       items_of(findings, node, "a list of fields such as [source, ports]")) {
    bool FlowFields::* field = &FlowFields::source;
    read_choice(findings, item, "source, destination, protocol, ports, icmp or tos", kFields,
                field);
    policy.fields.*field = true;
  }
}

void read_seed(Findings& findings, const YamlNode& node, BalancePolicy& policy) {
  read_scalar(findings, node, "a number from 0 to 4294967295", &parse_number<std::uint32_t>,
              policy.seed);
}

constexpr Field<BalancePolicy> kBalanceFields[] = {
    {"by", read_by}, {"hash", read_hash}, {"seed", read_seed}};

}  // namespace

void read_ecmp(Findings& findings, const YamlNode& node, NodeSpec& spec) {
  if (node.is_scalar()) return read_by(findings, node, spec.balance);
  read_map(findings, node, "flow, destination, packet, off or a map of settings", kBalanceFields,
           spec.balance);
}

}  // namespace hop
