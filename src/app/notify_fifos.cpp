// SPDX-License-Identifier: Apache-2.0
#include "app/notify_fifos.h"

#include <utility>

namespace hald::app {
namespace {

void write(const std::unique_ptr<proc::Fifo>& fifo, std::string_view line) {
  if (fifo) fifo->write(line);
}

}  // namespace

std::optional<proc::FifoSettings> NotifyFifos::settings_of(const config::NotifyFifo& fifo,
                                                           const ScriptUsers& users, bool wanted) {
  if (!wanted || fifo.path.empty()) return {};
  proc::FifoSettings out;
  out.path = fifo.path;
  if (const auto owner = users.user(fifo.owner)) {
    out.owner = owner->uid;
    out.group = owner->gid;
  }
  out.reader = users.command(fifo.script);
  return out;
}

void NotifyFifos::apply(const config::Global& global, const ScriptUsers& users, Writers writers) {
  const std::pair<Slot*, std::optional<proc::FifoSettings>> wanted[] = {
      {&all_, settings_of(global.notify_fifo, users, writers.vrrp || writers.servers)},
      {&vrrp_, settings_of(global.vrrp_notify_fifo, users, writers.vrrp)},
      {&servers_, settings_of(global.lvs_notify_fifo, users, writers.servers)}};
  // First away with all that goes: two words may have changed their paths with each other.
  for (const auto& [slot, settings] : wanted) {
    if (slot->settings != settings) *slot = {};
  }
  for (const auto& [slot, settings] : wanted) {
    const bool missing = settings && !slot->fifo;  // what stood in its way may be gone
    if (slot->settings == settings && !missing) continue;
    slot->settings = settings;
    open(*slot);
  }
}

void NotifyFifos::open(Slot& slot) {
  auto opened = proc::Fifo::open(*slot.settings, spawner_, logger_);
  if (opened) {
    slot.fifo = std::move(*opened);
    return;
  }
  logger_.error("Changes are not written to a FIFO: cannot " + opened.error().message(),
                {{"fifo", slot.settings->path}});
}

void NotifyFifos::write_vrrp(std::string_view line) {
  write(all_.fifo, line);
  write(vrrp_.fifo, line);
}

void NotifyFifos::write_servers(std::string_view line) {
  write(all_.fifo, line);
  write(servers_.fifo, line);
}

void NotifyFifos::close(std::function<void()> done) {
  closed_ = std::move(done);
  for (const Slot* slot : {&all_, &vrrp_, &servers_}) {
    if (slot->fifo) slot->fifo->close([this] { look_who_reads(); });
  }
  limit_ = scheduler_.after(kPatience, [this] {
    for (const Slot* slot : {&all_, &vrrp_, &servers_}) {
      if (slot->fifo) slot->fifo->stop_reader();
    }
    limit_ = scheduler_.after(kPatience, [this] {
      for (Slot* slot : {&all_, &vrrp_, &servers_}) *slot = {};  // kills them
      look_who_reads();
    });
  });
  look_who_reads();
}

/// Later, since a pipe must not go while it calls.
void NotifyFifos::look_who_reads() {
  later_ = scheduler_.after(Duration::zero(), [this] {
    for (const Slot* slot : {&all_, &vrrp_, &servers_}) {
      if (slot->fifo && slot->fifo->is_read()) return;
    }
    limit_.cancel();
    for (Slot* slot : {&all_, &vrrp_, &servers_}) *slot = {};
    if (const auto done = std::exchange(closed_, nullptr)) done();
  });
}

}  // namespace hald::app
