#pragma once
// What a running network does about requests that come by its control socket.

#include <memory>
#include <string>
#include <vector>

#include "stack/net/happening.hpp"
#include "tools/control/server.hpp"

namespace hop {

class Session;

/// Answers requests about a session, which outlives this, and tells of events who wants to know.
class SessionControl {
 public:
  /// Throws Failure when there can be no socket at `path`.
  SessionControl(boost::asio::io_context& io, Session& session, const std::string& path);

  [[nodiscard]] const std::string& path() const { return server_.path(); }
  /// Tells of a change that was made.
  void tell(Instant at, const Change& change);

 private:
  using Peer = std::shared_ptr<ControlPeer>;
  struct Listener {
    std::weak_ptr<ControlPeer> peer;
    bool all;                // every packet, or only those that did not get on?
    std::uint64_t lost = 0;  // lines that it was too slow for
  };

  void answer(const std::string& line, const Peer& peer);
  void listen(const Peer& peer, bool all);
  void stop_observing();
  void tell(Instant at, const Happening& happening);
  void count_unseen();
  void tell(Listener& listener, const std::string& line);

  boost::asio::io_context& io_;
  Session& session_;
  ControlServer server_;
  std::vector<Listener> listeners_;
};

}  // namespace hop
