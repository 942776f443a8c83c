// SPDX-License-Identifier: Apache-2.0
#include "base/result.h"

#include <cerrno>
#include <stdexcept>

namespace hald {

std::string Error::message() const {
  if (!code) return doing;
  return doing + ": " + code.message();
}

void throw_exception_from_error(const Error& error, const boost::source_location& /*where*/) {
  throw std::runtime_error(error.message());
}

Error errno_error(std::string doing) {
  return errno_error(errno, std::move(doing));
}

Error errno_error(int number, std::string doing) {
  return Error{std::error_code(number, std::system_category()), std::move(doing)};
}

Error protocol_error(std::string doing) {
  return Error{std::make_error_code(std::errc::protocol_error), std::move(doing)};
}

}  // namespace hald
