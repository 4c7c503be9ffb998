#include "tools/session/control.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/json.hpp>

#include "tools/config/change.hpp"
#include "tools/config/yaml_text.hpp"
#include "tools/session/event_json.hpp"
#include "tools/session/session.hpp"
#include "tun/error.hpp"
#include "tun/namespace.hpp"

namespace hop {

namespace {

namespace json = boost::json;

enum class Command : std::uint8_t { set, stats, events, network };

struct Request {
  Command command = Command::stats;
  YamlNode change;
  std::string tun;
  std::vector<std::string> names;
  bool all = false;
};

void read_command(Findings& findings, const YamlNode& node, Request& request) {
  static constexpr Choice<Command> kCommands[] = {{"set", Command::set},
                                                  {"stats", Command::stats},
                                                  {"events", Command::events},
                                                  {"network", Command::network}};
  read_choice(findings, node, "set, stats, events or network", kCommands, request.command);
}

void keep_change(Findings&, const YamlNode& node, Request& request) { request.change = node; }

void read_tun(Findings&, const YamlNode& node, Request& request) {
  if (node.is_scalar()) request.tun = node.scalar();
}

void read_names(Findings& findings, const YamlNode& node, Request& request) {
  for (const YamlNode& name : items_of(findings, node, "a list of names")) {
    request.names.push_back(name.is_scalar() ? name.scalar() : std::string{});
  }
}

void read_all(Findings& findings, const YamlNode& node, Request& request) {
  read_bool(findings, node, request.all);
}

constexpr Field<Request> kRequestFields[] = {{"command", read_command, Need::required},
                                             {"change", keep_change},
                                             {"tun", read_tun},
                                             {"names", read_names},
                                             {"all", read_all}};

std::string error_line(const std::string& message) {
  return json::serialize(json::object{{"error", message}});
}

/// What is wrong, without places: a request is written by a program.
std::string messages_of(const Findings& findings) {
  std::string text;
  for (const ConfigError& error : findings.sorted()) {
    text += (text.empty() ? "" : "; ") + error.message;
  }
  return text;
}

Request parse_request(const std::string& line) {
  Findings findings("request");
  Request request;
  if (const auto node = parse_yaml(findings, line)) {
    read_map(findings, *node, "a map with 'command'", kRequestFields, request);
  }
  if (!findings.empty()) throw Failure(kUsageError, messages_of(findings));
  return request;
}

Change parse_change(const YamlNode& node, const Topology& topology) {
  Findings findings("request");
  ChangeDraft draft;
  read_map(findings, node, "a change", kChangeFields, draft);
  Change change;
  if (findings.empty()) {
    Topology then = topology;
    change = read_change(findings, node.place(), draft, then);
  }
  if (!findings.empty()) throw Failure(kUsageError, messages_of(findings));
  return change;
}

void check_names(const std::vector<std::string>& names, const Topology& topology) {
  for (const std::string& name : names) {
    const auto is_called_so = [&](const auto& spec) { return spec.name == name; };
    const bool known = std::ranges::any_of(topology.tuns, is_called_so) ||
                       std::ranges::any_of(topology.nodes, is_called_so) ||
                       std::ranges::count(topology.links, name, &link_name) > 0;
    if (!known) {
      throw Failure(kFailed, fmt::format("no TUN, link or node is called '{}'; 'hop check' names "
                                         "them, and 'hop stats' without a name shows all",
                                         name));
    }
  }
}

}  // namespace

SessionControl::SessionControl(boost::asio::io_context& io, Session& session,
                               const std::string& path)
    : io_(io),
      session_(session),
      server_(io, path, [this](const std::string& line, const Peer& peer) { answer(line, peer); }) {
}

void SessionControl::answer(const std::string& line, const Peer& peer) try {
  const Request request = parse_request(line);
  switch (request.command) {
    case Command::set: {
      const Change change = parse_change(request.change, session_.topology());
      session_.change(change);
      peer->send(json::serialize(json::object{{"changed", change.text}}));
      return;
    }
    case Command::stats:
      check_names(request.names, session_.topology());
      peer->send(session_.counters_json());
      return;
    case Command::events:
      return listen(peer, request.all);
    case Command::network: {
      const UniqueFd network = session_.open_network_of(request.tun);
      const UniqueFd user = open_user_namespace();
      peer->send_with("{}", user.get(), network.get());
      return;
    }
  }
} catch (const Failure& failure) {
  peer->send(error_line(failure.what()));
} catch (const TunError& error) {
  peer->send(error_line(error.what()));
}

// While nobody listens, packets cost nothing more.
void SessionControl::listen(const Peer& peer, bool all) {
  peer->send("{}");
  std::erase_if(listeners_, [&](const Listener& one) { return one.peer.lock() == peer; });
  if (listeners_.empty()) static_cast<void>(session_.take_unseen());  // nobody's any more
  listeners_.push_back({.peer = peer, .all = all});
  session_.observe([this](Instant at, const Happening& happening) { tell(at, happening); },
                   std::ranges::any_of(listeners_, &Listener::all));
}

// Not at once: it is the observer that we are called by.
void SessionControl::stop_observing() {
  boost::asio::post(io_, [this] {
    if (listeners_.empty()) session_.observe({}, false);
  });
}

void SessionControl::tell(Listener& listener, const std::string& line) {
  const Peer peer = listener.peer.lock();
  if (!peer) return;
  if (listener.lost > 0 && peer->send(json::serialize(json::object{{"not_told", listener.lost}}))) {
    listener.lost = 0;
  }
  if (!peer->send(line)) ++listener.lost;
}

void SessionControl::count_unseen() {
  const std::uint64_t unseen = session_.take_unseen();
  for (Listener& listener : listeners_) listener.lost += unseen;
}

void SessionControl::tell(Instant at, const Change& change) {
  count_unseen();
  for (Listener& listener : listeners_) tell(listener, event_json(at, change));
}

void SessionControl::tell(Instant at, const Happening& happening) {
  const bool only_for_all = got_on(happening);
  std::erase_if(listeners_, [](const Listener& one) {
    const Peer peer = one.peer.lock();
    return !peer || peer->is_gone();
  });
  if (listeners_.empty()) return stop_observing();
  count_unseen();
  std::string line;
  for (Listener& listener : listeners_) {
    if (only_for_all && !listener.all) continue;
    if (line.empty()) line = event_json(at, happening, session_.topology());
    tell(listener, line);
  }
}

}  // namespace hop
