#include "stack/icmp/redirect_backoff.hpp"

namespace hop {

bool RedirectBackoff::due(Ipv4Address source, Instant now) {
  State& state = sources_.of(source);
  if (now > state.until) state.sent = 0;
  if (state.sent == kMost) {
    state.until = now + kSilence;
    return false;
  }
  const Instant last = state.until - kSilence;
  if (state.sent != 0 && now <= last + kLoad * (1U << state.sent)) return false;
  state.until = now + kSilence;
  ++state.sent;
  return true;
}

}  // namespace hop
