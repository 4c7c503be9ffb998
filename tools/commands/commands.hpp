#pragma once
// The subcommands of hop.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "stack/net/topology.hpp"
#include "tools/session/options.hpp"

namespace hop {

/// What the command line asks for; returns the exit status.
using CommandAction = std::function<int()>;

/// Each adds a subcommand to `app`, which sets `chosen` when it is given.
void add_up(CLI::App& app, CommandAction& chosen);
/// `command` is what stands behind `--`; empty for a shell.
void add_run(CLI::App& app, CommandAction& chosen, const std::vector<std::string>& command);
/// `command` is what stands behind `--`; empty for a shell.
void add_exec(CLI::App& app, CommandAction& chosen, const std::vector<std::string>& command);
void add_set(CLI::App& app, CommandAction& chosen);
void add_stats(CLI::App& app, CommandAction& chosen);
void add_events(CLI::App& app, CommandAction& chosen);
void add_check(CLI::App& app, CommandAction& chosen);
void add_generate(CLI::App& app, CommandAction& chosen);
void add_graph(CLI::App& app, CommandAction& chosen);
void add_import(CLI::App& app, CommandAction& chosen);
void add_schema(CLI::App& app, CommandAction& chosen);
void add_ping(CLI::App& app, CommandAction& chosen);
void add_traceroute(CLI::App& app, CommandAction& chosen);
void add_replay(CLI::App& app, CommandAction& chosen);
void add_conform(CLI::App& app, CommandAction& chosen);

/// Adds the options that `hop up` and `hop run` share.
void add_session_options(CLI::App& command, SessionOptions& options);

/// Where to print: not into a capture that has standard output for itself.
[[nodiscard]] std::FILE* output_of(const SessionOptions& options);

/// Prints what runs: the TUNs with what is routed into them, for the tour what to try, and how to
/// end it.
void announce(const Topology& topology, const SessionOptions& options, std::string_view how_to_end);

}  // namespace hop
