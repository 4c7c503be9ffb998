#pragma once
// The control socket of a running network: where it is, and its two ends.
//
// A request is one line of YAML, which JSON is, too: { command: stats }. The answer is one line of
// JSON: {"error": TEXT}, or an object without that key; for `events` more lines follow.

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "tun/unique_fd.hpp"

namespace hop {

/// The variable that tells a command of `hop run` where the socket of its network is.
inline constexpr const char* kControlVariable = "HOP_CONTROL";

/// Where the socket of this process is if nobody says otherwise: in $XDG_RUNTIME_DIR/hop, else in
/// /run/hop for root, else in /tmp/hop-UID, which only the user may enter. Throws Failure when
/// there can be no such directory.
[[nodiscard]] std::string default_socket();

/// The socket that a client means: `wanted`, else that of the variable, else of the only network of
/// this user that runs. Throws Failure when there is none, or several.
[[nodiscard]] std::string socket_of_client(const std::string& wanted);

/// A listening socket at `path`, which is nobody's but the user's. Throws Failure.
[[nodiscard]] UniqueFd listen_at(const std::string& path);

/// A client's end, connected; it waits. Throws Failure.
[[nodiscard]] UniqueFd connect_to(const std::string& path);

/// Reads lines that come by a descriptor, with descriptors that come along.
class LineReader {
 public:
  explicit LineReader(int fd) : fd_(fd) {}
  /// The next line without its end; nothing when the other side has closed. Waits. Throws Failure.
  [[nodiscard]] std::optional<std::string> next();
  /// Two descriptors that came with what was read so far, or none.
  [[nodiscard]] std::pair<UniqueFd, UniqueFd> take_descriptors() { return std::move(passed_); }

 private:
  int fd_;
  std::string rest_;
  std::pair<UniqueFd, UniqueFd> passed_;
};

/// Sends all of `line` and its end. Throws Failure.
void send_line(int fd, std::string_view line);

}  // namespace hop
