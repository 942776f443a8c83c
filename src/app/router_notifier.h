// SPDX-License-Identifier: Apache-2.0
// RouterNotifier: tells others what becomes of virtual routers and their groups, word for word as keepalived
// does.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "app/channels.h"
#include "config/model.h"
#include "proc/notify_text.h"
#include "vrrp/environment.h"

namespace hald::app {

class RouterNotifier {
 public:
  explicit RouterNotifier(Channels& channels) : channels_(channels) {}
  RouterNotifier(const RouterNotifier&) = delete;
  RouterNotifier& operator=(const RouterNotifier&) = delete;

  void on_state(const vrrp::StateChange& change);
  void on_event(const vrrp::InstanceEvent& event);
  /// The same of a sync group.
  void on_group(const vrrp::GroupChange& change);
  /// After a reload: pipes are told once more how things are, if the configuration asks for it.
  void repeat_states();
  /// To all who have not been told.
  void tell_the_stop();

 private:
  /// Whom it is about, with what the configuration says about him.
  struct Subject {
    proc::NotifyObject object = proc::NotifyObject::Instance;
    const std::string& name;
    const config::Notifications& scripts;
    bool mails = false;
  };
  struct Told {
    proc::NotifyState state = proc::NotifyState::Backup;
    unsigned priority = 0;
    std::optional<proc::NotifyState> mailed{};
  };
  using Key = std::pair<proc::NotifyObject, std::string>;

  void tell(const Subject& subject, proc::NotifyState state, unsigned priority);
  void remember(proc::NotifyObject object, const std::string& name, proc::NotifyState state,
                unsigned priority);
  void run_scripts(const Subject& subject, proc::NotifyState state, unsigned priority);
  void mail(const Subject& subject, proc::NotifyState state, Told& told);
  void removed(const vrrp::StateChange& change);
  void tell_the_stop(const Subject& subject);

  Channels& channels_;
  std::map<Key, Told> told_;
};

}  // namespace hald::app
