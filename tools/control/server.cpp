#include "tools/control/server.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <cstring>
#include <istream>
#include <utility>

#include "tools/control/socket.hpp"

namespace hop {

namespace {

constexpr std::size_t kLongestLine = 1U << 20U;

using boost::asio::posix::descriptor_base;
using Error = boost::system::error_code;

}  // namespace

ControlPeer::ControlPeer(boost::asio::io_context& io, int fd, Handler handler)
    : descriptor_(io, fd), received_(kLongestLine), handler_(std::move(handler)) {
  descriptor_.non_blocking(true);
}

void ControlPeer::read() {
  boost::asio::async_read_until(descriptor_, received_, '\n',
                                [self = shared_from_this()](const Error& error, std::size_t) {
                                  if (error) return self->leave();
                                  std::istream lines(&self->received_);
                                  std::string line;
                                  std::getline(lines, line);
                                  self->handler_(line, self);
                                  if (!self->gone_) self->read();
                                });
}

bool ControlPeer::send(std::string line) {
  if (gone_ || waiting_.size() >= kMostWaiting) return false;
  waiting_.push_back(std::move(line) + '\n');
  if (waiting_.size() == 1) write();
  return true;
}

void ControlPeer::write() {
  boost::asio::async_write(descriptor_, boost::asio::buffer(waiting_.front()),
                           [self = shared_from_this()](const Error& error, std::size_t) {
                             if (error) return self->leave();
                             self->waiting_.pop_front();
                             if (!self->waiting_.empty()) self->write();
                           });
}

bool ControlPeer::send_with(std::string line, int first, int second) {
  line += '\n';
  const std::array fds{first, second};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof fds)> control{};
  iovec part{.iov_base = line.data(), .iov_len = line.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  cmsghdr* const passed = CMSG_FIRSTHDR(&message);
  passed->cmsg_level = SOL_SOCKET;
  passed->cmsg_type = SCM_RIGHTS;
  passed->cmsg_len = CMSG_LEN(sizeof fds);
  std::memcpy(CMSG_DATA(passed), fds.data(), sizeof fds);
  const bool is_sent =
      waiting_.empty() && ::sendmsg(descriptor_.native_handle(), &message, MSG_NOSIGNAL) ==
                              static_cast<ssize_t>(line.size());
  if (!is_sent) leave();  // rather than let it wait for ever
  return is_sent;
}

void ControlPeer::leave() {
  gone_ = true;
  Error none;
  descriptor_.close(none);
}

ControlServer::ControlServer(boost::asio::io_context& io, std::string path,
                             ControlPeer::Handler handler)
    : io_(io),
      path_(std::move(path)),
      handler_(std::move(handler)),
      listener_(io, listen_at(path_).release()) {
  listener_.non_blocking(true);
  accept();
}

ControlServer::~ControlServer() { ::unlink(path_.c_str()); }

void ControlServer::accept() {
  listener_.async_wait(descriptor_base::wait_read, [this](const Error& error) {
    if (error) return;
    const int fd = ::accept4(listener_.native_handle(), nullptr, nullptr, SOCK_CLOEXEC);
    if (fd >= 0) std::make_shared<ControlPeer>(io_, fd, handler_)->start();
    accept();
  });
}

}  // namespace hop
