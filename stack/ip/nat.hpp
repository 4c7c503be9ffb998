#pragma once
// A network address translator (RFC 3022): what becomes of each packet that comes through.

#include <expected>
#include <optional>
#include <vector>

#include "stack/base/drop_reason.hpp"
#include "stack/base/random.hpp"
#include "stack/ip/nat_rewrite.hpp"
#include "stack/ip/nat_table.hpp"

namespace hop {

/// Decides by sessions, port forwards and pairs of addresses. Nothing is changed in a packet before
/// that is decided: where() says where an inward packet goes next, which its route depends on, and
/// translation() what it becomes. Packets are whole: fragments are put together before. Addresses
/// of protocols other than ICMP, UDP and TCP are translated and nothing else in them.
class Nat {
 public:
  Nat(const NatPolicy& policy, Random random) : policy_(policy), table_(policy, random) {}
  void change(const NatPolicy& policy);
  /// The addresses of the interfaces that face the external realm, the first one's primary first.
  void set_own(std::vector<Ipv4Address> own) { own_ = std::move(own); }

  /// May a packet to `address` be for somebody inside?
  [[nodiscard]] bool is_external(Ipv4Address address) const;
  [[nodiscard]] const NatPolicy& policy() const noexcept { return policy_; }

  /// Where a packet to an external address goes: to which internal one. Why not: `none` where it is
  /// for the translator itself, nat_filtered where nobody may know.
  [[nodiscard]] std::expected<Ipv4Address, DropReason> where(const Ipv4HeaderView& ip,
                                                             bool from_inside, Instant now) const;

  /// What a packet becomes. With `external` it comes from inside and goes out, or back in, and that
  /// is the address which those without one of their own share.
  [[nodiscard]] std::expected<Translation, DropReason> translation(
      const Ipv4HeaderView& ip, std::optional<Ipv4Address> external, Instant now);

  /// The address that is shared by what leaves by the interface with the address `own`.
  [[nodiscard]] Ipv4Address shared(Ipv4Address own) const { return policy_.address.value_or(own); }
  /// The same for what is turned round: goes back in.
  [[nodiscard]] Ipv4Address shared() const {
    return shared(own_.empty() ? Ipv4Address{} : own_.front());
  }

 private:
  [[nodiscard]] std::optional<Ipv4Address> pair_of_internal(Ipv4Address internal) const;
  [[nodiscard]] std::optional<Ipv4Address> pair_of_external(Ipv4Address external) const;
  [[nodiscard]] std::optional<Ipv4Address> pair_of_sender(const NatKey& internal,
                                                          Instant now) const;
  [[nodiscard]] bool has_several_addresses() const;
  [[nodiscard]] std::expected<NatEnd, DropReason> receiver_of(const NatKey& external,
                                                              Instant now) const;
  [[nodiscard]] std::optional<NatEnd> sender_of(const NatKey& external, Instant now) const;
  [[nodiscard]] std::optional<NatEnd> known_external(const NatKey& internal, Ipv4Address shared,
                                                     Instant now) const;
  [[nodiscard]] std::expected<NatEnd, DropReason> external_for(const NatFlow& flow, bool may_begin,
                                                               Ipv4Address shared, Instant now);
  [[nodiscard]] std::expected<Ipv4Address, DropReason> where_error(const Ipv4HeaderView& ip,
                                                                   bool from_inside,
                                                                   Instant now) const;
  [[nodiscard]] std::expected<Translation, DropReason> translation_of_error(
      const Ipv4HeaderView& ip, std::optional<Ipv4Address> external, Instant now) const;

  NatPolicy policy_;
  NatTable table_;
  std::vector<Ipv4Address> own_;
};

}  // namespace hop
