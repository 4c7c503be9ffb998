// Single properties of answers.

#include <fmt/format.h>

#include <algorithm>

#include "tools/conform/expect.hpp"

namespace hop::conform {

namespace {

constexpr std::size_t kLongestError = 576;
constexpr unsigned kPrecedenceShift = 5;
// RFC 1349's four bits without the lowest, which RFC 3168 made a part of ECN.
constexpr unsigned kTosBits = 0x1c;

/// The length field of RFC 4884 section 4, in 32-bit words; 0 where there is none.
std::size_t quote_words(const Parsed& error) {
  const unsigned type = error.icmp_type();
  return type == 3 || type == 11 || type == 12 ? error.payload[5] : 0;
}

/// What an error returns of the packet it is about, without extensions.
View quote_of(const Parsed& error) {
  const View data = error.icmp_data();
  const std::size_t length = quote_words(error) * 4;
  return length == 0 ? data : data.first(std::min(length, data.size()));
}

/// RFC 4884 pads a quote with zeros, RFC 1812 section 4.3.2.3 lets a router return what forwarding
/// has made of the header: a lower TTL, with its checksum.
std::string compare_quote(View quote, const Parsed& sent) {
  const std::size_t common = std::min(quote.size(), sent.bytes.size());
  const bool decremented = common > 8 && quote[8] != sent.bytes[8];
  for (std::size_t i = 0; i < common; ++i) {
    if (quote[i] == sent.bytes[i]) continue;
    const bool excused =
        decremented && ((i == 8 && quote[i] < sent.bytes[i]) || i == 10 || i == 11);
    if (!excused) return fmt::format("byte {} of the quote was not received like this", i);
  }
  const View padding = quote.subspan(common);
  const bool zeros = std::ranges::all_of(padding, [](std::uint8_t byte) { return byte == 0; });
  return zeros ? "" : "the quote has bytes that were not received";
}

}  // namespace

Check quotes_header_and_8() {
  return {"quoting at least the header and 8 bytes",
          [](const Parsed& error, const Parsed& sent) -> std::string {
            const std::size_t least = std::min(sent.header + 8, sent.bytes.size());
            const std::size_t got = quote_of(error).size();
            return got >= least ? "" : fmt::format("it quotes {} bytes, not {}", got, least);
          }};
}

Check quotes_as_received() {
  return {"quoting what was received", [](const Parsed& error, const Parsed& sent) -> std::string {
            return compare_quote(quote_of(error), sent);
          }};
}

Check quotes_bytes_as_received(std::size_t at, std::size_t length) {
  return {fmt::format("quoting bytes {} to {} as received", at, at + length - 1),
          [=](const Parsed& error, const Parsed& sent) -> std::string {
            const View quote = quote_of(error);
            if (quote.size() < at + length) return "the quote is too short";
            return std::ranges::equal(quote.subspan(at, length), sent.bytes.subspan(at, length))
                       ? ""
                       : "they are not as they were received";
          }};
}

Check quotes_as_much_as_576_allow() {
  return {"quoting as much as 576 bytes allow",
          [](const Parsed& error, const Parsed& sent) -> std::string {
            if (error.bytes.size() > kLongestError) {
              return fmt::format("the error has {} bytes", error.bytes.size());
            }
            const std::size_t room = kLongestError - error.header - 8;
            // A quote may end at a multiple of four (RFC 4884 section 4.3: 32-bit words).
            const std::size_t least = std::min(sent.bytes.size(), room / 4 * 4);
            const std::size_t got = error.icmp_data().size();
            return got >= least ? "" : fmt::format("it quotes {} bytes, not {}", got, least);
          }};
}

Check unused_is_zero() {
  return {"unused bytes zero", [](const Parsed& error, const Parsed&) -> std::string {
            // Of the length field of RFC 4884 nothing is said here.
            return (error.icmp_rest() & 0xff00ffffU) == 0 ? "" : "the unused bytes are not zero";
          }};
}

Check next_hop_mtu(unsigned mtu) {
  return {fmt::format("next-hop MTU {}", mtu),
          [mtu](const Parsed& error, const Parsed&) -> std::string {
            const unsigned said = error.icmp_rest() & 0xffffU;
            return said == mtu ? "" : fmt::format("it says MTU {}", said);
          }};
}

Check pointer(unsigned first, unsigned last) {
  return {first == last ? fmt::format("pointer {}", first)
                        : fmt::format("pointer {} to {}", first, last),
          [=](const Parsed& error, const Parsed&) -> std::string {
            const unsigned said = error.icmp_rest() >> 24U;
            return said >= first && said <= last ? "" : fmt::format("its pointer is {}", said);
          }};
}

Check gateway(Address address) {
  return {fmt::format("gateway {}", to_string(address)),
          [address](const Parsed& error, const Parsed&) -> std::string {
            const Address said{error.icmp_rest()};
            return said == address ? "" : fmt::format("it names {}", to_string(said));
          }};
}

Check precedence_is_6_or_7() {
  return {"precedence 6 or 7", [](const Parsed& error, const Parsed&) -> std::string {
            const unsigned precedence = error.tos >> kPrecedenceShift;
            return precedence >= 6 ? "" : fmt::format("its precedence is {}", precedence);
          }};
}

Check error_tos_is_that_of_packet() {
  return {"the TOS of the packet", [](const Parsed& error, const Parsed& sent) -> std::string {
            return (error.tos & kTosBits) == (sent.tos & kTosBits)
                       ? ""
                       : fmt::format("its TOS byte is {:#04x}", error.tos);
          }};
}

Check comes_from(std::vector<Address> addresses) {
  std::string text = "from";
  for (const Address address : addresses) text += " " + to_string(address);
  return {text,
          [addresses = std::move(addresses)](const Parsed& answer, const Parsed&) -> std::string {
            return std::ranges::count(addresses, answer.from) > 0
                       ? ""
                       : fmt::format("it comes from {}", to_string(answer.from));
          }};
}

Check precedence_is_that_of_request() {
  return {"the precedence of the request",
          [](const Parsed& answer, const Parsed& sent) -> std::string {
            return answer.tos >> kPrecedenceShift == sent.tos >> kPrecedenceShift
                       ? ""
                       : fmt::format("its precedence is {}", answer.tos >> kPrecedenceShift);
          }};
}

Check tos_is_that_of_request() {
  return {"the TOS of the request", [](const Parsed& answer, const Parsed& sent) -> std::string {
            return (answer.tos & kTosBits) == (sent.tos & kTosBits)
                       ? ""
                       : fmt::format("its TOS byte is {:#04x}", answer.tos);
          }};
}

Check ttl_is_not_copied() {
  return {"a TTL of its own", [](const Parsed& answer, const Parsed& sent) -> std::string {
            return answer.ttl != sent.ttl ? "" : "its TTL is that of the request";
          }};
}

Check reserved_bit_is_zero() {
  return {"the reserved flag zero", [](const Parsed& answer, const Parsed&) -> std::string {
            return answer.reserved ? "the reserved flag is set" : "";
          }};
}

Check is_no_fragment() {
  return {"not a fragment", [](const Parsed& answer, const Parsed&) -> std::string {
            return answer.is_fragment() ? "it is a fragment" : "";
          }};
}

Check options_are(Octets options, std::vector<Blank> blanks) {
  return {fmt::format("with options {}", hex(options)),
          [options = std::move(options), blanks = std::move(blanks)](const Parsed& answer,
                                                                     const Parsed&) -> std::string {
            if (answer.options.size() != options.size()) {
              return fmt::format("it has {} bytes of options", answer.options.size());
            }
            for (std::size_t i = 0; i < options.size(); ++i) {
              const bool blank = std::ranges::any_of(
                  blanks, [i](Blank b) { return b.at <= i && i < b.at + b.length; });
              if (!blank && options[i] != answer.options[i]) {
                return fmt::format("its options are {}", hex(answer.options));
              }
            }
            return {};
          }};
}

Check has_no_options() {
  return {"without options", [](const Parsed& answer, const Parsed&) -> std::string {
            return answer.options.empty() ? "" : "it has options";
          }};
}

}  // namespace hop::conform
