// SPDX-License-Identifier: Apache-2.0
#include "app/log_sinks.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <string>

#include <gtest/gtest.h>

#include "base/unique_fd.h"

namespace hald::app {
namespace {

/// Standard error is something else for a while.
class StandardError {
 public:
  StandardError() : home_(::dup(STDERR_FILENO)) {}
  ~StandardError() { ::dup2(home_.get(), STDERR_FILENO); }
  static void becomes(int fd) { ::dup2(fd, STDERR_FILENO); }

 private:
  UniqueFd home_;
};

TEST(ConsoleSink, WhatTheDiskDidNotTakeIsCounted) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  const UniqueFd out(ends[0]);
  const UniqueFd in(ends[1]);
  const UniqueFd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  ConsoleSink sink;
  {
    const StandardError guard;
    StandardError::becomes(full.get());
    sink.write(log::Level::Info, "one", {});
    sink.write(log::Level::Info, "two", {});
    StandardError::becomes(in.get());
    sink.write(log::Level::Info, "three", {});
    sink.write(log::Level::Info, "four", {});
  }
  std::array<char, 512> text{};
  const ssize_t size = ::read(out.get(), text.data(), text.size());
  ASSERT_GT(size, 0);
  const std::string lines(text.data(), static_cast<std::size_t>(size));
  EXPECT_NE(lines.find("(2 entries before this one were lost) three\n"), std::string::npos) << lines;
  EXPECT_EQ(lines.find("lost) four"), std::string::npos) << lines;
}

}  // namespace
}  // namespace hald::app
