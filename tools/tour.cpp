#include "tools/tour.hpp"

#include <fmt/format.h>

namespace hop {

namespace {

struct Try {
  std::string_view command;
  std::string_view shows;
};

constexpr Try kTries[] = {
    {"ping -c3 198.18.4.80", "echo reply from a host behind four routers"},
    {"traceroute -n 198.18.4.80", "time exceeded in transit four times, port unreachable"},
    {"tracepath -n 198.18.4.80", "the narrow link: pmtu 600 behind the third router"},
    // To another host: after tracepath the kernel knows the path MTU to the first.
    {"ping -c1 -M do -s 1000 198.18.4.81", "frag needed, mtu 600"},
    {"ping -c1 198.19.111.1", "time exceeded: two routers send it to each other"},
    {"ping -c1 198.19.N.1", "unreachable, code N: 0, 1 and 5 to 15"},
    {"ping -c1 198.19.13.1", "so this is code 13: packet filtered"},
    {"ping -c1 -W1 198.19.100.1", "nothing: a blackhole"},
    {"ping -c1 198.19.105.80", "redirect: 198.18.0.3 is the better router"},
    {"ping -c20 -i0.01 -s1000 198.19.104.80", "source quench: the queue of a slow link is full"},
    {"ping -c1 -R 198.18.4.80", "record route: the addresses on the way, and back"},
    {"nping --icmp --icmp-type timestamp -c1 198.18.4.80", "timestamp reply"},
    {"nping --icmp -c1 --ip-options 'L 198.18.4.80' 198.18.1.2",
     "source route failed: r2 is told not to follow one"},
    {"nping --icmp -c1 --ip-options '\\x07\\x01\\x00\\x00' 198.18.4.80",
     "parameter problem: an option with a bad length"},
    {"nping --icmp -c1 --mf 198.18.4.80", "time exceeded in reassembly: a lonely fragment"},
    {"nping --udp -c1 -p 4000 198.18.4.80", "port unreachable"},
    {"nping --udp -c1 -p 4000 --data-length 99 198.18.4.81",
     "the same as in 1981: it quotes 28 bytes"},
    {"nping --udp -c1 -p 7 198.18.4.80", "an echo by UDP"},
    {"nping --tcp -c1 -p 80 198.18.4.80", "RST: no TCP port is open"},
    {"nmap -n -Pn -sO -p 132 198.18.4.80", "protocol unreachable: SCTP is closed"},
};

}  // namespace

std::string tour_table() {
  std::string table = fmt::format("  {:<64}  {}\n", "Try", "and see");
  for (const Try& row : kTries) table += fmt::format("  {:<64}  {}\n", row.command, row.shows);
  return table;
}

}  // namespace hop
