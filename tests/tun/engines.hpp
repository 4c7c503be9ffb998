#pragma once
// The engines that every test of packets in and out runs with. Where the kernel has no io_uring its
// tests fail, with that reason.

#include <gtest/gtest.h>

#include <string>

#include "tun/packet_io.hpp"

namespace hop::test {

inline const auto kEngines = ::testing::Values(IoEngine::epoll, IoEngine::uring);

inline std::string name_of_engine(const ::testing::TestParamInfo<IoEngine>& info) {
  return info.param == IoEngine::uring ? "uring" : "epoll";
}

}  // namespace hop::test
