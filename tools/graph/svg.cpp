#include "tools/graph/svg.hpp"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>

#include "tools/failure.hpp"
#include "tun/error.hpp"

namespace hop {

namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

/// A file without a name.
File nameless() {
  File file(std::tmpfile());
  if (!file) throw Failure(kFailed, fmt::format("no temporary file: {}", reason_of(errno)));
  return file;
}

File holding(const std::string& text) {
  File file = nameless();
  std::fwrite(text.data(), 1, text.size(), file.get());
  if (std::fflush(file.get()) != 0) {
    throw Failure(kFailed, fmt::format("no temporary file: {}", reason_of(errno)));
  }
  std::rewind(file.get());
  return file;
}

std::string content_of(std::FILE* file) {
  std::string text;
  std::array<char, 4096> piece{};
  std::rewind(file);
  while (const std::size_t size = std::fread(piece.data(), 1, piece.size(), file)) {
    text.append(piece.data(), size);
  }
  return text;
}

/// Runs `dot -Tsvg` from one file to the other; its exit status, or 128 and more.
int run_dot(std::FILE* from, std::FILE* to) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, fileno(from), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, fileno(to), STDOUT_FILENO);
  char name[] = "dot";
  char format[] = "-Tsvg";
  char* const words[] = {name, format, nullptr};
  pid_t pid = 0;
  const int error = posix_spawnp(&pid, name, &files, nullptr, words, environ);
  posix_spawn_file_actions_destroy(&files);
  if (error != 0) {
    throw Failure(kFailed, fmt::format("cannot run dot, which draws SVG: {}; install graphviz "
                                       "(apt-get install graphviz), or use --format dot",
                                       reason_of(error)));
  }
  int state = 0;
  while (waitpid(pid, &state, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
}

}  // namespace

std::string svg_of(const std::string& dot) {
  const File from = holding(dot);
  const File to = nameless();
  const int status = run_dot(from.get(), to.get());
  if (status != 0) {
    throw Failure(kFailed, fmt::format("dot, which draws SVG, failed with status {}", status));
  }
  return content_of(to.get());
}

}  // namespace hop
