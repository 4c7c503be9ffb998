#pragma once
// The sessions of a network address translator: which external endpoint stands for which internal
// one (RFC 3022 section 2.2, RFC 4787 section 4).

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <utility>

#include "stack/base/drop_reason.hpp"
#include "stack/base/random.hpp"
#include "stack/ip/nat_policy.hpp"
#include "stack/ip/port_set.hpp"

namespace hop {

/// A session as one side of the translator knows it.
struct NatKey {
  std::uint8_t protocol = 0;
  NatEndpoint own{};   ///< internal, or the external one that stands for it
  NatEndpoint peer{};  ///< in the external realm
  constexpr auto operator<=>(const NatKey&) const = default;
};

/// What translation needs to know of a TCP segment; of anything else nothing.
struct NatTcpFlags {
  bool syn = false, ack = false, fin = false, rst = false;
};

/// Sessions in the order of both their keys, so that all which share an endpoint, or an endpoint
/// and the peer's address, stand together: the three behaviours of RFC 4787 are three lengths of a
/// prefix. A mapping lasts as long as one of its sessions. Only packets from inside make sessions,
/// so nobody outside can fill the table; packets of a session keep it in both directions (RFC 4787
/// REQ-6 and REQ-6 a). Sessions that are over are forgotten when room is needed, so that no timer
/// is. Memory is allocated for new sessions alone, and for peers that ask for a forward and have
/// not been answered: their answers come from the address that they asked.
class NatTable {
 public:
  NatTable(const NatPolicy& policy, Random random) : policy_(policy), random_(random) {}
  /// From now on; what is mapped stays where it is, unless `policy` maps otherwise than before.
  void change(const NatPolicy& policy);

  /// The external endpoint of an internal one that sends to a peer: of its session, of another one
  /// with the same mapping, of a port forward, or a new one at the address `external`, unless the
  /// peer has asked another. Why not: nat_table_full or nat_exhausted.
  [[nodiscard]] std::expected<NatEndpoint, DropReason> map(const NatKey& internal,
                                                           Ipv4Address external, NatTcpFlags flags,
                                                           Instant now);
  /// The same without a new session, and nothing is changed.
  [[nodiscard]] std::optional<NatEndpoint> find_external(const NatKey& internal,
                                                         Ipv4Address external, Instant now) const;
  /// Who gets what a peer sends to an external endpoint. Why not: nat_no_mapping, or nat_filtered
  /// where there is one that does not let this peer in.
  [[nodiscard]] std::expected<NatEndpoint, DropReason> find_internal(const NatKey& external,
                                                                     Instant now) const;
  /// Who has sent from an external endpoint to that peer: for errors about it.
  [[nodiscard]] std::optional<NatEndpoint> find_sender(const NatKey& external, Instant now) const;
  /// A packet of the peer has come in.
  void note_inward(const NatKey& external, NatTcpFlags flags, Instant now);
  /// It was for the forward of an external address, which answers come from. Not remembered beyond
  /// the limit of sessions: whoever fills that from outside takes no room from those inside.
  void note_asked(const NatKey& external, Instant now);
  /// The external address at which a peer asked an internal endpoint last, if it did.
  [[nodiscard]] std::optional<Ipv4Address> asked_address(const NatKey& internal, Instant now) const;

  /// Sessions, those included that are over and not yet forgotten.
  [[nodiscard]] std::size_t size() const noexcept { return sessions_.size(); }

 private:
  struct Session {
    NatEndpoint external;
    Instant deadline{};
    // Of TCP, seen so far.
    bool acked_out = false, acked_in = false, finished_out = false, finished_in = false;
    bool reset = false;
    bool was_asked = false;  // at its external address, by the peer

    [[nodiscard]] bool is_closing() const { return reset || (finished_out && finished_in); }
  };
  using Sessions = std::map<NatKey, Session>;
  using Externals = std::map<NatKey, Sessions::iterator>;
  // What a peer has asked, until the answer makes a session of it.
  struct Asked {
    Ipv4Address address;
    Instant deadline;
  };

  [[nodiscard]] const NatForward* forward_to(const NatKey& internal) const;
  [[nodiscard]] const NatForward* forward_of(const NatKey& external) const;
  [[nodiscard]] bool has_open_connection(const NatKey& internal, Instant now) const;
  [[nodiscard]] bool has_room_for_asked(Instant now);
  [[nodiscard]] const Session* with_mapping(const NatKey& internal, Ipv4Address external,
                                            Instant now) const;
  [[nodiscard]] bool is_free(const NatKey& external, Instant now) const;
  [[nodiscard]] std::optional<std::uint16_t> assign(const NatKey& internal, Ipv4Address external,
                                                    Instant now);
  [[nodiscard]] std::uint16_t first_to_try();
  [[nodiscard]] std::optional<std::uint16_t> search(const NatKey& wanted, Instant now);
  [[nodiscard]] Sessions::iterator find_session(const NatKey& internal, Ipv4Address external,
                                                Instant now);
  [[nodiscard]] std::expected<Sessions::iterator, DropReason> begin(const NatKey& internal,
                                                                    Ipv4Address external,
                                                                    Instant now);
  Sessions::iterator add(const NatKey& internal, const NatEndpoint& external);
  void note_ports();
  [[nodiscard]] PortSet& ports_of(const NatKey& external);
  void release(const NatKey& external);
  static void note_outward(Session& session, NatTcpFlags flags);
  [[nodiscard]] bool has_room(Instant now);
  void forget(Sessions::iterator session);
  void forget_expired(Instant now);
  void keep(std::uint8_t protocol, Session& session, Instant now);
  [[nodiscard]] Duration timeout(std::uint8_t protocol, const Session& session) const;

  NatPolicy policy_;
  Random random_;
  Sessions sessions_;              // by their internal endpoints
  Externals externals_;            // the same by their external ones
  std::map<NatKey, Asked> asked_;  // by the internal endpoints of forwards
  // By protocol and external address: numbers of sessions, until they are forgotten, and forwards.
  std::map<std::pair<std::uint8_t, Ipv4Address>, PortSet> ports_;
  std::uint16_t next_port_ = 0;
  Instant next_asked_sweep_{};
  std::size_t sweep_at_ = 64;                // so many, and those that are over are looked for
  Instant first_deadline_ = Instant::max();  // none is over before
};

}  // namespace hop
