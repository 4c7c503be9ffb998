#pragma once
// The words in which cases say what they expect.

#include "tools/conform/case.hpp"

namespace hop::conform {

/// Nothing at all.
[[nodiscard]] Expectation silence();
/// Whatever comes, as long as the system goes on answering, which the runner sees to.
[[nodiscard]] Expectation anything();

/// One packet, in words, and why a packet is not it (empty: it is).
struct Pattern {
  std::string text;
  std::function<std::string(const Seen&)> mismatch;
};

/// Each of these once and nothing else, in any order.
[[nodiscard]] Expectation exactly(std::vector<Pattern> patterns);
/// These, and perhaps something else beside them.
[[nodiscard]] Expectation at_least(std::vector<Pattern> patterns);
/// Any of these: where a clause leaves the choice.
[[nodiscard]] Expectation either(std::vector<Expectation> choices);
/// Judges what comes when fragments have been put together.
[[nodiscard]] Expectation reassembled(Expectation expectation);

/// Bytes of a packet that may have any value: offset and length.
struct Blank {
  std::size_t at, length;
};
/// `sent` as a router passes it on: TTL lower but not 0, header checksum to match, all else as it
/// was.
[[nodiscard]] Pattern forwarded(Side side, const Octets& sent, std::vector<Blank> blanks = {});
/// The same on whatever side.
[[nodiscard]] Pattern forwarded_anywhere(const Octets& sent);

/// Something that has to be true of an answer, given what was sent.
struct Check {
  std::string text;
  std::function<std::string(const Parsed& answer, const Parsed& sent)> fault;
};

/// An ICMP error of this type and code, to the sender of `sent`, with a right checksum.
[[nodiscard]] Pattern told(Side side, const Octets& sent, unsigned type, unsigned code,
                           const std::vector<Check>& checks = {});
/// The same with any code.
inline constexpr unsigned kAnyCode = 256;

/// The answer to an echo request: type 0, identifier, sequence number and data of the request, from
/// the address asked.
[[nodiscard]] Pattern echo_reply(Side side, const Octets& request,
                                 const std::vector<Check>& checks = {});
/// What a reply of another type looks like.
struct ReplyShape {
  unsigned type;
  std::size_t size;  ///< of the ICMP message
  std::size_t kept;  ///< bytes behind the checksum that are those of the request
};
[[nodiscard]] Pattern reply(Side side, const Octets& request, const ReplyShape& shape,
                            const std::vector<Check>& checks = {});
/// A TCP reset in answer to a segment; sequence numbers by RFC 9293 section 3.10.7.1.
[[nodiscard]] Pattern reset(Side side, const Octets& segment);

// Checks of errors.
[[nodiscard]] Check quotes_header_and_8();
[[nodiscard]] Check quotes_as_received();
/// These bytes of the packet are in the quote, exactly.
[[nodiscard]] Check quotes_bytes_as_received(std::size_t at, std::size_t length);
[[nodiscard]] Check quotes_as_much_as_576_allow();
[[nodiscard]] Check unused_is_zero();
[[nodiscard]] Check next_hop_mtu(unsigned mtu);
[[nodiscard]] Check pointer(unsigned first, unsigned last);
[[nodiscard]] Check gateway(Address address);
[[nodiscard]] Check precedence_is_6_or_7();
[[nodiscard]] Check error_tos_is_that_of_packet();
// Checks of any answer.
[[nodiscard]] Check comes_from(std::vector<Address> addresses);
[[nodiscard]] Check precedence_is_that_of_request();
[[nodiscard]] Check tos_is_that_of_request();
[[nodiscard]] Check ttl_is_not_copied();
[[nodiscard]] Check reserved_bit_is_zero();
[[nodiscard]] Check is_no_fragment();
/// These bytes as options, but for blanks counted from the start of the options.
[[nodiscard]] Check options_are(Octets options, std::vector<Blank> blanks = {});
[[nodiscard]] Check has_no_options();

/// How the fragments of a packet have to be.
struct Cut {
  Side side;
  Octets sent;
  unsigned mtu;
};
/// MUST: they fit, make up the original and say so rightly.
[[nodiscard]] Expectation fragments(const Cut& cut);
/// SHOULD: as few as possible, in order.
[[nodiscard]] Expectation few_fragments_in_order(const Cut& cut);

/// Puts fragments together; what cannot be completed stays as it is.
[[nodiscard]] Observation put_together(const Observation& seen);

}  // namespace hop::conform
