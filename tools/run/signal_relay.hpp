#pragma once
// Signals as events of the loop.

#include <sys/signalfd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <csignal>
#include <functional>
#include <optional>

namespace hop {

/// Takes the signals that a command run by hop may be meant to get, and SIGCHLD, out of their
/// usual course: they are blocked and given to a handler instead, with where they came from.
/// SIGPIPE is ignored, so that a reader that went away is an error of write(2); SIGCHLD is not,
/// whatever hop inherited, or the kernel would not tell how a child ended. The destructor puts
/// everything back.
class SignalRelay {
 public:
  using Handler = std::function<void(const signalfd_siginfo&)>;

  explicit SignalRelay(boost::asio::io_context& io);
  SignalRelay(const SignalRelay&) = delete;
  SignalRelay& operator=(const SignalRelay&) = delete;
  ~SignalRelay();

  /// Gives every signal to `handler` while the io_context runs.
  void start(Handler handler);
  /// A signal that asks to end and came already, before start(); taken by this call.
  [[nodiscard]] static std::optional<int> take_pending_end();
  /// In a child: signals as they were before.
  void restore() const;

 private:
  void wait();
  void read_all();

  sigset_t mask_before_{};
  struct sigaction pipe_before_{};
  struct sigaction child_before_{};
  boost::asio::posix::stream_descriptor descriptor_;
  Handler handler_;
};

}  // namespace hop
