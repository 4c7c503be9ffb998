#pragma once
// Extended echo requests (RFC 8335 section 2), and what answers them.

#include "tools/conform/cases/kit.hpp"
#include "tools/conform/extension.hpp"

namespace hop::conform {

inline constexpr unsigned kExtendedEcho = 42, kExtendedEchoReply = 43;
inline constexpr unsigned kByName = 1, kByIndex = 2, kByAddress = 3;  // C-Type
inline constexpr std::uint32_t kLocal = 1;                            // the L-bit

// Objects.
[[nodiscard]] Octets by_name(std::string_view name);
[[nodiscard]] Octets by_index(std::uint32_t index);
[[nodiscard]] Octets by_address(unsigned family, unsigned length, const Octets& address);
[[nodiscard]] Octets by_address(Address address);

/// A request with these bytes as its structure; `flags` is what stands behind the sequence number.
[[nodiscard]] Octets asking(const Octets& structure, std::uint32_t flags = kLocal);
/// The same with a right structure of these objects.
[[nodiscard]] Octets asking_about(const Octets& objects, std::uint32_t flags = kLocal);

/// What the last byte of a reply may be: bits that have to be set, and all that may be.
struct Status {
  unsigned set = 0, may = 0;
};
/// An active interface of its own. Whether IPv6 runs on it is not for us to say.
inline constexpr Status kActive{.set = 6, .may = 7};
[[nodiscard]] Check status_is(Status status);

/// The reply with this code, to whom and from whom it has to be.
[[nodiscard]] Pattern answered(const Datagram& request, unsigned code,
                               const std::vector<Check>& checks);

/// A request and the reply to it.
struct Query {
  std::string name;
  const char* clause;
  Level level;
  const char* rule;
  Octets message;
  unsigned code;
  std::vector<Check> checks = {};
  Needs needs = {};  ///< beside extended echo
};
/// A case of it, sent as this datagram, or from the prober to the system.
void add_query(Kit& kit, const Query& query, const Datagram& request);
void add_query(Kit& kit, const Query& query);

}  // namespace hop::conform
