#pragma once
// What the clients' JSON has in common.

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "stack/node/node.hpp"
#include "tools/client/host.hpp"

namespace hop {

/// {"address": "198.18.0.2", "name": "r1"}; without the name when no node has the address.
[[nodiscard]] boost::json::object json_host(Ipv4Address address, const ClientHost& host);
/// With all digits down to nanoseconds.
[[nodiscard]] double json_milliseconds(Duration duration);
/// {"type", "code", "name", "text"}; with "mtu", "pointer" or "gateway" where the message has it.
[[nodiscard]] boost::json::object json_message(const IcmpMessage& message);
/// {"route": ["198.18.0.2", ...], "times": [{"address": ..., "ms": ...}], "unrecorded": 0}
[[nodiscard]] boost::json::object json_records(const Ipv4HeaderView& ip, const Options& options);

}  // namespace hop
