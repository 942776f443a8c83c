// SPDX-License-Identifier: Apache-2.0
// Rtnl: rtnetlink as far as links and addresses go, as a seam. It answers at once or fails; it keeps nothing,
// judges nothing and retries nothing. interface_table.h keeps the picture, address_reconciler.h and
// link_reconciler.h decide what to change. Production is NetlinkRtnl; tests use fakes::FakeRtnl.
#pragma once

#include <functional>
#include <variant>
#include <vector>

#include "base/result.h"
#include "net/interfaces.h"

namespace hald::net {

struct LinkEvent {
  Link link;
  bool removed = false;
};
struct AddressEvent {
  InterfaceAddress address;
  bool removed = false;
};
/// The kernel dropped notifications: only a dump tells what is true now.
struct Overrun {};
using RtnlEvent = std::variant<LinkEvent, AddressEvent, Overrun>;

/// A link to be made, at first administratively down.
struct NewLink {
  std::string name;
  LinkKind kind;
  int base = 0;  ///< the link that a Macvlan or Ipvlan stands on
  std::optional<MacAddress> mac;
  std::uint32_t group = 0;
  int master = 0;
};

/// What is to be different about a link; the rest stays.
struct LinkChange {
  std::optional<bool> up{};
  std::optional<MacAddress> mac{};
  std::optional<std::uint32_t> group{};
  std::optional<int> master{};     ///< 0: a port of nothing
  std::optional<LinkKind> kind{};  ///< of the same kind, with another mode
  std::optional<AddressMode> ipv6_address_mode{};
  friend bool operator==(const LinkChange&, const LinkChange&) = default;
};

class Rtnl {
 public:
  using Receiver = std::function<void(const RtnlEvent&)>;

  virtual ~Rtnl() = default;
  [[nodiscard]] virtual Result<std::vector<Link>> links() = 0;
  /// All addresses of all interfaces, in the kernel's order.
  [[nodiscard]] virtual Result<std::vector<InterfaceAddress>> addresses() = 0;
  /// `secondary`, `tentative` and `dad_failed` are the kernel's to decide and are ignored. A label equal to
  /// the device's name or empty means none. The error carries the kernel's errno.
  [[nodiscard]] virtual Result<void> add_address(const InterfaceAddress& address) = 0;
  /// Gives the flags, the peer and the preferred lifetime of `address` to the IPv6 address that is there.
  [[nodiscard]] virtual Result<void> edit_address(const InterfaceAddress& address) = 0;
  /// Removes the address of this interface, prefix, length and peer, whatever its other attributes.
  [[nodiscard]] virtual Result<void> remove_address(const InterfaceAddress& address) = 0;
  [[nodiscard]] virtual Result<void> create_link(const NewLink& link) = 0;
  [[nodiscard]] virtual Result<void> change_link(int index, const LinkChange& change) = 0;
  [[nodiscard]] virtual Result<void> remove_link(int index) = 0;
  /// From now on events go to `receiver`, from the loop or from within drain(). One receiver at a time; it
  /// may ask for links() and addresses(), but neither change anything nor drain().
  virtual void receive(Receiver receiver) = 0;
  /// Delivers every event that is queued now. The kernel queues the events of a request before it answers it,
  /// so that nothing this process did is still unknown after this, with one exception: it tells of an IPv6
  /// address some time after it was added.
  virtual void drain() = 0;
};

}  // namespace hald::net
