#pragma once
// Who looks at packets with a router alert on their way through a router (RFC 2113).

#include "stack/ip/received.hpp"
#include "stack/node/outbox.hpp"

namespace hop {

class Node;

/// Examines packets of one protocol that have a router alert and are for somebody else. It may send
/// through `node` from within the call. Owned by whoever registered it, for as long as it is.
class RouterAlertListener {
 public:
  RouterAlertListener() = default;
  RouterAlertListener(const RouterAlertListener&) = delete;
  RouterAlertListener& operator=(const RouterAlertListener&) = delete;
  virtual ~RouterAlertListener() = default;

  /// A packet or fragment as received; good for the call only. True takes it: it goes no further.
  /// False lets it be forwarded.
  virtual bool examine(const Received& packet, Node& node, Outbox& out) = 0;
};

}  // namespace hop
