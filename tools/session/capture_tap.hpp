#pragma once
// --capture: what passes the TUNs, into a file.

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>

#include "tools/capture.hpp"
#include "tools/failure.hpp"
#include "tun/pump.hpp"

namespace hop {

/// Captures packets until the file cannot be written any more, which is told once and remembered;
/// the network goes on without it. The file is never behind by more than a moment, so it can be
/// watched while it grows.
class CaptureTap {
 public:
  CaptureTap(boost::asio::io_context& io, const std::string& path)
      : writer_(std::in_place, path), timer_(io) {}

  void see(Instant at, Bytes packet);
  /// Writes what has not been written yet.
  void flush();
  [[nodiscard]] bool failed() const { return !writer_; }

 private:
  void flush_soon();
  void give_up(const Failure& why);

  std::optional<CaptureWriter> writer_;
  boost::asio::steady_timer timer_;
  bool flush_is_due_ = false;
};

}  // namespace hop
