// SPDX-License-Identifier: Apache-2.0
#include "app/router_notifier.h"

namespace hald::app {
namespace {

using proc::NotifyObject;
using proc::NotifyState;
using vrrp::StateName;

/// The name of a queue, and of its object in the log.
std::string name_of(NotifyObject object, const std::string& name) {
  return (object == NotifyObject::Group ? "VRRP group " : "VRRP instance ") + name;
}

const config::Command& script_for(const config::Notifications& scripts, NotifyState state) {
  static const config::Command kNone;
  switch (state) {
    case NotifyState::Master: return scripts.master;
    case NotifyState::Backup: return scripts.backup;
    case NotifyState::Fault: return scripts.fault;
    case NotifyState::Stop: return scripts.stop;
    case NotifyState::Deleted: return scripts.deleted;
    default: return kNone;
  }
}

std::optional<NotifyState> told_as(StateName state) {
  switch (state) {
    case StateName::Master: return NotifyState::Master;
    case StateName::Backup: return NotifyState::Backup;
    case StateName::Fault: return NotifyState::Fault;
    case StateName::Init: break;
  }
  return {};
}

}  // namespace

void RouterNotifier::repeat_states() {
  if (!channels_.config().global.fifo_write_vrrp_states_on_reload) return;
  for (const NotifyObject object : {NotifyObject::Group, NotifyObject::Instance}) {
    for (const auto& [key, told] : told_) {
      if (key.first == object)
        channels_.fifos().write_vrrp(vrrp_line(object, key.second, told.state, told.priority));
    }
  }
}

void RouterNotifier::on_state(const vrrp::StateChange& change) {
  const config::VrrpInstance& instance = change.instance;
  const auto state = told_as(change.to);
  if (!state) return removed(change);
  if (change.resumed) return remember(NotifyObject::Instance, instance.name, *state, change.priority);
  tell({NotifyObject::Instance, instance.name, instance.notify, instance.smtp_alert}, *state,
       change.priority);
}

/// An instance came to its end: hald stops, or a reload has no use for it.
void RouterNotifier::removed(const vrrp::StateChange& change) {
  const config::VrrpInstance& instance = change.instance;
  const Subject subject{NotifyObject::Instance, instance.name, instance.notify, instance.smtp_alert};
  if (channels_.stopping()) return tell(subject, NotifyState::Stop, change.priority);
  // compat: unless DELETED is asked for it is a FAULT, and nothing new to one that was in it.
  if (instance.notify_deleted) {
    tell(subject, NotifyState::Deleted, change.priority);
  } else if (change.from != StateName::Fault) {
    tell(subject, NotifyState::Fault, change.priority);
  }
  told_.erase({NotifyObject::Instance, instance.name});
  channels_.retire(name_of(NotifyObject::Instance, instance.name));
}

void RouterNotifier::on_group(const vrrp::GroupChange& change) {
  const config::SyncGroup& group = change.group;
  const auto told = told_as(change.to);
  if (!told) return;
  if (change.resumed) return remember(NotifyObject::Group, group.name, *told, 0);
  tell({NotifyObject::Group, group.name, group.notify, group.smtp_alert}, *told, 0);
}

/// Everybody was told by the run before.
void RouterNotifier::remember(NotifyObject object, const std::string& name, NotifyState state,
                              unsigned priority) {
  told_[{object, name}] = {state, priority, state};
}

void RouterNotifier::on_event(const vrrp::InstanceEvent& event) {
  const config::VrrpInstance& instance = event.instance;
  const auto line = [&](NotifyState what) {
    channels_.fifos().write_vrrp(vrrp_line(NotifyObject::Instance, instance.name, what, event.priority));
  };
  if (event.kind == vrrp::InstanceEvent::Kind::PriorityChanged) {
    if (instance.notify_priority_changes)
      line(event.state == StateName::Master ? NotifyState::MasterPriority : NotifyState::BackupPriority);
    return;
  }
  // compat: this script gets no further words.
  proc::Notification notification{proc::NotifyKind::Event, {}, {}};
  channels_.add(notification.commands, instance.notify.master_rx_lower_pri);
  if (!notification.commands.empty())
    channels_.run(name_of(NotifyObject::Instance, instance.name), std::move(notification));
  line(NotifyState::MasterRxLowerPri);
}

void RouterNotifier::tell(const Subject& subject, NotifyState state, unsigned priority) {
  Told& told = told_[{subject.object, subject.name}];
  told.state = state;
  told.priority = priority;
  run_scripts(subject, state, priority);
  channels_.fifos().write_vrrp(vrrp_line(subject.object, subject.name, state, priority));
  mail(subject, state, told);
}

/// Without a script as well: what an older state left to do is void all the same.
void RouterNotifier::run_scripts(const Subject& subject, NotifyState state, unsigned priority) {
  proc::Notification out;
  channels_.add(out.commands, script_for(subject.scripts, state));
  channels_.add(out.commands, subject.scripts.any,
                notify_arguments(subject.object, subject.name, state, priority));
  channels_.run(name_of(subject.object, subject.name), std::move(out));
}

/// compat: no second mail about the same state, and one about FAULT that is not wanted changes nothing.
void RouterNotifier::mail(const Subject& subject, NotifyState state, Told& told) {
  const config::Global& global = channels_.config().global;
  if (!subject.mails || told.mailed == state) return;
  if (state == NotifyState::Fault && global.no_email_faults) return;
  auto mail = proc::vrrp_mail(global.router_id, subject.object, subject.name, state);
  if (!mail) return;
  told.mailed = state;
  channels_.mail(*std::move(mail));
}

void RouterNotifier::tell_the_stop() {
  for (const auto& instance : channels_.config().instances)
    tell_the_stop({NotifyObject::Instance, instance.name, instance.notify, instance.smtp_alert});
  for (const auto& group : channels_.config().sync_groups)
    tell_the_stop({NotifyObject::Group, group.name, group.notify, group.smtp_alert});
}

void RouterNotifier::tell_the_stop(const Subject& subject) {
  const auto known = told_.find({subject.object, subject.name});
  if (known != told_.end() && known->second.state != NotifyState::Stop)
    tell(subject, NotifyState::Stop, known->second.priority);
}

}  // namespace hald::app
