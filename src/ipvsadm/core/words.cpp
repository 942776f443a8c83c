// SPDX-License-Identifier: Apache-2.0
#include "ipvsadm/core/words.h"

#include <algorithm>
#include <array>
#include <utility>

namespace hald::ipvsadm {
namespace {

enum class Takes : unsigned char { Nothing, Argument, MaybeArgument };

struct Known {
  std::string_view name;
  int tag;
  Takes takes = Takes::Nothing;
};
constexpr auto kWith = Takes::Argument;

constexpr std::array kKnown{Known{"add-service", 'A'},
                            Known{"edit-service", 'E'},
                            Known{"delete-service", 'D'},
                            Known{"clear", 'C'},
                            Known{"list", 'L'},
                            Known{"", 'l'},
                            Known{"zero", 'Z'},
                            Known{"add-server", 'a'},
                            Known{"edit-server", 'e'},
                            Known{"delete-server", 'd'},
                            Known{"set", kSet},
                            Known{"help", 'h'},
                            Known{"version", 'v'},
                            Known{"restore", 'R'},
                            Known{"save", 'S'},
                            Known{"start-daemon", kStartDaemon, kWith},
                            Known{"stop-daemon", kStopDaemon, kWith},
                            Known{"tcp-service", 't', kWith},
                            Known{"udp-service", 'u', kWith},
                            Known{"sctp-service", kSctpService, kWith},
                            Known{"fwmark-service", 'f', kWith},
                            Known{"scheduler", 's', kWith},
                            Known{"persistent", 'p', Takes::MaybeArgument},
                            Known{"netmask", 'M', kWith},
                            Known{"real-server", 'r', kWith},
                            Known{"masquerading", 'm'},
                            Known{"ipip", 'i'},
                            Known{"gatewaying", 'g'},
                            Known{"weight", 'w', kWith},
                            Known{"u-threshold", 'x', kWith},
                            Known{"l-threshold", 'y', kWith},
                            Known{"mcast-interface", kMulticastInterface, kWith},
                            Known{"timeout", kTimeout},
                            Known{"daemon", kDaemon},
                            Known{"connection", 'c'},
                            Known{"stats", kStats},
                            Known{"rate", kRate},
                            Known{"thresholds", kThresholds},
                            Known{"persistent-conn", kPersistentConn},
                            Known{"nosort", kNoSort},
                            Known{"sort", kSort},
                            Known{"exact", kExact},
                            Known{"ipv6", '6'},
                            Known{"ops", 'o'},
                            Known{"numeric", 'n'},
                            Known{"syncid", kSyncId, kWith},
                            Known{"pe", kEngine, kWith},
                            Known{"sched-flags", 'b', kWith},
                            Known{"sync-maxlen", kSyncMaxLength, kWith},
                            Known{"mcast-group", kMulticastGroup, kWith},
                            Known{"mcast-port", kMulticastPort, kWith},
                            Known{"mcast-ttl", kMulticastTtl, kWith},
                            Known{"tun-info", kTunnelInfo},
                            Known{"tun-type", kTunnelType, kWith},
                            Known{"tun-port", kTunnelPort, kWith},
                            Known{"tun-nocsum", kTunnelNoChecksum},
                            Known{"tun-csum", kTunnelChecksum},
                            Known{"tun-remcsum", kTunnelRemoteChecksum}};

constexpr std::string_view kUnknown = "unknown option";
constexpr std::string_view kMissing = "missing argument";
constexpr std::string_view kUnwanted = "option does not take an argument";

bool is_option(const std::string& word) {
  return word.size() > 1 && word.front() == '-';
}

}  // namespace

Words::Step Words::next() {
  if (!bundle_.empty()) return take_short();
  while (position_ < words_.size()) {
    const std::string& word = words_[position_++];
    if (word == "--") {
      leftovers_.insert(leftovers_.end(), words_.begin() + static_cast<std::ptrdiff_t>(position_),
                        words_.end());
      position_ = words_.size();
      return {};
    }
    if (!is_option(word)) {
      leftovers_.push_back(word);
      continue;
    }
    if (word[1] == '-') return take_long(word.substr(2));
    bundle_ = word.substr(1);
    return take_short();
  }
  return {};
}

Words::Step Words::take_long(const std::string& word) {
  const auto equals = word.find('=');
  const std::string name = word.substr(0, equals);
  const auto* const known =
      std::find_if(kKnown.begin(), kKnown.end(), [&](const Known& each) { return each.name == name; });
  if (name.empty() || known == kKnown.end()) return {0, {}, kUnknown};
  if (equals != std::string::npos) {
    if (known->takes == Takes::Nothing) return {0, {}, kUnwanted};
    return {known->tag, word.substr(equals + 1), {}};
  }
  return known->takes == Takes::Nothing ? Step{known->tag, {}, {}}
                                        : following(known->tag, known->takes == Takes::MaybeArgument);
}

/// An argument that is a word of its own.
Words::Step Words::following(int tag, bool optional) {
  const bool there = position_ < words_.size();
  if (optional && (!there || words_[position_].substr(0, 1) == "-")) return {tag, {}, {}};
  if (!there) return {0, {}, kMissing};
  return {tag, words_[position_++], {}};
}

Words::Step Words::take_short() {
  const char letter = bundle_.front();
  bundle_.erase(0, 1);
  const auto* const known =
      std::find_if(kKnown.begin(), kKnown.end(), [&](const Known& each) { return each.tag == letter; });
  if (known == kKnown.end()) return {0, {}, kUnknown};
  if (known->takes == Takes::Nothing) return {known->tag, {}, {}};
  if (!bundle_.empty()) {
    std::string rest = std::exchange(bundle_, std::string());
    if (rest.front() == '=') rest.erase(0, 1);
    return {known->tag, std::move(rest), {}};
  }
  return following(known->tag, known->takes == Takes::MaybeArgument);
}

std::optional<std::string> Words::leftover() {
  if (handed_ == leftovers_.size()) return std::nullopt;
  return leftovers_[handed_++];
}

}  // namespace hald::ipvsadm
