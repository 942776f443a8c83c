// SPDX-License-Identifier: Apache-2.0
#include "app/record_keeper.h"

#include <unistd.h>

#include <utility>

#include <fmt/format.h>

#include "app/handover_file.h"
#include "config/describe.h"
#include "config/document.h"

namespace hald::app {
namespace {

/// Changes come in crowds.
constexpr auto kGather = std::chrono::milliseconds(50);

std::string print_config(const config::Config& config) {
  return config::to_conf(config::describe(config));
}

}  // namespace

RecordKeeper::RecordKeeper(boost::asio::io_context& io, Scheduler& scheduler, log::Logger& logger,
                           std::string path, Collect running)
    : scheduler_(scheduler),
      logger_(logger),
      path_(std::move(path)),
      running_(std::move(running)),
      helper_(std::make_unique<proc::HelperThreads>(io, proc::HelperThreads::Setup{})) {}

RecordKeeper::~RecordKeeper() {
  helper_.reset();  // it may be writing
  if (!kept_) ::unlink(path_.c_str());
}

void RecordKeeper::configured(std::shared_ptr<const config::Config> config) {
  config_ = std::move(config);
  text_.reset();
  changed();
}

void RecordKeeper::changed() {
  if (std::exchange(stale_, true) || busy_ || finished_) return;
  timer_ = scheduler_.after(kGather, [this] { write(); });
}

/// A big configuration takes tenths of a second.
void RecordKeeper::print() {
  auto text = std::make_shared<std::string>();
  auto config = config_;
  busy_ = helper_->submit([text, config] { *text = print_config(*config); },
                          [this, text, config] {
                            busy_ = false;
                            if (config == config_) text_ = text;
                            if (finished_) return write_last();
                            write();
                          });
}

void RecordKeeper::write() {
  if (!text_) return print();
  stale_ = false;
  auto record = std::make_shared<HandoverRecord>(running_());
  auto result = std::make_shared<Result<void>>();
  busy_ = helper_->submit(
      [record, result, text = text_, path = path_] {
        record->config = *text;
        *result = write_handover(path, *record);
      },
      [this, result] { written(*result); });
}

void RecordKeeper::written(const Result<void>& result) {
  busy_ = false;
  if (!result) {
    logger_.limited(log::Level::Warning, "handover.write",
                    fmt::format("The hand-over record cannot be written, so a crash will be a failover: {}",
                                result.error().message()),
                    {}, std::chrono::hours(1));
  }
  if (finished_) return write_last();
  if (std::exchange(stale_, false)) changed();
}

void RecordKeeper::finish(Collect whole, std::function<void(Result<void>)> done) {
  whole_ = std::move(whole);
  finished_ = std::move(done);
  timer_.cancel();
  if (!busy_) write_last();
}

/// On the loop: what is written must be true when the process ends.
void RecordKeeper::write_last() {
  HandoverRecord record = whole_();
  record.config = text_ ? *text_ : print_config(*config_);
  auto result = write_handover(path_, record);
  kept_ = result.has_value();
  std::exchange(finished_, nullptr)(result);
}

}  // namespace hald::app
