#include "tools/import/edge_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <ranges>
#include <set>
#include <utility>

#include "tools/failure.hpp"

namespace hop {

namespace {

using Place = EdgeList::Place;
using Edge = EdgeList::Edge;

constexpr std::string_view kBlanks = " \t\r";
constexpr std::string_view kDescription = "DESC";
constexpr Ipv4Address kLocalhost{127, 0, 0, 1};

struct Word {
  std::string_view text;
  std::size_t column;
};

std::vector<Word> words_of(std::string_view line) {
  std::vector<Word> words;
  std::size_t begin = line.find_first_not_of(kBlanks);
  while (begin != std::string_view::npos) {
    const std::size_t end = std::min(line.find_first_of(kBlanks, begin), line.size());
    words.push_back({line.substr(begin, end - begin), begin + 1});
    begin = line.find_first_not_of(kBlanks, end);
  }
  return words;
}

/// The first line of `text`, which loses it.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

bool is_comment(const std::vector<Word>& words) { return words.front().text.starts_with('#'); }

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

/// Nodes that can be reached from one of them by edges, forwards or backwards.
std::vector<bool> reached_from(std::size_t first, const EdgeList& graph, std::size_t Edge::* near,
                               std::size_t Edge::* far) {
  std::vector<std::vector<std::size_t>> next(graph.nodes.size());
  for (const Edge& edge : graph.edges) next[edge.*near].push_back(edge.*far);
  std::vector<bool> reached(graph.nodes.size());
  std::vector<std::size_t> open{first};
  reached[first] = true;
  while (!open.empty()) {
    const std::size_t node = open.back();
    open.pop_back();
    for (const std::size_t neighbour : next[node]) {
      if (!reached[neighbour]) open.push_back(neighbour);
      reached[neighbour] = true;
    }
  }
  return reached;
}

/// Reads a list; knows the name of the file for messages.
class Reader {
 public:
  Reader(std::string_view file, std::optional<Ipv4Address> target) : file_(file), target_(target) {}

  [[nodiscard]] EdgeList read(std::string_view text) {
    for (place_.line = 1; !text.empty(); ++place_.line) read_line(take_line(text));
    if (!has_start_) fail({}, "nothing begins at this machine, 'start' or 127.0.0.1");
    graph_.target = end_ ? *end_ : only_last_node();
    set_target_address();
    check_ways();
    return std::move(graph_);
  }

 private:
  [[noreturn]] void fail(Place place, std::string_view what) const {
    throw Failure(kUsageError, fmt::format("{}:{}:{}: {}", file_, place.line, place.column, what));
  }

  void read_line(std::string_view line) {
    const std::vector<Word> words = words_of(line);
    if (words.empty()) return;
    if (is_comment(words)) return read_comment(line);
    if (words.size() != 2) {
      const std::size_t wrong = std::min<std::size_t>(words.size() - 1, 2);
      fail({place_.line, words[wrong].column}, "expected two words, 'FROM TO'");
    }
    const std::size_t from = node(words[0]);
    add_edge({.from = from, .to = node(words[1]), .place = {place_.line, words[0].column}});
  }

  void read_comment(std::string_view line) {
    const std::size_t at = line.find(kDescription);
    if (at == std::string_view::npos) return;
    graph_.description = trimmed(line.substr(at + kDescription.size()));
  }

  void add_edge(const Edge& edge) {
    if (edge.to == EdgeList::kMachine) fail(edge.place, "nothing leads to this machine");
    if (edge.from == end_) fail(edge.place, "nothing follows 'end'");
    if (edge.from == edge.to) fail(edge.place, "an edge of a node to itself");
    if (!known_.emplace(edge.from, edge.to).second) fail(edge.place, "this edge stands twice");
    if (edge.from == EdgeList::kMachine && std::exchange(has_start_, true)) {
      fail(edge.place, "a second start: this machine has one link");
    }
    graph_.edges.push_back(edge);
  }

  std::size_t node(const Word& word) {
    const Place place{place_.line, word.column};
    if (word.text == "start") return EdgeList::kMachine;
    if (word.text == "end") {
      if (!end_) end_ = new_node({.address = {}, .place = place});
      return *end_;
    }
    const auto address = Ipv4Address::parse(word.text);
    if (address == kLocalhost) return EdgeList::kMachine;
    if (!address) fail(place, fmt::format("expected an IPv4 address, found '{}'", word.text));
    const auto [found, is_new] = numbers_.try_emplace(*address, graph_.nodes.size());
    return is_new ? new_node({.address = *address, .place = place}) : found->second;
  }

  std::size_t new_node(const EdgeList::Node& node) {
    graph_.nodes.push_back(node);
    return graph_.nodes.size() - 1;
  }

  /// The target of a list without `end`.
  [[nodiscard]] std::size_t only_last_node() const {
    std::vector<bool> has_next(graph_.nodes.size());
    for (const Edge& edge : graph_.edges) has_next[edge.from] = true;
    const auto last = std::ranges::find(has_next, false);
    if (last == has_next.end()) fail({}, "no target: every address has one that follows");
    const auto other = std::find(last + 1, has_next.end(), false);
    if (other == has_next.end()) return static_cast<std::size_t>(last - has_next.begin());
    const EdgeList::Node& node = graph_.nodes[static_cast<std::size_t>(other - has_next.begin())];
    fail(node.place,
         fmt::format("{} leads nowhere, and is not the only one that could be the target",
                     to_string(node.address)));
  }

  void set_target_address() {
    EdgeList::Node& node = graph_.nodes[graph_.target];
    if (target_) {
      node.address = *target_;
    } else if (end_) {
      node.address = address_of_file_name();
    }
    check_addresses(node);
  }

  [[nodiscard]] Ipv4Address address_of_file_name() const {
    const std::string_view name = file_.substr(file_.rfind('/') + 1);
    const auto address = Ipv4Address::parse(name.substr(0, name.find('-')));
    if (!address) {
      fail(graph_.nodes[graph_.target].place,
           fmt::format("no target: '{}' does not begin with an IPv4 address; name it by --target",
                       name));
    }
    return *address;
  }

  void check_addresses(const EdgeList::Node& target) const {
    const std::string text = to_string(target.address);
    if (target.address.is_loopback()) {
      fail(target.place, fmt::format("packets to the target, {}, never leave a Linux machine; give "
                                     "it another address by --target",
                                     text));
    }
    for (const EdgeList::Node& node : graph_.nodes | std::views::drop(1)) {
      if (!node.address.is_ordinary()) {
        fail(node.place, fmt::format("{} is no address of a node", to_string(node.address)));
      }
      if (&node != &target && node.address == target.address) {
        fail(node.place, fmt::format("the target, {}, is a router, too", text));
      }
    }
  }

  void check_ways() const {
    const auto there = reached_from(EdgeList::kMachine, graph_, &Edge::from, &Edge::to);
    const auto back = reached_from(graph_.target, graph_, &Edge::to, &Edge::from);
    for (std::size_t i = 1; i < graph_.nodes.size(); ++i) {
      const EdgeList::Node& node = graph_.nodes[i];
      const std::string text = to_string(node.address);
      if (!there[i]) fail(node.place, fmt::format("no way leads to {} from this machine", text));
      if (!back[i])
        fail(node.place, fmt::format("{} leads nowhere: expected a way to the target", text));
    }
  }

  std::string_view file_;
  std::optional<Ipv4Address> target_;
  Place place_{};
  EdgeList graph_;
  bool has_start_ = false;
  std::optional<std::size_t> end_;
  std::map<Ipv4Address, std::size_t> numbers_;
  std::set<std::pair<std::size_t, std::size_t>> known_;
};

}  // namespace

bool is_edge_list(std::string_view text) {
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    const std::vector<Word> words = words_of(line);
    if (words.empty() || is_comment(words)) continue;
    return words.size() == 2 && line.find_first_of("=[\"'") == std::string_view::npos;
  }
  return false;
}

EdgeList read_edge_list(std::string_view text, std::string_view file_name,
                        std::optional<Ipv4Address> target) {
  return Reader(file_name, target).read(text);
}

}  // namespace hop
