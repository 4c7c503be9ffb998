// Captures: what is written is read again, and what cannot be replayed is refused.

#include "tools/capture.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "tests/tools/temporary_directory.hpp"
#include "tools/failure.hpp"
#include "tools/replay/capture_reader.hpp"
#include "tools/replay/pending_file.hpp"

namespace hop {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

class Captures : public InTemporaryDirectory {
 protected:
  /// The message and status of the Failure that `act` throws.
  static std::pair<std::string, int> failure_of(const std::function<void()>& act) {
    try {
      act();
    } catch (const Failure& failure) {
      return {failure.what(), failure.status()};
    }
    return {"no failure", 0};
  }

  static void read_all(const std::string& file) {
    CaptureReader reader(file);
    while (reader.next()) continue;
  }
};

/// A pcap file by hand, byte by byte: magic of microseconds, version 2.4.
class PcapFile {
 public:
  PcapFile(const std::string& path, std::uint32_t link_type) : out_(path, std::ios::binary) {
    for (const std::uint32_t word : {0xa1b2c3d4U, 0x00040002U, 0U, 0U, 65535U, link_type})
      put(word);
  }
  PcapFile& packet(std::uint32_t second, std::uint32_t microsecond, const std::string& bytes,
                   std::uint32_t bytes_on_the_wire) {
    for (const std::uint32_t word :
         {second, microsecond, static_cast<std::uint32_t>(bytes.size()), bytes_on_the_wire}) {
      put(word);
    }
    out_ << bytes;
    return *this;
  }
  PcapFile& packet(std::uint32_t second, std::uint32_t microsecond, const std::string& bytes) {
    return packet(second, microsecond, bytes, static_cast<std::uint32_t>(bytes.size()));
  }

 private:
  void put(std::uint32_t word) { out_.write(reinterpret_cast<const char*>(&word), sizeof word); }
  std::ofstream out_;
};

constexpr std::uint32_t kRaw = 101;
constexpr std::uint32_t kEthernet = 1;

TEST_F(Captures, AreReadAsTheyWereWrittenToTheNanosecond) {
  const Instant at{1'700'000'000s + 123'456'789ns};
  constexpr std::array kPacket{std::byte{0x45}, std::byte{0}, std::byte{7}};
  CaptureWriter writer(path("a.pcap"));
  writer.write(at, kPacket);
  writer.write(at + 1ns, Bytes{});
  writer.flush();

  CaptureReader reader(path("a.pcap"));
  const auto first = reader.next();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->at, at);
  EXPECT_TRUE(std::ranges::equal(first->bytes, kPacket));
  const auto second = reader.next();
  ASSERT_TRUE(second);
  EXPECT_EQ(second->at, at + 1ns);
  EXPECT_TRUE(second->bytes.empty());
  EXPECT_FALSE(reader.next());
}

TEST_F(Captures, OfMicrosecondsAreReadToo) {
  PcapFile(path("a.pcap"), kRaw).packet(5, 999'999, "E");
  CaptureReader reader(path("a.pcap"));
  EXPECT_EQ(reader.next()->at, Instant{5'999'999us});
}

TEST_F(Captures, FramesOfOtherProtocolsAreLeftOutAndCounted) {
  const std::string macs(12, '\2');
  PcapFile(path("a.pcap"), kEthernet)
      .packet(1, 0, macs + "\x08\x06" + "arp")
      .packet(2, 0, macs + std::string("\x08\0", 2) + "ip");
  CaptureReader reader(path("a.pcap"));
  const auto packet = reader.next();
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->bytes.size(), 2U);
  EXPECT_FALSE(reader.next());
  EXPECT_EQ(reader.left_out(), 1U);
}

TEST_F(Captures, ThatWereCutAreRefused) {
  PcapFile(path("a.pcap"), kRaw).packet(1, 0, "E").packet(2, 0, "EE", 1500);
  EXPECT_EQ(
      failure_of([&] { read_all(path("a.pcap")); }),
      std::pair(path("a.pcap") + ": packet 2: only 2 of its 1500 bytes were captured; capture "
                                 "whole packets, as with 'tcpdump -s 0'",
                2));
}

TEST_F(Captures, ThatGoBackInTimeAreRefused) {
  PcapFile(path("a.pcap"), kRaw).packet(1, 0, "E").packet(1, 0, "E").packet(0, 999'999, "E");
  EXPECT_EQ(
      failure_of([&] { read_all(path("a.pcap")); }),
      std::pair(path("a.pcap") + ": packet 3: it is 1000 ns earlier than the packet before it; "
                                 "put the capture in order, as with reordercap(1)",
                2));
}

TEST_F(Captures, OfUnknownLinkTypesAreRefused) {
  PcapFile(path("a.pcap"), 105).packet(1, 0, "E");
  EXPECT_EQ(failure_of([&] { read_all(path("a.pcap")); }),
            std::pair(path("a.pcap") + ": packet 1: its link type IEEE802_11 is not supported (raw "
                                       "IP, Ethernet, Linux cooked and loopback are)",
                      2));
}

TEST_F(Captures, ThatEndInTheMiddleAreRefused) {
  PcapFile(path("a.pcap"), kRaw).packet(1, 0, "E");
  fs::resize_file(path("a.pcap"), fs::file_size(path("a.pcap")) - 1);
  const auto [message, status] = failure_of([&] { read_all(path("a.pcap")); });
  EXPECT_EQ(status, 2);
  EXPECT_TRUE(message.starts_with(path("a.pcap") + ": packet 1: truncated dump file")) << message;
}

TEST_F(Captures, ThatAreNoneAreRefused) {
  EXPECT_EQ(
      failure_of([&] { CaptureReader{path("none")}; }),
      std::pair("cannot read the capture " + path("none") + ": no such file or directory", 2));
  std::ofstream(path("text")) << "this is not a capture, this is a text";
  EXPECT_EQ(failure_of([&] { CaptureReader{path("text")}; }),
            std::pair("cannot read the capture " + path("text") + ": unknown file format", 2));
}

TEST_F(Captures, ThatCannotBeWrittenSayWhy) {
  EXPECT_EQ(failure_of([&] { CaptureWriter{path("no/such/directory")}; }),
            std::pair("cannot write the capture " + path("no/such/directory") +
                          ": no such file or directory",
                      1));
}

TEST_F(Captures, OnAFullDiskSayWhyWhenFlushed) {
  CaptureWriter writer("/dev/full");
  EXPECT_EQ(
      failure_of([&] { writer.flush(); }),
      std::pair(std::string{"cannot write the capture /dev/full: no space left on device"}, 1));
}

TEST_F(Captures, AppearUnderTheirNameWhenTheyAreComplete) {
  {
    PendingFile file(path("out"));
    std::ofstream(file.path()) << "half";
    EXPECT_NE(file.path(), path("out"));
  }
  EXPECT_TRUE(fs::is_empty(fs::path(path("out")).parent_path()));
  PendingFile file(path("out"));
  std::ofstream(file.path()) << "whole";
  file.commit();
  EXPECT_EQ(fs::file_size(path("out")), 5U);
}

TEST_F(Captures, ThatGoToADeviceOrPipeGoThereAtOnce) {
  EXPECT_EQ(PendingFile{"/dev/null"}.path(), "/dev/null");
  EXPECT_EQ(PendingFile{"-"}.path(), "-");
}

}  // namespace
}  // namespace hop
