// hop up: the network until it is interrupted.

#include <fmt/format.h>

#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <memory>

#include "tools/commands/commands.hpp"
#include "tools/config/load.hpp"
#include "tools/session/session.hpp"

namespace hop {

namespace {

constexpr const char* kExamples = R"(Examples:
  hop up                              the tour network; prints what to try
  hop up lab.yaml --capture lab.pcap  another network, and what passes its TUN devices
  hop up lab.yaml --ready-fd 3 3>ready &
                                      in the background; 'ready' is written when it answers

Needs CAP_NET_ADMIN (root). 'hop run' does not.)";

/// nohup(1) has SIGHUP ignored, and means it.
bool is_ignored(int signal) {
  struct sigaction action{};
  return sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

int up(const SessionOptions& options) {
  Topology topology = load_topology(options.file);
  if (!options.tun.empty()) rename_tun(topology, options.tun);
  std::signal(SIGPIPE, SIG_IGN);  // a reader that went away is an error of write(2)

  ReadyFd ready(options.ready_fd);
  boost::asio::io_context io;
  boost::asio::signal_set interrupts(io, SIGINT, SIGTERM, SIGQUIT);
  if (!is_ignored(SIGHUP)) interrupts.add(SIGHUP);
  interrupts.async_wait([&io](const boost::system::error_code&, int) { io.stop(); });

  Session session(io, std::move(topology), options, std::move(ready), Namespaces{});
  session.start([&io] { io.stop(); });
  if (!options.quiet) announce(session.topology(), options, "Ctrl-C ends it.");
  io.run();
  if (!options.quiet) session.print_counters(output_of(options));
  return session.finish() ? kDone : kFailed;
}

}  // namespace

void add_up(CLI::App& app, CommandAction& chosen) {
  CLI::App& command = *app.add_subcommand("up", "Run a network until interrupted");
  const auto options = std::make_shared<SessionOptions>();
  add_session_options(command, *options);
  command.footer(kExamples);
  command.callback([options, &chosen] { chosen = [options] { return up(*options); }; });
}

}  // namespace hop
