// SPDX-License-Identifier: Apache-2.0
// Names: what hosts and ports are called. The seam to the machine's resolver, which may take its time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/ip.h"
#include "config/model.h"

namespace hald::ipvsadm {

class Names {
 public:
  virtual ~Names() = default;
  /// An IPv4 address: a name, or numbers with fewer than four parts.
  virtual std::optional<Address> address_of(const std::string& host) = 0;
  virtual std::optional<std::uint16_t> port_of(const std::string& service, config::Protocol protocol) = 0;
  virtual std::optional<std::string> name_of(const Address& address) = 0;
  virtual std::optional<std::string> name_of(std::uint16_t port, config::Protocol protocol) = 0;
};

}  // namespace hald::ipvsadm
