#include "tools/session/capture_tap.hpp"

#include "tools/say.hpp"

namespace hop {

namespace {

constexpr std::chrono::milliseconds kFlushDelay{100};

}  // namespace

void CaptureTap::see(Instant at, Bytes packet) {
  if (!writer_) return;
  try {
    writer_->write(at, packet);
    flush_soon();
  } catch (const Failure& failure) {
    give_up(failure);
  }
}

void CaptureTap::flush_soon() {
  if (flush_is_due_) return;
  flush_is_due_ = true;
  timer_.expires_after(kFlushDelay);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) flush();
  });
}

void CaptureTap::flush() {
  flush_is_due_ = false;
  if (!writer_) return;
  try {
    writer_->flush();
  } catch (const Failure& failure) {
    give_up(failure);
  }
}

void CaptureTap::give_up(const Failure& why) {
  say_error(why.what());
  writer_.reset();
}

}  // namespace hop
