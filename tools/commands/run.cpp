// hop run: the network and a command in a private network namespace.

#include <fmt/format.h>

#include <cstdlib>
#include <memory>

#include "tools/commands/commands.hpp"
#include "tools/config/load.hpp"
#include "tools/control/socket.hpp"
#include "tools/run/child.hpp"
#include "tools/run/signal_relay.hpp"
#include "tools/session/session.hpp"
#include "tun/namespace.hpp"

namespace hop {

namespace {

constexpr const char* kExamples =
    R"(-- COMMAND...               Run this when packets are answered; without it a shell

Examples:
  hop run                                    a shell behind the tour network
  hop run -- traceroute -n 198.18.4.80       one command
  hop run lab.yaml -- ./my-tests --verbose   a test suite, with its exit status
  hop run lab.yaml --at tunB -- iperf3 -s    at the TUN tunB, if that has a 'netns' of its own

Needs no root. COMMAND sees the network and nothing else; nothing is left behind.)";

constexpr int kEndedBySignal = 128;

/// Was it sent by a process, with kill(2) and the like? What the terminal sends goes to all of its
/// foreground processes, so the command has it already.
bool is_from_process(const signalfd_siginfo& signal) { return signal.ssi_code <= 0; }

/// Runs the loop until the command has ended, and passes signals on to it meanwhile.
int wait_for(Child& child, SignalRelay& signals, boost::asio::io_context& io) {
  signals.start([&](const signalfd_siginfo& signal) {
    if (signal.ssi_signo == SIGCHLD) {
      if (child.status()) io.stop();
    } else if (is_from_process(signal)) {
      child.signal(static_cast<int>(signal.ssi_signo));
    }
  });
  io.run();
  return child.status().value_or(kFailed);
}

/// Before the private namespaces: afterwards we seem to be root.
void choose_socket(SessionOptions& options) try {
  if (options.control == "") options.control = default_socket();
} catch (const Failure&) {
  return;  // the session tells
}

int run(SessionOptions options, const std::string& at, const std::vector<std::string>& command) {
  Topology topology = load_topology(options.file);
  if (!options.tun.empty()) rename_tun(topology, options.tun);
  ReadyFd ready(options.ready_fd);
  choose_socket(options);
  enter_private_network();

  boost::asio::io_context io;
  SignalRelay signals(io);
  Namespaces namespaces = Namespaces::fresh_for(topology);
  Session session(io, std::move(topology), options, std::move(ready), std::move(namespaces));
  const UniqueFd network = session.open_network_of(at);
  unsetenv(kControlVariable);  // that of a network around this one
  if (!session.control_path().empty()) {
    setenv(kControlVariable, session.control_path().c_str(), 1);
  }
  session.start([] {});  // a lost device has been told; the command sees for itself what it means
  if (const auto signal = SignalRelay::take_pending_end()) return kEndedBySignal + *signal;
  if (command.empty() && !options.quiet) {
    announce(session.topology(), options,
             "This shell is inside; when it exits, all of it is gone.");
  }
  Child child(command.empty() ? shell_command() : command, [&] {
    signals.restore();
    join_namespaces(open_user_namespace().get(), network.get());
  });
  const int status = wait_for(child, signals, io);
  const bool sound = session.finish();
  return status == kDone && !sound ? kFailed : status;
}

}  // namespace

void add_run(CLI::App& app, CommandAction& chosen, const std::vector<std::string>& command) {
  CLI::App& sub = *app.add_subcommand(
      "run", "Run a network in a private namespace, and a command (a shell) behind it");
  const auto options = std::make_shared<SessionOptions>();
  const auto at = std::make_shared<std::string>();
  add_session_options(sub, *options);
  sub.add_option("--at", *at, "The TUN where COMMAND runs, if not at the first")->type_name("TUN");
  sub.footer(kExamples);
  sub.callback([options, at, &chosen, &command] {
    chosen = [options, at, &command] { return run(*options, *at, command); };
  });
}

}  // namespace hop
