// hop graph: draws a network.

#include "tools/graph/graph.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <memory>

#include "tools/commands/commands.hpp"
#include "tools/config/load.hpp"
#include "tools/graph/svg.hpp"
#include "tools/replay/pending_file.hpp"
#include "tun/error.hpp"

namespace hop {

namespace {

constexpr const char* kExamples = R"(Examples:
  hop graph lab.yaml | dot -Tpdf -o lab.pdf         what graphviz can make of it
  hop graph lab.yaml --format svg --output lab.svg  drawn by graphviz's dot
  hop graph lab.yaml --format mermaid               for Markdown, between ```mermaid and ```
  hop graph                                         the tour network

TUNs, routers (round), hosts (square); a link of more than two ends is a node of its own. Beside the
lines: the subnet, the addresses, and what is not as by default.)";

struct GraphOptions {
  std::string file;
  std::string format = "dot";
  std::string output = "-";
};

std::string drawn(const Drawing& drawing, std::string_view format) {
  if (format == "mermaid") return mermaid_of(drawing);
  const std::string dot = dot_of(drawing);
  return format == "svg" ? svg_of(dot) : dot;
}

[[noreturn]] void cannot_write(const std::string& path) {
  throw Failure(kFailed, fmt::format("cannot write {}: {}", path, reason_of(errno)));
}

void write(const std::string& text, const std::string& path) {
  std::FILE* const file = std::fopen(path.c_str(), "we");
  if (file == nullptr) cannot_write(path);
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  if (std::fclose(file) != 0 || !written) cannot_write(path);
}

int graph(const GraphOptions& options) {
  const std::string text = drawn(drawing_of(load_topology(options.file)), options.format);
  if (options.output == "-") {
    fmt::print("{}", text);
    return kDone;
  }
  PendingFile file(options.output);
  write(text, file.path());
  file.commit();
  return kDone;
}

}  // namespace

void add_graph(CLI::App& app, CommandAction& chosen) {
  CLI::App& command = *app.add_subcommand("graph", "Draw a network");
  const auto options = std::make_shared<GraphOptions>();
  command.add_option("FILE", options->file, "Topology; without it the tour that is built in");
  command.add_option("--format", options->format, "dot (default), svg or mermaid")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"dot", "svg", "mermaid"}).description(""));
  command.add_option("--output", options->output, "File to write; standard output by default")
      ->type_name("FILE");
  command.footer(kExamples);
  command.callback([options, &chosen] { chosen = [options] { return graph(*options); }; });
}

}  // namespace hop
