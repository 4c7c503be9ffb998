#pragma once
// What the commands about a running network share.

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>
#include <string>

#include "tools/control/socket.hpp"

namespace hop {

/// A connection to the network that the command line means.
class ControlClient {
 public:
  /// Throws Failure when there is none.
  explicit ControlClient(const std::string& socket)
      : fd_(connect_to(socket_of_client(socket))), lines_(fd_.get()) {}

  /// Sends a request; the answer. Throws Failure with the error that the network tells.
  [[nodiscard]] boost::json::object ask(const std::string& request);
  /// The next line after the answer; nothing when the network has ended.
  [[nodiscard]] std::optional<std::string> next() { return lines_.next(); }
  /// Those that came with the answer.
  [[nodiscard]] std::pair<UniqueFd, UniqueFd> take_descriptors() {
    return lines_.take_descriptors();
  }

 private:
  UniqueFd fd_;
  LineReader lines_;
};

/// Adds --control.
[[nodiscard]] std::shared_ptr<std::string> add_control_option(CLI::App& command);

}  // namespace hop
