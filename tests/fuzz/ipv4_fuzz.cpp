// The IPv4 parsers and what is done with options: any bytes, no crash, and what they promise.

#include "stack/ip/reply_options.hpp"
#include "stack/ip/source_route.hpp"
#include "stack/wire/ipv4.hpp"
#include "tests/fuzz/check.hpp"

using namespace hop;

namespace {

void read_options(const Ipv4HeaderView& header) {
  OptionReader reader{header};
  while (const auto option = reader.next()) {
    fuzz::check(option->offset + option->bytes.size() <= header.header_length());
  }
  const auto options = check_options(header);
  if (!options) return fuzz::check(options.error().pointer < header.header_length());
  std::array<std::byte, kIpv4MaxHeader> copy{};
  copy_bytes(header.header(), copy);
  const RouteTable none;
  const OptionStamp stamp{.address = {10, 0, 0, 1}, .now = {}, .addresses = none};
  record_options(MutBytes{copy}.first(header.header_length()), *options, stamp);
  ReplyOptions reply = reversed_route(header, *options);
  add_records(reply, header, *options, {&stamp, 1});
  fuzz::check(reply.bytes().size() % 4 == 0);
  if (options->source_route == 0) return;
  const SourceRoute ahead = source_route_of(header, *options);
  if (ahead.used_up()) return;
  advance_source_route(copy, ahead, stamp.address);
  const auto advanced = Ipv4HeaderView::parse(Bytes{copy}.first(header.header_length()));
  fuzz::check(advanced.has_value() && advanced->destination() == ahead.next());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes = std::as_bytes(std::span{data, size});
  if (const auto header = Ipv4HeaderView::parse(bytes)) read_options(*header);
  if (const auto ip = Ipv4View::parse(bytes)) {
    fuzz::check(ip->bytes().size() == ip->total_length());
    fuzz::check(ip->header_length() + ip->payload().size() == ip->total_length());
  }
  return 0;
}
