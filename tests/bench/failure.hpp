#pragma once
// How the programs of this folder fail: with a sentence that says what to do.

#include <cerrno>
#include <stdexcept>
#include <string>

#include "tun/error.hpp"

namespace hop::bench {

/// The message is meant to be shown as it is.
class Failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A system call failed: "cannot WHAT: reason; REMEDY".
[[noreturn]] inline void fail(const std::string& what, int error, const std::string& remedy) {
  throw Failure{"cannot " + what + ": " + reason_of(error) + "; " + remedy};
}

}  // namespace hop::bench
