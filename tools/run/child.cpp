#include "tools/run/child.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <exception>

#include "tools/failure.hpp"
#include "tools/say.hpp"
#include "tun/error.hpp"

namespace hop {

namespace {

constexpr int kCannotRun = 126;
constexpr int kNotFound = 127;
constexpr int kKilled = 128;

std::vector<char*> arguments_of(const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  return arguments;
}

/// Nothing of the network is left when hop is gone, so the command cannot go on without it.
void die_with(pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) raise(SIGKILL);  // it died before we asked
}

}  // namespace

void become(const std::vector<std::string>& command) {
  execvp(command[0].c_str(), arguments_of(command).data());
  const int error = errno;
  say_error(fmt::format("cannot run {}: {}", command[0], reason_of(error)));
  _exit(error == ENOENT ? kNotFound : kCannotRun);
}

std::vector<std::string> shell_command() {
  const char* const shell = std::getenv("SHELL");
  return {shell != nullptr && *shell != '\0' ? shell : "/bin/sh"};
}

Child::Child(const std::vector<std::string>& command, const std::function<void()>& prepare)
    : parent_(getpid()), pid_(fork()) {
  if (pid_ < 0) {
    throw Failure(kFailed, fmt::format("cannot start {}: {}", command[0], reason_of(errno)));
  }
  if (pid_ > 0) return;
  die_with(parent_);
  try {
    prepare();
  } catch (const std::exception& error) {  // nothing of the parent's is to be taken down here
    say_error(error.what());
    _exit(kCannotRun);
  }
  become(command);
}

void Child::signal(int number) const {
  if (!status_) kill(pid_, number);
}

std::optional<int> Child::status() {
  int state = 0;
  if (status_ || waitpid(pid_, &state, WNOHANG) != pid_) return status_;
  if (WIFEXITED(state)) status_ = WEXITSTATUS(state);
  if (WIFSIGNALED(state)) status_ = kKilled + WTERMSIG(state);
  return status_;
}

}  // namespace hop
