// The parsers of ICMP, UDP and TCP, and of the quotes in ICMP errors and what follows them.

#include <vector>

#include "stack/icmp/extended_echo.hpp"
#include "stack/icmp/received_error.hpp"
#include "stack/wire/extension_objects.hpp"
#include "stack/wire/icmp.hpp"
#include "stack/wire/tcp.hpp"
#include "stack/wire/udp.hpp"
#include "tests/fuzz/check.hpp"

using namespace hop;

namespace {

constexpr Ipv4Address kSource{10, 0, 0, 1};
constexpr Ipv4Address kDestination{10, 0, 0, 2};

void read_objects(const std::optional<ExtensionView>& extension) {
  if (!extension) return;
  static_cast<void>(repeats_interface_role(*extension));
  std::size_t size = kExtensionHeader;
  for (const ExtensionObject& object : *extension) {
    size += kObjectHeader + object.payload.size();
    for (std::size_t at = 0; label_at(object, at); ++at) fuzz::check(at < object.payload.size());
    static_cast<void>(read_interface_information(object));
    static_cast<void>(read_interface_identification(object));
  }
  fuzz::check(size == extension->bytes().size());
}

void read_icmp(Bytes bytes) {
  const auto icmp = IcmpView::parse(bytes);
  if (!icmp) return;
  static_cast<void>(read_interface_query(*icmp));
  fuzz::check(icmp->data().size() + kIcmpHeader == bytes.size());
  const auto error = read_error(*icmp, kSource);
  if (!error) return;
  fuzz::check(error->quoted.fragment_offset() == 0);
  static_cast<void>(sender_of(error->quoted));
  read_objects(error->extensions);
  read_objects(extensions_of_old_layout(*error));
}

// A message is rarely found with a right checksum, so it gets one.
void read_icmp_with_checksum(Bytes bytes) {
  if (bytes.size() < kIcmpHeader) return;
  std::vector<std::byte> copy(bytes.begin(), bytes.end());
  write_icmp({static_cast<IcmpType>(byte_at(bytes, 0)), byte_at(bytes, 1),
              load_be<std::uint32_t>(bytes, 4)},
             copy);
  fuzz::check(IcmpView::parse(copy).has_value());
  read_icmp(copy);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes = std::as_bytes(std::span{data, size});
  read_icmp(bytes);
  read_icmp_with_checksum(bytes);
  read_objects(ExtensionView::parse(bytes));
  if (const auto udp = UdpView::parse(bytes, kSource, kDestination)) {
    fuzz::check(udp->data().size() + kUdpHeader <= bytes.size());
  }
  if (const auto tcp = TcpView::parse(bytes, kSource, kDestination)) {
    static_cast<void>(tcp->sequence_length());
  }
  return 0;
}
