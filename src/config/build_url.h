// SPDX-License-Identifier: Apache-2.0
// Builds and prints one url of a HTTP_GET or SSL_GET.
#pragma once

#include <optional>

#include "config/document.h"
#include "config/model_check.h"
#include "config/tree.h"
#include "config/values.h"

namespace hald::config {

/// Nothing if it cannot be fetched. `tls_compliant`: what the check says for all its urls.
[[nodiscard]] std::optional<HttpUrl> build_url(const Node& block, bool tls_compliant, Values& values);

[[nodiscard]] Item print_url(const HttpUrl& url, const Keyword& keyword, bool tls);

}  // namespace hald::config
