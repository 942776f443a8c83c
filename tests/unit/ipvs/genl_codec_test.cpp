// SPDX-License-Identifier: Apache-2.0
#include "ipvs/genl_codec.h"

#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <linux/netlink.h>

#include <bit>

#include <gtest/gtest.h>

#include "fakes/ipvs_tables.h"
#include "net/netlink_bytes.h"

namespace hald::ipvs::genl {
namespace {

using fakes::destination;

constexpr std::uint16_t kFamily = 31;
const ServiceKey kWeb = fakes::tcp("10.0.0.3", 80);
using Buffer = std::vector<std::uint8_t>;
using net::MessageWriter;

/// What the kernel would answer: nests of its attributes, written here from linux/ip_vs.h.
class Answer {
 public:
  Answer& number16(std::uint16_t type, std::uint16_t value) { return (writer_.number(type, value), *this); }
  Answer& number(std::uint16_t type, std::uint32_t value) { return (writer_.number(type, value), *this); }
  Answer& be16(std::uint16_t type, std::uint16_t value) { return (writer_.be16(type, value), *this); }
  Answer& bytes(std::uint16_t type, Buffer value) { return (writer_.put(type, value), *this); }
  Answer& text(std::uint16_t type, const char* value) { return (writer_.text(type, value), *this); }
  /// All of it as the contents of one nest.
  Buffer in(std::uint16_t nest) const {
    Buffer out;
    MessageWriter(out).put(nest, attributes_);
    return out;
  }

 private:
  Buffer attributes_;
  MessageWriter writer_{attributes_};
};

Answer service_answer() {
  Answer out;
  out.number16(IPVS_SVC_ATTR_AF, 2).number16(IPVS_SVC_ATTR_PROTOCOL, 6);
  out.bytes(IPVS_SVC_ATTR_ADDR, {10, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})
      .be16(IPVS_SVC_ATTR_PORT, 80);
  out.text(IPVS_SVC_ATTR_SCHED_NAME, "wrr");
  return out;
}

Answer destination_answer() {
  Answer out;
  out.bytes(IPVS_DEST_ATTR_ADDR, {10, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})
      .be16(IPVS_DEST_ATTR_PORT, 80);
  return out;
}

TEST(GenlDecode, AServiceAsTheKernelDescribesIt) {
  Answer answer = service_answer();
  answer.number(99, 1).bytes(IPVS_SVC_ATTR_FLAGS, {3, 0, 0, 0, 0xff, 0xff, 0xff, 0xff});
  answer.number(IPVS_SVC_ATTR_TIMEOUT, 20).bytes(IPVS_SVC_ATTR_NETMASK, {255, 255, 255, 0});
  const auto service = decode_service(answer.in(IPVS_CMD_ATTR_SERVICE));
  ASSERT_TRUE(service);
  EXPECT_EQ(service->key, kWeb);
  EXPECT_EQ(service->settings.scheduler, "wrr");
  EXPECT_EQ(service->settings.flags, service_flag::Persistent)
      << "the kernel's own mark is not a flag of ours";
  EXPECT_EQ(service->settings.timeout, 20U);
  EXPECT_EQ(service->settings.prefix, 24);
}

TEST(GenlDecode, WithoutPersistenceTimeoutAndMaskMeanNothing) {
  Answer answer = service_answer();
  answer.number(IPVS_SVC_ATTR_TIMEOUT, 20).bytes(IPVS_SVC_ATTR_NETMASK, {0, 0, 0, 0});
  const auto service = decode_service(answer.in(IPVS_CMD_ATTR_SERVICE));
  EXPECT_EQ(service->settings.timeout, 0U);
  EXPECT_EQ(service->settings.prefix, 32);
}

TEST(GenlDecode, AMaskThatIsNoPrefixEqualsNone) {
  Answer answer = service_answer();
  answer.bytes(IPVS_SVC_ATTR_FLAGS, {1, 0, 0, 0}).bytes(IPVS_SVC_ATTR_NETMASK, {255, 0, 255, 0});
  EXPECT_EQ(decode_service(answer.in(IPVS_CMD_ATTR_SERVICE))->settings.prefix, kIrregularMask);
}

TEST(GenlDecode, AFirewallMarkOfIPv6) {
  Answer answer;
  answer.number16(IPVS_SVC_ATTR_AF, 10).number(IPVS_SVC_ATTR_FWMARK, 7);
  answer.bytes(IPVS_SVC_ATTR_FLAGS, {1, 0, 0, 0}).number(IPVS_SVC_ATTR_NETMASK, 64);
  const auto service = decode_service(answer.in(IPVS_CMD_ATTR_SERVICE));
  ASSERT_TRUE(service);
  EXPECT_EQ(service->key, ServiceKey(config::FirewallMark{7, Family::IPv6}));
  EXPECT_EQ(service->settings.prefix, 64) << "the prefix length of IPv6 is in the machine's order";
}

TEST(GenlDecode, ADestinationAsTheKernelDescribesIt) {
  Answer answer = destination_answer();
  answer.number(IPVS_DEST_ATTR_FWD_METHOD, 0x103).number(IPVS_DEST_ATTR_WEIGHT, 5);
  answer.number(IPVS_DEST_ATTR_U_THRESH, 9).number(IPVS_DEST_ATTR_L_THRESH, 4);
  answer.bytes(IPVS_DEST_ATTR_TUN_TYPE, {1}).be16(IPVS_DEST_ATTR_TUN_PORT, 6080);
  const auto decoded = decode_destination(answer.in(IPVS_CMD_ATTR_DEST), Family::IPv4);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->endpoint, fakes::endpoint("10.0.0.7", 80))
      << "the service's family, unless it says its own";
  EXPECT_EQ(decoded->forwarding, Forwarding::Direct) << "only the low bits are the method";
  EXPECT_EQ(decoded->weight, 5);
  EXPECT_EQ(decoded->upper_threshold, 9U);
  EXPECT_EQ(decoded->tunnel_type, TunnelType::Gue);
  EXPECT_EQ(decoded->tunnel_port, 6080);
}

TEST(GenlDecode, RefusesWhatHasNoMeaning) {
  EXPECT_FALSE(decode_service({}));
  EXPECT_FALSE(decode_service(Answer().in(IPVS_CMD_ATTR_SERVICE))) << "no family";
  EXPECT_FALSE(decode_service(Answer().number16(IPVS_SVC_ATTR_AF, 7).in(IPVS_CMD_ATTR_SERVICE)));
  EXPECT_FALSE(decode_service(Answer().number16(IPVS_SVC_ATTR_AF, 2).in(IPVS_CMD_ATTR_SERVICE)))
      << "no address";
  EXPECT_FALSE(decode_destination({}, Family::IPv4));
  EXPECT_FALSE(decode_destination(Answer().bytes(IPVS_DEST_ATTR_ADDR, {1, 2, 3}).in(IPVS_CMD_ATTR_DEST),
                                  Family::IPv4));
  EXPECT_FALSE(decode_info({}));
}

TEST(GenlDecode, ShortNumbersReadAsZero) {
  Answer answer = destination_answer();
  answer.bytes(IPVS_DEST_ATTR_WEIGHT, {1, 2}).bytes(IPVS_DEST_ATTR_TUN_PORT, {1});
  const auto decoded = decode_destination(answer.in(IPVS_CMD_ATTR_DEST), Family::IPv4);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->weight, 0);
  EXPECT_EQ(decoded->tunnel_port, 0);
}

TEST(GenlDecode, TheVersion) {
  Buffer attributes;
  MessageWriter writer(attributes);
  writer.number(IPVS_INFO_ATTR_VERSION, std::uint32_t{0x010201});
  writer.number(IPVS_INFO_ATTR_CONN_TAB_SIZE, std::uint32_t{4096});
  EXPECT_EQ(*decode_info(attributes), (Version{1, 2, 1, 4096}));
}

// ---------------------------------------------------------------- requests and answers

TEST(GenlEncode, ADestinationInAServiceByteForByte) {
  if (std::endian::native != std::endian::little) GTEST_SKIP() << "the bytes below are little endian";
  const Destination real = destination("10.0.0.7", 5);
  Buffer out;
  encode(out, {kFamily, 0x01020304}, AddDestination{kWeb, real}, true);
  // The layout of include/uapi/linux/ip_vs.h on a little-endian machine, written out by hand.
  const Buffer expected{
      116, 0, 0,  0,    31, 0, 5, 0, 4,  3, 2, 1, 0, 0,  0, 0,  // length, type, REQUEST|ACK, sequence
      5,   1, 0,  0,                                            // NEW_DEST, version 1
      36,  0, 1,  0x80, 6,  0, 1, 0, 2,  0, 0, 0, 6, 0,  2, 0, 6, 0,  0, 0,  // service: AF_INET, TCP
      8,   0, 3,  0,    10, 0, 0, 3, 6,  0, 4, 0, 0, 80, 0, 0,               // address, port in network order
      60,  0, 2,  0x80, 8,  0, 1, 0, 10, 0, 0, 7, 6, 0,  2, 0, 0, 80, 0, 0,  // destination
      6,   0, 11, 0,    2,  0, 0, 0, 8,  0, 3, 0, 3, 0,  0, 0, 8, 0,  4, 0, 5, 0, 0, 0,  // family, DR, weight
      8,   0, 5,  0,    0,  0, 0, 0, 8,  0, 6, 0, 0, 0,  0, 0};                          // thresholds
  EXPECT_EQ(out, expected);
}

TEST(MessageReader, TellsAnswersFromPayloads) {
  Buffer datagram;
  MessageWriter writer(datagram);
  writer.begin(kFamily, NLM_F_DUMP_INTR, 5);
  writer.header(genlmsghdr{IPVS_CMD_NEW_SERVICE, 1, 0});
  writer.number(1, std::uint32_t{42});
  writer.end();
  const std::int32_t refused = -ESRCH;
  nlmsghdr header{sizeof(nlmsghdr) + 4, NLMSG_ERROR, 0, 6, 0};
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(&header);
  datagram.insert(datagram.end(), bytes, bytes + sizeof header);
  bytes = reinterpret_cast<const std::uint8_t*>(&refused);
  datagram.insert(datagram.end(), bytes, bytes + sizeof refused);

  MessageReader reader(datagram, kFamily);
  const auto payload = reader.next();
  ASSERT_TRUE(payload);
  EXPECT_EQ(payload->kind, Message::Kind::Payload);
  EXPECT_EQ(payload->sequence, 5U);
  EXPECT_TRUE(payload->interrupted);
  EXPECT_EQ(payload->attributes.size(), 8U);
  const auto answer = reader.next();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->kind, Message::Kind::Answer);
  EXPECT_EQ(answer->code, std::errc::no_such_process);
  EXPECT_FALSE(reader.next());
}

TEST(MessageReader, StopsAtAMessageThatIsNotWhole) {
  Buffer datagram;
  encode_get_service(datagram, {kFamily, 1}, kWeb);
  for (std::size_t length = 0; length < datagram.size(); ++length) {
    MessageReader reader({datagram.data(), length}, kFamily);
    EXPECT_FALSE(reader.next()) << length;
  }
}

TEST(MessageReader, ALengthShorterThanItsHeaderEndsIt) {
  Buffer datagram(16, 0);
  datagram[0] = 4;
  EXPECT_FALSE(MessageReader(datagram, kFamily).next());
}

}  // namespace
}  // namespace hald::ipvs::genl
