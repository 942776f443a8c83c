// SPDX-License-Identifier: Apache-2.0
#include "net/netlink_requests.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <fmt/format.h>

namespace hald::net {
namespace {

/// What the kernel has to say about an error, next to its number: "ipv4: Invalid scope value".
std::string explanation(const NetlinkMessage& message, const nlmsgerr& error) {
  if ((message.flags & NLM_F_ACK_TLVS) == 0) return {};
  std::size_t skip = sizeof(nlmsgerr);
  if ((message.flags & NLM_F_CAPPED) == 0) {
    if (error.msg.nlmsg_len < NetlinkReader::kHeader) return {};
    skip += padded(error.msg.nlmsg_len - NetlinkReader::kHeader);
  }
  AttributeReader reader(behind(message.body, skip));
  while (const auto attribute = reader.next()) {
    if (attribute->type == NLMSGERR_ATTR_MSG) return attribute->text();
  }
  return {};
}

/// The verdict of an NLMSG_ERROR, whose number 0 is the acknowledgement.
Result<void> verdict(const NetlinkMessage& message, const std::string& doing) {
  const auto error = message.header<nlmsgerr>();
  if (!error) return protocol_error(doing + ": short netlink acknowledgement");
  if (error->error == 0) return {};
  const auto why = explanation(message, *error);
  return errno_error(-error->error, why.empty() ? doing : fmt::format("{} ({})", doing, why));
}

/// How the kernel ended a dump: a number below zero is an error.
Result<void> end_of_dump(const NetlinkMessage& message, const std::string& doing) {
  const auto number = message.header<std::int32_t>().value_or(0);
  if (number < 0) return errno_error(-number, doing);
  return {};
}

}  // namespace

NetlinkRequests::NetlinkRequests(std::size_t buffer) : buffer_(buffer) {
  // The first two only make errors more telling, the third makes the kernel heed what a dump asks for.
  for (const int option : {NETLINK_EXT_ACK, NETLINK_CAP_ACK, NETLINK_GET_STRICT_CHK}) socket_.prefer(option);
}

Result<void> NetlinkRequests::change(std::vector<std::uint8_t> request, const std::string& doing) {
  bool incomplete = false;
  return dump(
      std::move(request), doing, [](const NetlinkMessage&) {}, incomplete);
}

Result<void> NetlinkRequests::dump(std::vector<std::uint8_t> request, const std::string& doing,
                                   const Handler& handler, bool& incomplete) {
  if (auto sent = begin_dump(std::move(request), doing); !sent) return sent;
  for (;;) {
    const auto piece = read_piece(doing, handler);
    if (!piece) return piece.error();
    if (piece->is_incomplete) incomplete = true;
    if (piece->is_last) return {};
  }
}

Result<void> NetlinkRequests::begin_dump(std::vector<std::uint8_t> request, const std::string& doing) {
  return send(std::move(request), doing);
}

Result<NetlinkRequests::Piece> NetlinkRequests::read_piece(const std::string& doing, const Handler& handler) {
  const auto datagram = socket_.receive(buffer_);
  if (!datagram) return Error{datagram.error().code, doing + ": read the kernel's answer"};
  Piece out;
  NetlinkReader reader(*datagram);
  while (const auto message = reader.next()) {
    if (message->sequence != sequence_) continue;  // the rest of an answer that was given up
    if ((message->flags & NLM_F_DUMP_INTR) != 0) out.is_incomplete = true;
    if (message->type == NLMSG_ERROR || message->type == NLMSG_DONE) {
      const auto judged =
          message->type == NLMSG_DONE ? end_of_dump(*message, doing) : verdict(*message, doing);
      if (!judged) return judged.error();
      out.is_last = true;
      return out;
    }
    handler(*message);
  }
  return out;
}

Result<void> NetlinkRequests::send(std::vector<std::uint8_t> request, const std::string& doing) {
  MessageWriter(request).patch(NetlinkReader::kSequence, ++sequence_);
  if (const auto sent = socket_.send(request); !sent) return Error{sent.error().code, doing};
  return {};
}

}  // namespace hald::net
