// SPDX-License-Identifier: Apache-2.0
#include "app/reload_answers.h"

#include <utility>

#include <boost/json.hpp>

#include "config/render.h"

namespace hald::app {
namespace {

constexpr std::size_t kShown = 5;

/// The first messages of the gravest kind there is, and the sum of all.
std::string excerpt(const config::Diagnostics& diagnostics) {
  const auto kind = diagnostics.has_errors() ? config::Severity::Error : config::Severity::Warning;
  std::string out;
  std::size_t shown = 0;
  for (const config::Diagnostic& each : diagnostics.all()) {
    if (each.severity != kind) continue;
    if (++shown > kShown) break;
    out += config::render(diagnostics, each) + "\n\n";
  }
  if (const auto sum = config::summary_of({{{}, &diagnostics, 0}}); !sum.empty()) out += sum + '\n';
  return out;
}

}  // namespace

std::string reload_document(const ReloadOutcome& outcome, const std::string& file,
                            const config::Diagnostics& diagnostics) {
  boost::json::object out;
  out["version"] = 1;
  out["applied"] = outcome.applied;
  out["file"] = file;
  out["changes"] = outcome.applied ? outcome.text : std::string{};
  out["reason"] = outcome.applied ? std::string{} : outcome.text;
  out["errors"] = diagnostics.count(config::Severity::Error);
  out["warnings"] = diagnostics.count(config::Severity::Warning);
  out["notes"] = diagnostics.count(config::Severity::Note);
  out["report"] = excerpt(diagnostics);
  return boost::json::serialize(out) + '\n';
}

class ReloadAnswers::Answer : public control::Document {
 public:
  explicit Answer(std::shared_ptr<Waiting> waiting) : waiting_(std::move(waiting)) {}

  void await(const std::function<void()>& ready) override { waiting_->ready = ready; }
  [[nodiscard]] bool done() const override { return waiting_->done; }
  [[nodiscard]] std::string next() override {
    waiting_->done = true;
    return std::move(waiting_->text);
  }

 private:
  std::shared_ptr<Waiting> waiting_;
};

std::unique_ptr<control::Document> ReloadAnswers::wait() {
  auto waiting = std::make_shared<Waiting>();
  next_.push_back(waiting);
  return std::make_unique<Answer>(std::move(waiting));
}

void ReloadAnswers::begin() {
  current_ = std::exchange(next_, {});
}

void ReloadAnswers::finish(const std::string& document) {
  for (const auto& each : std::exchange(current_, {})) {
    const auto waiting = each.lock();
    if (waiting == nullptr) continue;
    waiting->text = document;
    if (const auto ready = std::exchange(waiting->ready, nullptr)) ready();
  }
}

}  // namespace hald::app
