// SPDX-License-Identifier: Apache-2.0
#include "app/notify_manager.h"

#include <systemd/sd-daemon.h>

namespace hald::app {

void notify_ready(const std::string& status) {
  sd_notify(0, ("READY=1\nSTATUS=" + status).c_str());
}
void notify_status(const std::string& status) {
  sd_notify(0, ("STATUS=" + status).c_str());
}
void notify_reloading() {
  sd_notify(0, "RELOADING=1");
}
void notify_stopping() {
  sd_notify(0, "STOPPING=1");
}

}  // namespace hald::app
