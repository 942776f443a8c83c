// SPDX-License-Identifier: Apache-2.0
// FakeNftables: remembers the batches, answers when the test says so, and lists one piece of text that stands
// for all there is.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "net/nftables.h"

namespace hald::fakes {

class FakeNftables : public net::Nftables {
 public:
  void run(Request request, Done done) override {
    requests.push_back(std::move(request));
    done_ = std::move(done);
  }
  Answer finish(const std::string& batch) override {
    finished = batch;
    done_ = {};
    return {};
  }
  std::string watch(const std::string& table, std::function<void()> changed) override {
    watched = table;
    changed_ = std::move(changed);
    return {};
  }

  [[nodiscard]] bool waiting() const { return static_cast<bool>(done_); }
  /// Every request that is there, and those that follow from the answers.
  void answer_all() {
    while (done_) answer();
  }
  void answer(const std::string& error = {}) {
    std::exchange(done_, {})({error, error.empty() && !requests.back().inquiry.empty() ? listing : ""});
  }
  void somebody_changes(const std::string& text) {
    listing = text;
    if (changed_) changed_();
  }

  std::vector<Request> requests;
  std::string listing = "as written";
  std::string watched;
  std::optional<std::string> finished;

 private:
  Done done_;
  std::function<void()> changed_;
};

}  // namespace hald::fakes
