// SPDX-License-Identifier: Apache-2.0
// LibNftables: the production side of Nftables. libnftables does the work, on a thread of somebody else's,
// because it waits for the kernel and may have to read big rule sets; the kernel's notifications come over
// the loop.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "net/netlink_listener.h"
#include "net/nftables.h"

namespace hald::net {

class LibNftables : public Nftables {
 public:
  /// Does the first on a thread and then the second on the loop; false: it cannot.
  using Submit = std::function<bool(std::function<void()> work, std::function<void()> done)>;

  LibNftables(boost::asio::io_context& io, Submit submit);
  ~LibNftables() override;
  LibNftables(const LibNftables&) = delete;
  LibNftables& operator=(const LibNftables&) = delete;

  void run(Request request, Done done) override;
  [[nodiscard]] Answer finish(const std::string& batch) override;
  [[nodiscard]] std::string watch(const std::string& table, std::function<void()> changed) override;

 private:
  class Library;

  boost::asio::io_context& io_;
  Submit submit_;
  std::shared_ptr<Library> library_;  // the thread's, and with a lock ours
  std::optional<NetlinkListener> events_;
};

/// The name of the table that an nftables notification is about; empty: of none.
[[nodiscard]] std::string table_of(const NetlinkMessage& message);

}  // namespace hald::net
