// SPDX-License-Identifier: Apache-2.0
// Names of hosts and ports as this machine knows them. Asking may take as long as its name servers take.
#pragma once

#include "ipvsadm/core/names.h"

namespace hald::ctl {

class SystemNames : public ipvsadm::Names {
 public:
  std::optional<Address> address_of(const std::string& host) override;
  std::optional<std::uint16_t> port_of(const std::string& service, config::Protocol protocol) override;
  std::optional<std::string> name_of(const Address& address) override;
  std::optional<std::string> name_of(std::uint16_t port, config::Protocol protocol) override;
};

}  // namespace hald::ctl
