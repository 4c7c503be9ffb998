// hop events: what happens in a running network, as it happens.

#include <fmt/format.h>

#include "tools/commands/commands.hpp"
#include "tools/commands/control_options.hpp"
#include "tools/failure.hpp"

namespace hop {

namespace {

namespace json = boost::json;

constexpr const char* kExamples = R"(Examples:
  hop events           changes, and packets that were dropped or lost, with the reason
  hop events --all     every packet at every node
  hop events --json    a line of JSON for each

Ctrl-C ends it, and so does the end of the network.)";

std::string text_of(const json::object& event, std::string_view key) {
  const json::value* const value = event.if_contains(key);
  return value == nullptr ? "" : json::value_to<std::string>(*value);
}

/// "1763.000000001 r2 dropped ttl-expired: PACKET".
std::string line_of(const json::object& event) {
  if (const auto* const lost = event.if_contains("not_told")) {
    return fmt::format("{} events were not told: we were too slow", json::serialize(*lost));
  }
  const std::string time = text_of(event, "time");
  if (event.contains("change")) return fmt::format("{} {}", time, text_of(event, "change"));
  const std::string where =
      event.contains("node")
          ? text_of(event, "node")
          : fmt::format("{} from {}", text_of(event, "link"), text_of(event, "from"));
  const std::string reason = event.contains("reason") ? " " + text_of(event, "reason") : "";
  return fmt::format("{} {} {}{}: {}", time, where, text_of(event, "verdict"), reason,
                     text_of(event, "packet"));
}

int events(bool all, bool as_json, const std::string& socket) {
  ControlClient client(socket);
  static_cast<void>(client.ask(fmt::format("{{ command: events, all: {} }}", all)));
  fmt::print(stderr, "listening; Ctrl-C ends it\n");  // what happens from here on is told
  while (const auto line = client.next()) {
    fmt::print("{}\n", as_json ? *line : line_of(json::parse(*line).as_object()));
    std::fflush(stdout);
  }
  return kDone;
}

}  // namespace

void add_events(CLI::App& app, CommandAction& chosen) {
  CLI::App& command = *app.add_subcommand("events", "Print what happens in a running network");
  const auto all = std::make_shared<bool>(false);
  const auto as_json = std::make_shared<bool>(false);
  const auto socket = add_control_option(command);
  command.add_flag("--all,-a", *all, "Every packet, not only those that did not get on");
  command.add_flag("--json", *as_json, "A line of JSON for each");
  command.footer(kExamples);
  command.callback([=, &chosen] { chosen = [=] { return events(*all, *as_json, *socket); }; });
}

}  // namespace hop
