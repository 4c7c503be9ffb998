// hop exec: run a command at one end of a running network.

#include <fmt/format.h>

#include <cstdlib>

#include "tools/commands/commands.hpp"
#include "tools/commands/control_options.hpp"
#include "tools/failure.hpp"
#include "tools/run/child.hpp"
#include "tun/namespace.hpp"

namespace hop {

namespace {

constexpr const char* kExamples = R"(-- COMMAND...               Run this there; without it a shell

Examples:
  hop exec -- ping -c 3 198.18.4.80        where the first TUN is
  hop exec tunB -- iperf3 -s               where tunB is

For networks of this user, whether they were started by 'hop run' or 'hop up'.)";

/// Does not return unless the command cannot be run.
int exec(const std::string& tun, const std::string& socket,
         const std::vector<std::string>& command) {
  {
    const std::string path = socket_of_client(socket);
    setenv(kControlVariable, path.c_str(), 1);  // inside we seem to be another user
    ControlClient client(path);
    static_cast<void>(client.ask(fmt::format("{{ command: network, tun: '{}' }}", tun)));
    const auto [user, network] = client.take_descriptors();
    if (!network) throw Failure(kFailed, "the network does not let us in");
    join_namespaces(user.get(), network.get());
  }
  become(command.empty() ? shell_command() : command);
}

}  // namespace

void add_exec(CLI::App& app, CommandAction& chosen, const std::vector<std::string>& command) {
  CLI::App& sub = *app.add_subcommand("exec", "Run a command (a shell) at an end of a network");
  const auto tun = std::make_shared<std::string>();
  const auto socket = add_control_option(sub);
  sub.add_option("TUN", *tun, "The TUN at whose end it runs; the first without it");
  sub.footer(kExamples);
  sub.callback(
      [=, &chosen, &command] { chosen = [=, &command] { return exec(*tun, *socket, command); }; });
}

}  // namespace hop
