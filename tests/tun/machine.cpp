#include "tests/tun/machine.hpp"

#include <gtest/gtest.h>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <stdexcept>

namespace hop::test {
namespace {

// Filters for state_of_machine().
constexpr const char* kIpv6OfKernel = "grep -v -e fe80: -e ff00:";
constexpr const char* kCarrier =
    "sed -e 's/NO-CARRIER,//' -e 's/,LOWER_UP//' -e 's/ linkdown//' -e 's/ state [A-Z]*//'";
constexpr const char* kOnceUp = "sed -e 's/ qdisc [a-z_]*//' -e 's/ addrgenmode [a-z0-9]*//'";

std::string read_all(std::FILE* from) {
  std::string text;
  std::array<char, 4096> piece{};
  std::size_t size = 0;
  while ((size = std::fread(piece.data(), 1, piece.size(), from)) > 0) {
    text.append(piece.data(), size);
  }
  return text;
}

[[noreturn]] void run_child(const std::function<std::string()>& body, int to) {
  std::string result;
  try {
    result = body();
  } catch (const std::exception& error) {
    result = std::string{"exception: "} + error.what();
  }
  const bool written = ::write(to, result.data(), result.size()) >= 0;
  ::_exit(written ? 0 : 1);
}

}  // namespace

std::string sh(const std::string& command) {
  std::FILE* const pipe = ::popen((command + " 2>&1").c_str(), "re");
  if (pipe == nullptr) throw std::runtime_error{"cannot run " + command};
  const std::string output = read_all(pipe);
  EXPECT_EQ(::pclose(pipe), 0) << command << ": " << output;
  return output;
}

bool device_exists(const std::string& name) {
  return sh("ip -o link").find(' ' + name + ':') != std::string::npos;
}

std::string state_of_machine() {
  return sh(std::string{"(ip -d -o link; ip -o addr | sed 's/ *valid_lft.*//'; "
                        "ip route show table all; ip -6 route show table all; ip rule) | "} +
            kIpv6OfKernel + " | " + kCarrier + " | " + kOnceUp);
}

std::string in_child(const std::function<std::string()>& body) {
  std::array<int, 2> ends{};
  EXPECT_EQ(::pipe(ends.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) run_child(body, ends[1]);
  ::close(ends[1]);
  std::FILE* const from = ::fdopen(ends[0], "r");
  if (from == nullptr) throw std::runtime_error{"cannot read from the child"};
  const std::string result = read_all(from);
  std::fclose(from);
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0) << "the child crashed";
  return result;
}

void drop_capabilities(unsigned kept) {
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
  sets[0].effective = sets[0].permitted = kept;
  EXPECT_EQ(::syscall(SYS_capset, &header, sets.data()), 0);
}

TunOptions options_for(const std::string& name) {
  TunOptions options;
  options.name = name;
  options.address = InterfaceAddress::parse("198.18.0.1/24").value();
  return options;
}

std::string error_of(const TunOptions& options) try {
  const TunDevice device{options};
  return "";
} catch (const TunError& error) {
  return error.what();
}

ExistingDevice::ExistingDevice(std::string name, const std::string& flags)
    : name_(std::move(name)) {
  sh("ip tuntap add " + name_ + ' ' + flags);
}

ExistingDevice::~ExistingDevice() { sh("ip link delete " + name_); }

}  // namespace hop::test
