// hop set: change a running network.

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "tools/commands/commands.hpp"
#include "tools/commands/control_options.hpp"
#include "tools/failure.hpp"

namespace hop {

namespace {

constexpr const char* kExamples = R"(Examples:
  hop set link r1-r2 mtu=1280 delay=20ms
  hop set link r1-r2 --from r2 loss=10%
  hop set link r1-r2 up=false
  hop set node r3 icmp.silent=all
  hop set node r3 'filter=[{ protocol: tcp, ports: 22 }]'

Keys and values are those of topology files, with dots between a map and its keys.)";

struct SetOptions {
  std::string kind;
  std::string name;
  std::string from;
  std::vector<std::string> settings;
};

/// Puts "icmp.rate=10/s" into a map.
void add_setting(YAML::Node map, const std::string& setting) try {
  const std::size_t equals = setting.find('=');
  if (equals == 0 || equals == std::string::npos) {
    throw Failure(kUsageError, fmt::format("expected KEY=VALUE, found '{}'", setting));
  }
  std::string key = setting.substr(0, equals);
  for (auto dot = key.find('.'); dot != std::string::npos; dot = key.find('.')) {
    map.reset(map[key.substr(0, dot)]);
    key.erase(0, dot + 1);
  }
  map[key] = YAML::Load(setting.substr(equals + 1));
} catch (const YAML::Exception& error) {
  throw Failure(kUsageError, fmt::format("'{}': {}", setting, error.msg));
}

std::string request_of(const SetOptions& options) {
  YAML::Node change;
  change[options.kind] = options.name;
  if (!options.from.empty()) change["from"] = options.from;
  YAML::Node set(YAML::NodeType::Map);
  for (const std::string& setting : options.settings) add_setting(set, setting);
  change["set"] = set;
  YAML::Node request;
  request["command"] = "set";
  request["change"] = change;
  YAML::Emitter text;
  text.SetMapFormat(YAML::Flow);
  text.SetSeqFormat(YAML::Flow);
  text << request;
  return text.c_str();
}

}  // namespace

void add_set(CLI::App& app, CommandAction& chosen) {
  CLI::App& command = *app.add_subcommand("set", "Change a running network");
  const auto options = std::make_shared<SetOptions>();
  const auto socket = add_control_option(command);
  command.add_option("KIND", options->kind, "link or node")
      ->required()
      ->check(CLI::IsMember({"link", "node"}));
  command.add_option("NAME", options->name, "Of a link its name, or its ends: r1-r2")->required();
  command.add_option("KEY=VALUE", options->settings, "What is to be so")->required();
  command.add_option("--from", options->from, "Of a link, only what this end sends")
      ->type_name("END");
  command.footer(kExamples);
  command.callback([options, socket, &chosen] {
    chosen = [options, socket] {
      const std::string request = request_of(*options);
      static_cast<void>(ControlClient(*socket).ask(request));
      return kDone;
    };
  });
}

}  // namespace hop
