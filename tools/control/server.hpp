#pragma once
// The network's end of the control socket.

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/streambuf.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <string>

namespace hop {

/// Somebody who has connected. It lives until they close or send what is no line.
class ControlPeer : public std::enable_shared_from_this<ControlPeer> {
 public:
  /// Gets each line of a peer, without its end.
  using Handler = std::function<void(const std::string&, const std::shared_ptr<ControlPeer>&)>;

  /// Who does not read gets no more than so many lines behind.
  static constexpr std::size_t kMostWaiting = 4096;

  ControlPeer(boost::asio::io_context& io, int fd, Handler handler);
  void start() { read(); }
  /// Sends a line, which this adds the end to. False if it was dropped: too many wait.
  bool send(std::string line);
  /// The same, at once and with two descriptors. False if the peer does not take it.
  bool send_with(std::string line, int first, int second);
  [[nodiscard]] bool is_gone() const { return gone_; }

 private:
  void read();
  void write();
  void leave();

  boost::asio::posix::stream_descriptor descriptor_;
  boost::asio::streambuf received_;
  std::deque<std::string> waiting_;
  Handler handler_;
  bool gone_ = false;
};

/// Listens at a path, which is removed in the end, while the io_context runs.
class ControlServer {
 public:
  /// Throws Failure when the socket cannot be made.
  ControlServer(boost::asio::io_context& io, std::string path, ControlPeer::Handler handler);
  ControlServer(const ControlServer&) = delete;
  ControlServer& operator=(const ControlServer&) = delete;
  ~ControlServer();

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  void accept();

  boost::asio::io_context& io_;
  std::string path_;
  ControlPeer::Handler handler_;
  boost::asio::posix::stream_descriptor listener_;
};

}  // namespace hop
