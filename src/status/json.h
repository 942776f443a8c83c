// SPDX-License-Identifier: Apache-2.0
// The status as JSON, version 1. Fields may be added within a version; none is renamed or removed.
#pragma once

#include <memory>
#include <string>

#include "status/snapshot.h"

namespace hald::status {

/// RFC 3339 in UTC with milliseconds: "2026-01-31T12:00:00.000Z".
[[nodiscard]] std::string to_rfc3339(WallTime when);

/// One real server of a virtual server as operators order it about: service, address, port, in_kernel, admin.
[[nodiscard]] std::string admin_text(const std::string& service, const RealServerView& view);

/// Writes the document piece by piece; each piece costs well under a millisecond, except for a virtual
/// server with thousands of real servers.
class JsonStream {
 public:
  explicit JsonStream(std::unique_ptr<const Source> source) : source_(std::move(source)) {}

  [[nodiscard]] bool done() const { return stage_ == Stage::Done; }
  /// The next piece; the pieces in a row are one JSON object and a newline.
  [[nodiscard]] std::string next();

 private:
  enum class Stage : unsigned char { Head, Services, Done };

  std::unique_ptr<const Source> source_;
  Stage stage_ = Stage::Head;
  std::size_t index_ = 0;
};

}  // namespace hald::status
