#pragma once
// The machine as the tests see it: through ip(8), which knows nothing of hop's netlink code, and
// through child processes with fewer rights.

#include <functional>
#include <string>

#include "tun/device.hpp"

namespace hop::test {

/// What a shell command prints. A status other than 0 fails the test.
std::string sh(const std::string& command);

/// Whether `ip link` shows a device of that name.
bool device_exists(const std::string& name);

/// Everything that ip(8) says about devices, addresses, routes and rules. Left out is what the
/// kernel changes by itself when somebody attaches to a TUN or it was up for the first time: its
/// carrier, its queueing discipline, its link-local IPv6 address.
std::string state_of_machine();

/// Runs `body` in a child process and returns what it returned. Whatever namespaces it enters and
/// rights it gives up, the test keeps its own. An exception becomes "exception: ...".
std::string in_child(const std::function<std::string()>& body);

/// Gives up every capability of this process, for good, but those in the mask `kept`.
void drop_capabilities(unsigned kept = 0);

/// Options for a device with 198.18.0.1/24.
TunOptions options_for(const std::string& name);

/// The message of the TunError that setting up a device throws; empty when it does not.
std::string error_of(const TunOptions& options);

/// A persistent TUN device made with ip(8), gone at the end of the test.
class ExistingDevice {
 public:
  explicit ExistingDevice(std::string name, const std::string& flags = "mode tun");
  ~ExistingDevice();
  ExistingDevice(const ExistingDevice&) = delete;
  ExistingDevice& operator=(const ExistingDevice&) = delete;

 private:
  std::string name_;
};

}  // namespace hop::test
