// SPDX-License-Identifier: Apache-2.0
#include "app/failover.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include <boost/json.hpp>
#include <fmt/format.h>

namespace hald::app {
namespace {

namespace json = boost::json;

/// How often it is looked whether a successor was heard; the longest wait is a second or two.
constexpr auto kLook = std::chrono::milliseconds(10);

std::set<std::string> masters(const vrrp::Supervisor& supervisor) {
  std::set<std::string> out;
  for (const auto& view : supervisor.views()) {
    if (view.state == "MASTER") out.insert(view.name);
  }
  return out;
}

class Answer : public control::Document {
 public:
  [[nodiscard]] bool done() const override { return done_; }

 protected:
  std::string text(bool done, const std::string& reason, json::array instances) {
    done_ = true;
    json::object out{{"version", 1}, {"done", done}, {"reason", reason}, {"instances", std::move(instances)}};
    return json::serialize(out) + "\n";
  }

 private:
  bool done_ = false;
};

class Refusal : public Answer {
 public:
  explicit Refusal(std::string reason) : reason_(std::move(reason)) {}
  [[nodiscard]] std::string next() override { return text(false, reason_, {}); }

 private:
  std::string reason_;
};

class HandingOver : public Answer {
 public:
  HandingOver(vrrp::Supervisor& supervisor, Scheduler& scheduler, std::set<std::string> before,
              std::vector<std::string> names)
      : supervisor_(supervisor),
        scheduler_(scheduler),
        before_(std::move(before)),
        names_(std::move(names)) {}

  void await(const std::function<void()>& ready) override {
    if (!supervisor_.handing_over(names_)) return ready();
    look_ = scheduler_.after(kLook, [this, ready] {
      const auto call = ready;  // the timer that holds it is set anew
      await(call);
    });
  }

  [[nodiscard]] std::string next() override {
    json::array out;
    std::string refused;
    bool any = false;
    for (const auto& view : supervisor_.views()) {
      if (std::find(names_.begin(), names_.end(), view.name) == names_.end()) continue;
      const bool was_master = before_.contains(view.name);
      const bool handed_over = was_master && view.state != "MASTER";
      any = any || handed_over;
      if (was_master && !handed_over) refused = view.reason;
      json::object each{{"name", view.name},
                        {"state", view.state},
                        {"reason", view.reason},
                        {"handed_over", handed_over},
                        {"master", nullptr}};
      if (view.master_address) each["master"] = view.master_address->to_string();
      out.emplace_back(std::move(each));
    }
    if (refused.empty() && !any) refused = "none of them is MASTER";
    return text(refused.empty(), refused, std::move(out));
  }

 private:
  vrrp::Supervisor& supervisor_;
  Scheduler& scheduler_;
  std::set<std::string> before_;
  std::vector<std::string> names_;
  TimerHandle look_;
};

/// The name behind a word: "" if there is none; nothing if the request begins with another word.
std::optional<std::string> name_behind(const std::string& request, const std::string& word) {
  if (request == word) return std::string();
  if (request.rfind(word + " ", 0) == 0) return request.substr(word.size() + 1);
  return std::nullopt;
}

std::unique_ptr<control::Document> unknown(const std::string& name) {
  return std::make_unique<Refusal>(name.empty()
                                       ? std::string("there are no instances")
                                       : fmt::format("no instance and no sync group is named {}", name));
}

}  // namespace

std::unique_ptr<control::Document> answer_failover(const std::string& request, vrrp::Supervisor* supervisor,
                                                   Scheduler& scheduler) {
  const auto over = name_behind(request, "failover");
  const auto back = name_behind(request, "failover-undo");
  if (!over && !back) return nullptr;
  if (supervisor == nullptr) return unknown(over ? *over : *back);
  auto before = over ? masters(*supervisor) : std::set<std::string>();
  auto names = over ? supervisor->hand_over(*over) : supervisor->take_back(*back);
  if (names.empty()) return unknown(over ? *over : *back);
  return std::make_unique<HandingOver>(*supervisor, scheduler, std::move(before), std::move(names));
}

}  // namespace hald::app
