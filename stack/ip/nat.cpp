#include "stack/ip/nat.hpp"

#include <algorithm>
#include <utility>

#include "stack/base/checksum.hpp"
#include "stack/wire/icmp.hpp"

namespace hop {
namespace {

std::optional<IcmpType> icmp_type_of(const Ipv4HeaderView& ip) {
  if (!ip.carries(IpProtocol::icmp) || ip.payload().empty()) return std::nullopt;
  return static_cast<IcmpType>(byte_at(ip.payload(), 0));
}

// A redirect is for whom it is sent to: about its own routes.
bool is_translated_error(const Ipv4HeaderView& ip) {
  const auto type = icmp_type_of(ip);
  return type && is_error(*type) && *type != IcmpType::redirect;
}

NatEnd end_of(const NatEndpoint& endpoint) { return {endpoint.address, endpoint.number}; }

// The ends of the packet that a sound error quotes. RFC 5508 REQ-3: the checksums of the message
// and of the quoted header have to be right, that of the transport behind it need not. RFC 792: an
// error goes to the source of the packet that it is about, which REQ-4 c and REQ-7 a make sure of
// behind the translator only if it was so before.
std::expected<NatFlow, DropReason> quoted_flow(const Ipv4HeaderView& error) {
  const auto icmp = IcmpView::parse(error.payload());
  if (!icmp) return std::unexpected(icmp.error());
  const auto quoted = Ipv4HeaderView::parse(icmp->data());
  if (!quoted || !has_right_checksum(quoted->header()) || quoted->fragment_offset() != 0) {
    return std::unexpected(DropReason::icmp_bad_quote);
  }
  if (quoted->source() != error.destination()) return std::unexpected(DropReason::icmp_bad_quote);
  auto flow = flow_of(*quoted);
  if (!flow) return std::unexpected(DropReason::icmp_bad_quote);
  return flow;
}

}  // namespace

void Nat::change(const NatPolicy& policy) {
  policy_ = policy;
  table_.change(policy);
}

bool Nat::is_external(Ipv4Address address) const {
  return std::ranges::find(own_, address) != own_.end() || pair_of_external(address) ||
         policy_.address == address;
}

std::optional<Ipv4Address> Nat::pair_of_internal(Ipv4Address internal) const {
  const auto at = std::ranges::find(policy_.one_to_one, internal, &NatPair::internal);
  return at == policy_.one_to_one.end() ? std::nullopt : std::optional{at->external};
}

std::optional<Ipv4Address> Nat::pair_of_external(Ipv4Address external) const {
  const auto at = std::ranges::find(policy_.one_to_one, external, &NatPair::external);
  return at == policy_.one_to_one.end() ? std::nullopt : std::optional{at->internal};
}

// Not of one that is asked by a forward of another address: the answer comes from there.
std::optional<Ipv4Address> Nat::pair_of_sender(const NatKey& internal, Instant now) const {
  const auto paired = pair_of_internal(internal.own.address);
  return paired && table_.asked_address(internal, now) ? std::nullopt : paired;
}

bool Nat::has_several_addresses() const {
  return own_.size() > 1 || policy_.address || !policy_.one_to_one.empty();
}

std::expected<NatEnd, DropReason> Nat::receiver_of(const NatKey& external, Instant now) const {
  if (const auto paired = pair_of_external(external.own.address)) return NatEnd{*paired};
  const auto internal = table_.find_internal(external, now);
  if (!internal) return std::unexpected(internal.error());
  return end_of(*internal);
}

std::optional<NatEnd> Nat::sender_of(const NatKey& external, Instant now) const {
  if (const auto paired = pair_of_external(external.own.address)) return NatEnd{*paired};
  const auto internal = table_.find_sender(external, now);
  return internal ? std::optional{end_of(*internal)} : std::nullopt;
}

std::optional<NatEnd> Nat::known_external(const NatKey& internal, Ipv4Address shared,
                                          Instant now) const {
  if (const auto paired = pair_of_sender(internal, now)) return NatEnd{*paired};
  const auto external = table_.find_external(internal, shared, now);
  return external ? std::optional{end_of(*external)} : std::nullopt;
}

std::expected<NatEnd, DropReason> Nat::external_for(const NatFlow& flow, bool may_begin,
                                                    Ipv4Address shared, Instant now) {
  if (const auto paired = pair_of_sender(flow.from_source(), now)) return NatEnd{*paired};
  if (!may_begin) return std::unexpected(DropReason::nat_no_mapping);
  const auto external = table_.map(flow.from_source(), shared, flow.tcp, now);
  if (!external) return std::unexpected(external.error());
  return end_of(*external);
}

// Of ICMP, what asks is for the translator itself, as ping of a NAT's address is, unless the
// address has a host of its own behind it.
std::expected<Ipv4Address, DropReason> Nat::where(const Ipv4HeaderView& ip, bool from_inside,
                                                  Instant now) const {
  if (is_translated_error(ip)) return where_error(ip, from_inside, now);
  if (const auto paired = pair_of_external(ip.destination())) return *paired;
  const auto type = icmp_type_of(ip);
  auto flow = flow_of(ip);
  if (!flow || (type && !is_reply(*type))) return std::unexpected(DropReason::none);
  if (from_inside) {
    // As the peer will see it; one that has sent nothing yet has no port.
    const auto external = known_external(flow->from_source(), shared(), now);
    flow->source =
        external ? NatEndpoint{external->address, external->number.value_or(flow->source.number)}
                 : NatEndpoint{shared()};
  }
  const auto internal = receiver_of(flow->from_destination(), now);
  if (internal) return internal->address;
  return std::unexpected(internal.error() == DropReason::nat_no_mapping ? DropReason::none
                                                                        : internal.error());
}

// Nobody has sent what it is about: then it is about a packet of the translator itself, or forged.
std::expected<Ipv4Address, DropReason> Nat::where_error(const Ipv4HeaderView& ip, bool from_inside,
                                                        Instant now) const {
  const std::optional<Ipv4Address> external = from_inside ? std::optional{shared()} : std::nullopt;
  const auto translation = translation_of_error(ip, external, now);
  if (translation && translation->destination) return translation->destination->address;
  return std::unexpected(DropReason::none);
}

std::expected<Translation, DropReason> Nat::translation(const Ipv4HeaderView& ip,
                                                        std::optional<Ipv4Address> external,
                                                        Instant now) {
  if (is_translated_error(ip)) {
    if (policy_.errors == NatErrors::drop) return std::unexpected(DropReason::nat_error_dropped);
    return translation_of_error(ip, external, now);
  }
  auto flow = flow_of(ip);
  if (!flow) return std::unexpected(flow.error());
  Translation result;
  if (external) {
    const auto type = icmp_type_of(ip);
    const auto source = external_for(*flow, !type || is_query(*type), *external, now);
    if (!source) return std::unexpected(source.error());
    result.source = *source;
    flow->source = {source->address, source->number.value_or(flow->source.number)};
  }
  if (is_external(ip.destination())) {
    const auto destination = receiver_of(flow->from_destination(), now);
    if (!destination) return std::unexpected(destination.error());
    result.destination = *destination;
    const NatKey asked = flow->from_destination();
    table_.note_inward(asked, flow->tcp, now);
    if (has_several_addresses() && !pair_of_external(ip.destination())) {
      table_.note_asked(asked, now);
    }
  }
  return result;
}

// RFC 5508 REQ-5 for what comes from inside, REQ-4 for what is to an external address, and both for
// what is turned round between them (REQ-7 a). Sessions stay as they are (REQ-6). The quoted packet
// went the other way: its destination is where the error comes from.
std::expected<Translation, DropReason> Nat::translation_of_error(
    const Ipv4HeaderView& ip, std::optional<Ipv4Address> external, Instant now) const {
  auto quoted = quoted_flow(ip);
  if (!quoted) return std::unexpected(quoted.error());
  Translation result;
  if (external) {
    const auto seen = known_external(quoted->from_destination(), *external, now);
    if (!seen) return std::unexpected(DropReason::nat_no_mapping);
    result.quoted_destination = *seen;
    result.source = NatEnd{pair_of_internal(ip.source()).value_or(*external)};
    quoted->destination = {seen->address, seen->number.value_or(quoted->destination.number)};
  }
  if (is_external(ip.destination())) {
    const auto sender = sender_of(quoted->from_source(), now);
    if (!sender) return std::unexpected(DropReason::nat_no_mapping);
    result.quoted_source = *sender;
    result.destination = NatEnd{sender->address};
  }
  return result;
}

}  // namespace hop
