// SPDX-License-Identifier: Apache-2.0
#include "app/admin.h"

#include <utility>
#include <vector>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "status/json.h"

namespace hald::app {
namespace {

/// How often it is looked whether the order has got to where it belongs, and how many times at most: a kernel
/// that refuses must not keep the operator waiting.
constexpr auto kLook = std::chrono::milliseconds(10);
constexpr int kLooks = 300;
constexpr std::size_t kServersPerPiece = 100;

class Refusal : public control::Document {
 public:
  explicit Refusal(std::string reason) : reason_(std::move(reason)) {}
  [[nodiscard]] bool done() const override { return done_; }
  [[nodiscard]] std::string next() override {
    done_ = true;
    const boost::json::object out{{"version", 1},
                                  {"done", false},
                                  {"reason", reason_},
                                  {"kept", true},
                                  {"servers", boost::json::array()}};
    return boost::json::serialize(out) + "\n";
  }

 private:
  std::string reason_;
  bool done_ = false;
};

/// What the order has come to, a piece at a time.
class Ordered : public control::Document {
 public:
  Ordered(const ServerSide& servers, const AdminKeeper& keeper, Scheduler& scheduler,
          std::vector<ServerSide::AdminTarget> targets)
      : servers_(servers), keeper_(keeper), scheduler_(scheduler), targets_(std::move(targets)) {}

  void await(const std::function<void()>& ready) override {
    const bool settled = keeper_.settled() && servers_.admin_settled();
    if (settled || ++looks_ > kLooks) return ready();
    look_ = scheduler_.after(kLook, [this, ready] {
      const auto call = ready;  // the timer that holds it is set anew
      await(call);
    });
  }
  [[nodiscard]] bool done() const override { return done_; }
  [[nodiscard]] std::string next() override {
    std::string out = index_ == 0 ? heading() : std::string();
    for (std::size_t i = 0; i < kServersPerPiece && index_ < targets_.size(); ++i) {
      const auto& target = targets_[index_++];
      const auto view = servers_.view(target);
      if (!view) continue;
      if (std::exchange(any_, true)) out += ',';
      out += status::admin_text(target.place.service, *view);
    }
    done_ = index_ >= targets_.size();
    return done_ ? out + "]}\n" : out;
  }

 private:
  [[nodiscard]] std::string heading() const {
    const boost::json::string why(keeper_.failure());
    return fmt::format("{{\"version\":1,\"done\":true,\"reason\":{},\"kept\":{},\"servers\":[",
                       boost::json::serialize(boost::json::value(why)), keeper_.failure().empty());
  }

  const ServerSide& servers_;
  const AdminKeeper& keeper_;
  Scheduler& scheduler_;
  std::vector<ServerSide::AdminTarget> targets_;
  std::size_t index_ = 0;
  int looks_ = 0;
  bool any_ = false;
  bool done_ = false;
  TimerHandle look_;
};

std::unique_ptr<control::Document> refuse(std::string reason) {
  return std::make_unique<Refusal>(std::move(reason));
}

}  // namespace

std::unique_ptr<control::Document> answer_admin(const std::string& request, ServerSide* servers,
                                                AdminKeeper* keeper, Scheduler& scheduler) {
  const auto parsed = parse_admin_request(request);
  if (!parsed) return nullptr;
  if (!*parsed) return refuse(parsed->error().message());
  if (servers == nullptr || keeper == nullptr) return refuse("there are no virtual servers");
  const AdminRequest& asked = **parsed;
  auto targets = servers->admin_targets(asked);
  if (targets.empty()) {
    return refuse(asked.service.empty()
                      ? "no virtual server has this real server"
                      : fmt::format("no virtual server {} has this real server", asked.service));
  }
  const WallTime now = scheduler.wall_now();
  if (asked.until && *asked.until <= now) return refuse("that time is past");
  if (asked.act != AdminRequest::Act::Show && !servers->order(targets, order_of(asked, now)))
    return refuse("there are too many orders");
  return std::make_unique<Ordered>(*servers, *keeper, scheduler, std::move(targets));
}

}  // namespace hald::app
