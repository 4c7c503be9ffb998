#include "tools/run/signal_relay.hpp"

#include <system_error>

namespace hop {

namespace {

// SIGTSTP, SIGTTIN and SIGTTOU are not among them: the terminal stops hop and its command together.
constexpr int kRelayed[] = {SIGHUP,  SIGINT,  SIGQUIT,  SIGTERM, SIGUSR1,
                            SIGUSR2, SIGCONT, SIGWINCH, SIGCHLD};
constexpr int kAskingToEnd[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};

template <std::size_t n>
sigset_t set_of(const int (&signals)[n]) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) sigaddset(&set, signal);
  return set;
}

void handle(int signal, sighandler_t handler, struct sigaction& before) {
  struct sigaction action{};
  action.sa_handler = handler;
  sigaction(signal, &action, &before);
}

int open_signalfd() {
  const sigset_t relayed = set_of(kRelayed);
  const int fd = signalfd(-1, &relayed, SFD_NONBLOCK | SFD_CLOEXEC);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), "signalfd");
  return fd;
}

}  // namespace

SignalRelay::SignalRelay(boost::asio::io_context& io) : descriptor_(io, open_signalfd()) {
  const sigset_t relayed = set_of(kRelayed);
  sigprocmask(SIG_BLOCK, &relayed, &mask_before_);
  handle(SIGPIPE, SIG_IGN, pipe_before_);
  handle(SIGCHLD, SIG_DFL, child_before_);
}

SignalRelay::~SignalRelay() { restore(); }

void SignalRelay::restore() const {
  sigaction(SIGCHLD, &child_before_, nullptr);
  sigaction(SIGPIPE, &pipe_before_, nullptr);
  sigprocmask(SIG_SETMASK, &mask_before_, nullptr);
}

void SignalRelay::start(Handler handler) {
  handler_ = std::move(handler);
  wait();
}

std::optional<int> SignalRelay::take_pending_end() {
  const sigset_t asking = set_of(kAskingToEnd);
  constexpr timespec kNow{};
  const int signal = sigtimedwait(&asking, nullptr, &kNow);
  return signal > 0 ? std::optional{signal} : std::nullopt;
}

void SignalRelay::wait() {
  descriptor_.async_wait(boost::asio::posix::descriptor_base::wait_read,
                         [this](const boost::system::error_code& error) {
                           if (error) return;
                           read_all();
                           wait();
                         });
}

void SignalRelay::read_all() {
  signalfd_siginfo signal{};
  while (::read(descriptor_.native_handle(), &signal, sizeof signal) == sizeof signal) {
    handler_(signal);
  }
}

}  // namespace hop
