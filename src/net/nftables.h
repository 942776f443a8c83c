// SPDX-License-Identifier: Apache-2.0
// Nftables: the seam to the kernel's packet filter, in the language of nft(8). Whoever implements it may take
// its time, but not the loop's.
#pragma once

#include <functional>
#include <string>

namespace hald::net {

class Nftables {
 public:
  struct Request {
    std::string batch;    ///< all of it is done, or nothing
    std::string inquiry;  ///< what to list afterwards
  };
  struct Answer {
    std::string error;    ///< empty: the batch was done
    std::string listing;  ///< empty if what was asked for is not (all) there
  };
  using Done = std::function<void(const Answer&)>;

  virtual ~Nftables() = default;
  /// `done` is called later, on the loop. One request at a time.
  virtual void run(Request request, Done done) = 0;
  /// Waits for what is under way, whose answer does not come any more, and then for this.
  [[nodiscard]] virtual Answer finish(const std::string& batch) = 0;
  /// Calls `changed` on the loop whenever somebody, hald included, may have changed tables of that name. An
  /// empty name: no more. Returns what is wrong, if it cannot know.
  [[nodiscard]] virtual std::string watch(const std::string& table, std::function<void()> changed) = 0;
};

}  // namespace hald::net
