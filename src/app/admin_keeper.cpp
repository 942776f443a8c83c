// SPDX-License-Identifier: Apache-2.0
#include "app/admin_keeper.h"

#include <cstdio>
#include <utility>

#include <fmt/format.h>

namespace hald::app {

AdminKeeper::AdminKeeper(boost::asio::io_context& io, log::Logger& logger, std::string path)
    : logger_(logger),
      path_(std::move(path)),
      helper_(std::make_unique<proc::HelperThreads>(io, proc::HelperThreads::Setup{})) {}

AdminKeeper::~AdminKeeper() {
  helper_.reset();  // it may be writing, or may not have begun
  const auto last = next_ ? next_ : (busy_ ? under_way_ : nullptr);
  if (!last) return;
  if (const auto result = write_admin(path_, encode_admin(*last)); !result) written(result);
}

ipvs::AdminBook AdminKeeper::load() {
  auto file = read_admin(path_);
  if (!file) {
    put_aside(file.error().message());
    return {};
  }
  for (const std::string& complaint : file->complaints)
    logger_.error(fmt::format("Orders for real servers, {}: {}", path_, complaint));
  if (!file->complaints.empty()) {
    put_aside("some of it is damaged, the rest is kept");
    keep(file->book);
  }
  if (!file->book.empty()) {
    logger_.notice(fmt::format("{} orders for real servers are in force, see `haldctl status`",
                               file->book.all().size()));
  }
  return std::move(file->book);
}

void AdminKeeper::put_aside(const std::string& why) {
  const std::string beside = path_ + ".damaged";
  const bool moved = std::rename(path_.c_str(), beside.c_str()) == 0;
  logger_.error(fmt::format("Orders for real servers, {}: {}{}", path_, why,
                            moved ? fmt::format("; the file is now {}", beside) : std::string()));
}

void AdminKeeper::keep(const ipvs::AdminBook& book) {
  next_ = std::make_shared<const ipvs::AdminBook>(book);
  if (!busy_) write();
}

void AdminKeeper::write() {
  under_way_ = std::exchange(next_, nullptr);
  auto result = std::make_shared<Result<void>>();
  busy_ = helper_->submit(
      [result, book = under_way_, path = path_] { *result = write_admin(path, encode_admin(*book)); },
      [this, result] {
        busy_ = false;
        written(*result);
        if (next_) write();
      });
  if (!busy_) written(errno_error(EAGAIN, "start a thread"));
}

void AdminKeeper::written(const Result<void>& result) {
  failure_ = result ? std::string() : result.error().message();
  if (result) return;
  logger_.limited(log::Level::Error, "admin.write",
                  "Orders for real servers are in force but will not outlive hald: " + failure_);
}

}  // namespace hald::app
