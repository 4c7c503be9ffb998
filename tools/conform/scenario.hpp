#pragma once
// The little network that the system under test stands in, as README.md draws it.

#include <chrono>
#include <map>
#include <set>

#include "tools/conform/octets.hpp"

namespace hop::conform {

/// The interfaces of the system under test. All cases send on `a` unless they say otherwise.
enum class Side : std::uint8_t { a, b, c };
inline constexpr std::size_t kSides = 3;
[[nodiscard]] char letter(Side side);

/// One of its interfaces. The suite plays every other address of the subnet.
struct Interface {
  std::string device;  ///< the TUN device that the suite uses
  Address address;     ///< the system's own
  Block subnet;
  unsigned mtu = 1500;
  std::string name;    ///< the system's own name for it; empty if nobody knows
  unsigned index = 0;  ///< its ifIndex there; 0 if nobody knows
};

/// What the system under test is and how it was set up. The defaults are what `scripts/conform`
/// sets up; a file says what is different.
struct Scenario {
  std::string name = "the default scenario";
  bool router = true;
  std::vector<Interface> interfaces;  ///< a, b, c; at least the first
  /// Where it sends what, by the words of the configuration: `remote`, `specific`, `detour` …
  std::map<std::string, Block, std::less<>> routes;
  /// What it can do or was told to, by name: `source-routing`, `timestamp` …
  std::set<std::string, std::less<>> features;
  std::chrono::milliseconds reassembly_timeout{60000};
  unsigned closed_port = 33434;  ///< UDP and TCP: nobody listens
  std::string shared_name{};     ///< of two interfaces or more, none of them a, b or c

  [[nodiscard]] static Scenario standard();
  /// Reads a YAML file. Throws UsageError with the place of a mistake.
  [[nodiscard]] static Scenario load(const std::string& file);

  /// An interface; where the system has none, that of the default scenario, so that each case has
  /// its id whether it runs or not.
  [[nodiscard]] const Interface& at(Side side) const;
  /// The system's address on a side.
  [[nodiscard]] Address sut(Side side) const { return at(side).address; }
  /// The suite's host number `n` on a side, never the system under test. The gateway is host 3.
  [[nodiscard]] Address host(Side side, std::uint32_t n = 9) const;
  /// An address of a route.
  [[nodiscard]] Address beyond(std::string_view route, std::uint32_t n = 9) const;

  /// Whether the system has what a case needs: `router`, `host`, an interface (`b`, `c`), a route,
  /// a feature, a word of known_facts(), or with `!` before it the want of one.
  [[nodiscard]] bool has(std::string_view need) const;
};

/// Every word that `features:` may have, with what it says about the system under test.
[[nodiscard]] const std::map<std::string_view, std::string_view>& known_features();
/// What the system is, as cases need it, beside features and routes.
[[nodiscard]] const std::map<std::string_view, bool (*)(const Scenario&)>& known_facts();
/// Every word of `routes:`.
[[nodiscard]] const std::map<std::string_view, std::string_view>& known_routes();

}  // namespace hop::conform
