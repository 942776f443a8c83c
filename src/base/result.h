// SPDX-License-Identifier: Apache-2.0
// Result<T>: what every function returns that can fail at run time. An Error says which system error it
// was and what hald was doing, so that the line an operator reads needs no source beside it. Problems in
// the configuration are not Errors: they go to config::Diagnostics.
#pragma once

#include <string>
#include <system_error>
#include <utility>

#include <boost/system/result.hpp>

namespace hald {

struct Error {
  std::error_code code;
  std::string doing;  ///< what was attempted, as a phrase: "add 10.0.0.3/24 to eth0"

  /// "add 10.0.0.3/24 to eth0: Operation not permitted"
  [[nodiscard]] std::string message() const;
};

/// Found by argument look-up from boost::system::result when value() meets an error: a bug in the caller.
[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& where);

template <typename T>
using Result = boost::system::result<T, Error>;

/// The error of the last failed system call. Call it before anything that may change errno.
[[nodiscard]] Error errno_error(std::string doing);
[[nodiscard]] Error errno_error(int number, std::string doing);
/// An error without an errno: a reply or a text that makes no sense.
[[nodiscard]] Error protocol_error(std::string doing);

}  // namespace hald
