#include "stack/node/interface.hpp"

namespace hop {

void Neighbours::add(Ipv4Address address, LinkAddress at) {
  known_.insert(std::ranges::lower_bound(known_, address, {}, &Known::address), {address, at});
}

}  // namespace hop
