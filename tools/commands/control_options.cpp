#include "tools/commands/control_options.hpp"

#include "tools/failure.hpp"

namespace hop {

boost::json::object ControlClient::ask(const std::string& request) {
  send_line(fd_.get(), request);
  const auto line = lines_.next();
  if (!line) throw Failure(kFailed, "the network ended before it answered");
  boost::json::object answer = boost::json::parse(*line).as_object();
  if (const auto* const error = answer.if_contains("error")) {
    throw Failure(kUsageError, boost::json::value_to<std::string>(*error));
  }
  return answer;
}

std::shared_ptr<std::string> add_control_option(CLI::App& command) {
  auto socket = std::make_shared<std::string>();
  command
      .add_option("--control", *socket,
                  "The control socket of the network, if several run or it has one of its own")
      ->type_name("PATH");
  return socket;
}

}  // namespace hop
