// SPDX-License-Identifier: Apache-2.0
// What operators have ordered of single real servers, beside what their checks say: drain, maintenance,
// another weight. AdminBook holds the orders; effect_of() says what one of them makes of a server that is
// alive. Orders belong to the names of services and to the endpoints of servers, so that they outlive reloads
// and restarts.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip.h"
#include "base/result.h"
#include "base/time.h"

namespace hald::ipvs {

enum class AdminMode : unsigned char {
  Drain,        ///< weight 0 until its connections have ended or the deadline has passed, then out
  Maintenance,  ///< out at once
  Weight,       ///< another weight than the configured one
};

struct AdminOrder {
  AdminMode mode = AdminMode::Maintenance;
  std::int32_t weight = 0;  ///< of Weight
  bool gone = false;        ///< of Drain: it has ended, the server is out
  WallTime since;
  std::optional<WallTime> until;  ///< the deadline of a drain; the end of any other order
  std::string who;
  std::string why;
  friend bool operator==(const AdminOrder&, const AdminOrder&) = default;
};

/// "drain", "drained", "maintenance" or "weight".
[[nodiscard]] std::string_view state_of(const AdminOrder& order);

/// What becomes of a server that its checks would let take part.
struct AdminEffect {
  enum class Part : unsigned char {
    Full,
    Drain,  ///< weight 0, also while a sorry server serves: its connections go on
    Out,
  };
  Part part = Part::Full;
  std::optional<std::int32_t> weight;  ///< of Full: instead of the configured one
  friend bool operator==(const AdminEffect&, const AdminEffect&) = default;
};
[[nodiscard]] AdminEffect effect_of(const AdminOrder& order);
/// What the server counts for the quorum while it is alive.
[[nodiscard]] std::int32_t weight_of(const AdminEffect& effect, std::int32_t configured);

class AdminBook {
 public:
  struct Place {
    std::string service;  ///< as the log names it: "[10.0.0.3]:tcp:80"
    Endpoint server;
    friend auto operator<=>(const Place&, const Place&) = default;
  };
  using Orders = std::map<Place, AdminOrder>;
  static constexpr std::size_t kMost = 65536;

  [[nodiscard]] bool empty() const { return orders_.empty(); }
  [[nodiscard]] const Orders& all() const { return orders_; }
  [[nodiscard]] bool has(const std::string& service) const;
  /// nullptr: nothing was ordered.
  [[nodiscard]] const AdminOrder* find(const std::string& service, const Endpoint& server) const;

  /// Replaces what was ordered before. False: there are too many.
  [[nodiscard]] bool set(const Place& place, AdminOrder order);
  /// False: nothing was ordered.
  bool erase(const Place& place);
  /// A drain has ended. False: none is under way.
  bool end_drain(const Place& place);
  /// Ends what had to end by now; returns where something changed.
  std::vector<Place> expire(WallTime now);
  /// Time has something to change: a drain is under way, or an order has an end.
  [[nodiscard]] bool needs_time() const;

 private:
  Orders orders_;
};

/// A server as operators write it: "10.0.0.7", "10.0.0.7:80", "2001:db8::7" or "[2001:db8::7]:80". Without a
/// port all of them are meant.
struct ServerName {
  Address address;
  std::optional<std::uint16_t> port;
  [[nodiscard]] bool means(const Endpoint& server) const {
    return server.address == address && (!port || *port == server.port);
  }
};
[[nodiscard]] Result<ServerName> parse_server_name(std::string_view text);

}  // namespace hald::ipvs
