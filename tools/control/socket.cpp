#include "tools/control/socket.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <vector>

#include "tools/failure.hpp"
#include "tun/error.hpp"

namespace hop {

namespace {

namespace fs = std::filesystem;

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  if (path.size() >= sizeof address.sun_path) {
    throw Failure(kUsageError, fmt::format("{}: the path of a socket has {} bytes at most", path,
                                           sizeof address.sun_path - 1));
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

UniqueFd new_socket() {
  UniqueFd fd{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  if (!fd) throw Failure(kFailed, "cannot make a socket: " + reason_of(errno));
  return fd;
}

template <class Call>
int with_address(const std::string& path, Call call) {
  const sockaddr_un address = address_of(path);
  return call(reinterpret_cast<const sockaddr*>(&address), socklen_t{sizeof address});
}

/// -1 and errno when nobody listens there.
UniqueFd try_to_connect(const std::string& path) {
  UniqueFd fd = new_socket();
  const int result = with_address(
      path, [&](const sockaddr* to, socklen_t size) { return ::connect(fd.get(), to, size); });
  return result == 0 ? std::move(fd) : UniqueFd{};
}

fs::path directory() {
  const char* const runtime = std::getenv("XDG_RUNTIME_DIR");
  if (runtime != nullptr && *runtime != '\0' && ::access(runtime, W_OK) == 0) {
    return fs::path{runtime} / "hop";
  }
  if (::geteuid() == 0) return "/run/hop";
  return fs::temp_directory_path() / fmt::format("hop-{}", ::geteuid());
}

/// In a directory that anybody may write to, somebody else may have made it.
void require_own(const fs::path& directory) {
  struct stat found{};
  if (::lstat(directory.c_str(), &found) == 0 && S_ISDIR(found.st_mode) &&
      found.st_uid == ::geteuid() && (found.st_mode & 077U) == 0) {
    return;
  }
  throw Failure(kFailed, fmt::format("{} is not a directory of our own; remove it, or name another "
                                     "socket with --control",
                                     directory.string()));
}

/// Is it a socket on which nobody listens any more? Anything else refuses a connection, too.
bool is_left_over(const std::string& path) {
  struct stat found{};
  return errno == ECONNREFUSED && ::lstat(path.c_str(), &found) == 0 && S_ISSOCK(found.st_mode);
}

/// Those that answer; what is left of processes that were killed is removed.
std::vector<std::string> running_networks() {
  std::vector<std::string> sockets;
  std::error_code none;
  if (fs::exists(directory(), none)) require_own(directory());
  for (const fs::directory_entry& entry : fs::directory_iterator(directory(), none)) {
    if (entry.path().extension() != ".sock") continue;
    if (try_to_connect(entry.path().string())) {
      sockets.push_back(entry.path().string());
    } else if (is_left_over(entry.path().string())) {
      fs::remove(entry.path(), none);
    }
  }
  return sockets;
}

}  // namespace

std::string default_socket() {
  const fs::path where = directory();
  if (::mkdir(where.c_str(), 0700) != 0 && errno != EEXIST) {
    throw Failure(kFailed, fmt::format("cannot make {}: {}; name another place with --control",
                                       where.string(), reason_of(errno)));
  }
  require_own(where);
  return (where / fmt::format("{}.sock", ::getpid())).string();
}

std::string socket_of_client(const std::string& wanted) {
  if (!wanted.empty()) return wanted;
  const char* const ours = std::getenv(kControlVariable);
  if (ours != nullptr && *ours != '\0') return ours;
  const std::vector<std::string> running = running_networks();
  if (running.size() == 1) return running.front();
  if (running.empty()) {
    throw Failure(kFailed, "no network runs; start one with 'hop up' or 'hop run'");
  }
  throw Failure(kUsageError, fmt::format("several networks run; choose with --control one of: {}",
                                         fmt::join(running, ", ")));
}

UniqueFd listen_at(const std::string& path) {
  UniqueFd fd = new_socket();
  if (!try_to_connect(path) && is_left_over(path)) ::unlink(path.c_str());
  const mode_t before = ::umask(0177);
  const int bound = with_address(
      path, [&](const sockaddr* at, socklen_t size) { return ::bind(fd.get(), at, size); });
  const int error = errno;
  ::umask(before);
  constexpr int kWaiting = 16;
  if (bound == 0 && ::listen(fd.get(), kWaiting) == 0) return fd;
  throw Failure(kFailed, fmt::format("cannot make the control socket {}: {}", path,
                                     reason_of(bound == 0 ? errno : error)));
}

UniqueFd connect_to(const std::string& path) {
  UniqueFd fd = try_to_connect(path);
  if (fd) return fd;
  throw Failure(kFailed,
                fmt::format("no network answers at {}: {}; does it run?", path, reason_of(errno)));
}

std::optional<std::string> LineReader::next() {
  constexpr std::size_t kTwo = 2 * sizeof(int);
  while (rest_.find('\n') == std::string::npos) {
    std::array<char, 4096> bytes{};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(kTwo)> control{};
    iovec part{.iov_base = bytes.data(), .iov_len = bytes.size()};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const ssize_t size = ::recvmsg(fd_, &message, MSG_CMSG_CLOEXEC);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) throw Failure(kFailed, "the network does not answer: " + reason_of(errno));
    if (size == 0) return std::nullopt;
    rest_.append(bytes.data(), static_cast<std::size_t>(size));
    const cmsghdr* const passed = CMSG_FIRSTHDR(&message);
    if (passed == nullptr || passed->cmsg_type != SCM_RIGHTS ||
        passed->cmsg_len != CMSG_LEN(kTwo)) {
      continue;
    }
    std::array<int, 2> fds{};
    std::memcpy(fds.data(), CMSG_DATA(passed), kTwo);
    passed_ = {UniqueFd{fds[0]}, UniqueFd{fds[1]}};
  }
  const std::size_t end = rest_.find('\n');
  std::string line = rest_.substr(0, end);
  rest_.erase(0, end + 1);
  return line;
}

void send_line(int fd, std::string_view line) {
  std::string text{line};
  text += '\n';
  for (std::string_view rest = text; !rest.empty();) {
    const ssize_t sent = ::send(fd, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) throw Failure(kFailed, "the network does not listen: " + reason_of(errno));
    rest.remove_prefix(static_cast<std::size_t>(sent));
  }
}

}  // namespace hop
