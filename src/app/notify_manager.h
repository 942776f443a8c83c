// SPDX-License-Identifier: Apache-2.0
// Tells the service manager how hald fares (sd_notify). Nothing happens where there is none.
#pragma once

#include <string>

namespace hald::app {

void notify_ready(const std::string& status);
void notify_status(const std::string& status);
void notify_reloading();
void notify_stopping();

}  // namespace hald::app
