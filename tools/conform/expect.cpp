#include "tools/conform/expect.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>

namespace hop::conform {

namespace {

std::string join(const std::vector<Pattern>& patterns) {
  std::vector<std::string> texts;
  for (const Pattern& pattern : patterns) texts.push_back(pattern.text);
  return fmt::format("{}", fmt::join(texts, ", and "));
}

/// Takes the packet that a pattern is about out of `left`, or says why there is none.
std::string take(const Pattern& pattern, Observation& left) {
  std::string nearest;
  for (auto seen = left.begin(); seen != left.end(); ++seen) {
    const std::string why = pattern.mismatch(*seen);
    if (why.empty()) {
      left.erase(seen);
      return {};
    }
    nearest = why;
  }
  if (left.empty()) return "it did not come";
  return left.size() == 1 ? nearest : fmt::format("none of {} packets is it", left.size());
}

std::string take_all(const std::vector<Pattern>& patterns, Observation& left) {
  for (const Pattern& pattern : patterns) {
    if (std::string why = take(pattern, left); !why.empty()) {
      return patterns.size() == 1 ? why : fmt::format("{}: {}", pattern.text, why);
    }
  }
  return {};
}

bool is_blank(const std::vector<Blank>& blanks, std::size_t at) {
  return std::ranges::any_of(blanks, [at](Blank b) { return b.at <= at && at < b.at + b.length; });
}

/// Where two runs of bytes differ, blanks apart.
std::optional<std::size_t> difference(View got, View expected, const std::vector<Blank>& blanks) {
  for (std::size_t i = 0; i < std::min(got.size(), expected.size()); ++i) {
    if (got[i] != expected[i] && !is_blank(blanks, i)) return i;
  }
  return {};
}

std::string compare_forwarded(View got, View sent, std::vector<Blank> blanks) {
  constexpr std::size_t kTtl = 8, kChecksum = 10;
  if (got.size() != sent.size()) {
    return fmt::format("{} bytes instead of {}", got.size(), sent.size());
  }
  blanks.push_back({kTtl, 1});
  blanks.push_back({kChecksum, 2});
  if (const auto at = difference(got, sent, blanks)) {
    return fmt::format("byte {} is {:#04x} instead of {:#04x}", *at, unsigned{got[*at]},
                       unsigned{sent[*at]});
  }
  if (got[kTtl] >= sent[kTtl]) return "the TTL was not decremented";
  return {};
}

std::string wrong_side(const Seen& seen, Side side) {
  return seen.side == side
             ? ""
             : fmt::format("it came on {} instead of {}", letter(seen.side), letter(side));
}

}  // namespace

Expectation silence() {
  return {"silence", [](const Observation& seen) {
            return seen.empty() ? "" : fmt::format("{} packets came", seen.size());
          }};
}

Expectation anything() {
  return {"that it goes on answering", [](const Observation&) { return std::string{}; }};
}

Expectation exactly(std::vector<Pattern> patterns) {
  const std::string text = join(patterns);
  return {text, [patterns = std::move(patterns)](const Observation& seen) {
            Observation left = seen;
            std::string why = take_all(patterns, left);
            if (!why.empty() || left.empty()) return why;
            return fmt::format("and also {}", describe(left.front().packet));
          }};
}

Expectation at_least(std::vector<Pattern> patterns) {
  const std::string text = join(patterns);
  return {text, [patterns = std::move(patterns)](const Observation& seen) {
            Observation left = seen;
            return take_all(patterns, left);
          }};
}

Expectation either(std::vector<Expectation> choices) {
  std::vector<std::string> texts;
  for (const Expectation& choice : choices) texts.push_back(choice.text);
  return {fmt::format("{}", fmt::join(texts, ", or ")),
          [choices = std::move(choices)](const Observation& seen) {
            std::string why;
            for (const Expectation& choice : choices) {
              why = choice.judge(seen);
              if (why.empty()) return why;
            }
            return why;
          }};
}

Expectation reassembled(Expectation expectation) {
  return {expectation.text, [judge = std::move(expectation.judge)](const Observation& seen) {
            return judge(put_together(seen));
          }};
}

Pattern forwarded(Side side, const Octets& sent, std::vector<Blank> blanks) {
  return {fmt::format("the packet forwarded to {}", letter(side)),
          [side, sent, blanks = std::move(blanks)](const Seen& seen) {
            const std::string why = wrong_side(seen, side);
            return why.empty() ? compare_forwarded(seen.packet, sent, blanks) : why;
          }};
}

Pattern forwarded_anywhere(const Octets& sent) {
  return {"the packet forwarded",
          [sent](const Seen& seen) { return compare_forwarded(seen.packet, sent, {}); }};
}

namespace {

/// What every answer has in common: side, receiver, a right ICMP checksum.
std::string fault_of_icmp(const Seen& seen, Side side, const Parsed& answer, const Parsed& sent) {
  if (std::string why = wrong_side(seen, side); !why.empty()) return why;
  if (!answer.is_icmp()) return "it is not an ICMP message";
  if (answer.to != sent.from) return fmt::format("it goes to {}", to_string(answer.to));
  if (!answer.is_fragment() && checksum(answer.payload) != 0) return "its ICMP checksum is wrong";
  return {};
}

std::string type_and_code(unsigned type, unsigned code) {
  return code == kAnyCode ? fmt::format("ICMP {}", type) : fmt::format("ICMP {}/{}", type, code);
}

std::string fault_of_type(const Parsed& answer, unsigned type, unsigned code) {
  const bool right = answer.icmp_type() == type && (code == kAnyCode || answer.icmp_code() == code);
  return right ? ""
               : fmt::format("it is ICMP {}/{} instead of {}", answer.icmp_type(),
                             answer.icmp_code(), type_and_code(type, code));
}

/// Whose packet does an error quote? How much of it, and how exactly, is for other checks.
std::string fault_of_quoted(const Parsed& error, const Parsed& sent) {
  const unsigned type = error.icmp_type();
  const bool quotes = (type >= 3 && type <= 5) || type == 11 || type == 12;
  if (!quotes) return "";
  const View quote = error.icmp_data();
  constexpr std::size_t kIdentification = 4, kAddresses = 12, kHeader = 20;
  if (quote.size() < kHeader) return "it quotes no header";
  const bool same =
      u16_at(quote, kIdentification) == sent.id &&
      std::ranges::equal(quote.subspan(kAddresses, 8), sent.bytes.subspan(kAddresses, 8));
  return same ? "" : "it quotes another packet";
}

std::string with_checks(std::string text, const std::vector<Check>& checks) {
  for (const Check& check : checks) text += ", " + check.text;
  return text;
}

/// Runs `first` and then all checks on a packet.
template <typename First>
Pattern checked(std::string text, const Octets& sent, const std::vector<Check>& checks,
                First first) {
  return {with_checks(std::move(text), checks), [sent, checks, first](const Seen& seen) {
            const auto answer = Parsed::of(seen.packet);
            const auto original = Parsed::of(sent);
            if (!answer || !original) return std::string("it is no IPv4 packet");
            std::string why = first(seen, *answer, *original);
            for (auto check = checks.begin(); why.empty() && check != checks.end(); ++check) {
              why = check->fault(*answer, *original);
            }
            return why;
          }};
}

}  // namespace

Pattern told(Side side, const Octets& sent, unsigned type, unsigned code,
             const std::vector<Check>& checks) {
  return checked(type_and_code(type, code), sent, checks,
                 [=](const Seen& seen, const Parsed& answer, const Parsed& original) {
                   std::string why = fault_of_icmp(seen, side, answer, original);
                   if (why.empty()) why = fault_of_type(answer, type, code);
                   return why.empty() ? fault_of_quoted(answer, original) : why;
                 });
}

Pattern echo_reply(Side side, const Octets& request, const std::vector<Check>& checks) {
  const auto fault = [side](const Seen& seen, const Parsed& answer, const Parsed& sent) {
    std::string why = fault_of_icmp(seen, side, answer, sent);
    if (why.empty()) why = fault_of_type(answer, 0, sent.icmp_code());
    if (!why.empty()) return why;
    if (!std::ranges::equal(answer.payload.subspan(4), sent.payload.subspan(4))) {
      return std::string("identifier, sequence number and data are not those of the request");
    }
    return answer.from == sent.to ? "" : fmt::format("it comes from {}", to_string(answer.from));
  };
  return checked("the echo reply", request, checks, fault);
}

Pattern reply(Side side, const Octets& request, const ReplyShape& shape,
              const std::vector<Check>& checks) {
  const auto fault = [=](const Seen& seen, const Parsed& answer, const Parsed& sent) {
    std::string why = fault_of_icmp(seen, side, answer, sent);
    if (why.empty()) why = fault_of_type(answer, shape.type, 0);
    if (!why.empty()) return why;
    if (answer.payload.size() != shape.size) {
      return fmt::format("{} bytes instead of {}", answer.payload.size(), shape.size);
    }
    const bool same = std::ranges::equal(answer.payload.subspan(4, shape.kept),
                                         sent.payload.subspan(4, shape.kept));
    return std::string(same ? "" : "it does not return what the request has");
  };
  return checked(fmt::format("ICMP {}/0", shape.type), request, checks, fault);
}

namespace {

/// RFC 9293 section 3.10.7.1.
std::string fault_of_reset(const Parsed& answer, const Parsed& sent) {
  const View in = sent.payload, out = answer.payload;
  if (transport_checksum(answer.from, answer.to, kTcp, out) != 0) return "its checksum is wrong";
  if (u16_at(out, 0) != u16_at(in, 2) || u16_at(out, 2) != u16_at(in, 0)) return "wrong ports";
  if ((out[13] & kRst) == 0) return "it is no reset";
  if ((in[13] & kAck) != 0) {
    return u32_at(out, 4) == u32_at(in, 8) ? "" : "its sequence number is not the one acknowledged";
  }
  const auto length = static_cast<std::uint32_t>(in.size() - 20) +
                      ((in[13] & kSyn) != 0 ? 1U : 0U) + ((in[13] & kFin) != 0 ? 1U : 0U);
  if ((out[13] & kAck) == 0 || u32_at(out, 4) != 0) return "it is not <SEQ=0><CTL=RST,ACK>";
  return u32_at(out, 8) == u32_at(in, 4) + length ? "" : "it does not acknowledge the segment";
}

}  // namespace

Pattern reset(Side side, const Octets& segment) {
  return checked("a TCP reset", segment, {},
                 [side](const Seen& seen, const Parsed& answer, const Parsed& sent) {
                   std::string why = wrong_side(seen, side);
                   if (!why.empty()) return why;
                   if (answer.protocol != kTcp || answer.payload.size() < 20) {
                     return std::string("it is no TCP segment");
                   }
                   if (answer.to != sent.from || answer.from != sent.to) {
                     return std::string("its addresses are not those of the segment, swapped");
                   }
                   return fault_of_reset(answer, sent);
                 });
}

}  // namespace hop::conform
