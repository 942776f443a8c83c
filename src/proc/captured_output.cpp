// SPDX-License-Identifier: Apache-2.0
#include "proc/captured_output.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

namespace hald::proc {
namespace {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;

constexpr auto kDiscardPause = std::chrono::milliseconds(50);

}  // namespace

class CapturedOutput::Reader : public std::enable_shared_from_this<Reader> {
 public:
  Reader(asio::io_context& io, Scheduler& scheduler, UniqueFd pipe, std::size_t limit)
      : scheduler_(scheduler), pipe_(io), limit_(limit) {
    ErrorCode error;
    pipe_.assign(pipe.get(), error);
    if (!error) [[maybe_unused]]
      const int owned_by_the_pipe = pipe.release();
  }

  void wait() {
    if (!pipe_.is_open()) return;
    pipe_.async_wait(asio::posix::stream_descriptor::wait_read,
                     [self = shared_from_this()](const ErrorCode& error) {
                       if (!error) self->readable();
                     });
  }
  void close() {
    pause_.cancel();
    ErrorCode ignored;
    pipe_.close(ignored);
  }
  std::string finish() {
    while (pipe_.is_open() && text_.size() < limit_ && read_some() > 0) {
    }
    close();
    return std::move(text_);
  }

 private:
  void readable() {
    const ssize_t size = read_some();
    if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR)) return close();
    if (text_.size() < limit_) return wait();
    pause_ = scheduler_.after(kDiscardPause, [this] { wait(); });
  }
  ssize_t read_some() {
    std::array<char, 16384> buffer{};
    const ssize_t size = ::read(pipe_.native_handle(), buffer.data(), buffer.size());
    if (size > 0)
      text_.append(buffer.data(), std::min(static_cast<std::size_t>(size), limit_ - text_.size()));
    return size;
  }

  Scheduler& scheduler_;
  asio::posix::stream_descriptor pipe_;
  std::size_t limit_;
  std::string text_;
  TimerHandle pause_;
};

CapturedOutput::CapturedOutput(asio::io_context& io, Scheduler& scheduler, UniqueFd pipe, std::size_t limit)
    : reader_(std::make_shared<Reader>(io, scheduler, std::move(pipe), limit)) {
  reader_->wait();
}

CapturedOutput::~CapturedOutput() {
  reader_->close();
}

std::string CapturedOutput::finish() {
  return reader_->finish();
}

}  // namespace hald::proc
