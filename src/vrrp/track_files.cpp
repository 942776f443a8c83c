// SPDX-License-Identifier: Apache-2.0
#include "vrrp/track_files.h"

#include <utility>

#include <fmt/format.h>

#include "vrrp/core/track_number.h"

namespace hald::vrrp {

class TrackFiles::File {
 public:
  File(const Environment& environment, const Changed& changed, const config::TrackFile& settings)
      : environment_(environment), changed_(changed), settings_(settings) {
    read();
    watch_ = environment_.files->watch(settings_.path, [this] { look(); });
  }

  [[nodiscard]] const std::string& path() const { return settings_.path; }
  [[nodiscard]] TrackedState state() const {
    return {TrackedState::Is::Number, number_, there_ ? fmt::format("holds {}", number_) : "is missing"};
  }

 private:
  void look() {
    const std::int64_t before = number_;
    read();
    if (number_ == before) return;
    environment_.log.info(fmt::format("Track file {} {}", settings_.name, state().words),
                          {{"file", settings_.path}});
    changed_(settings_.name);
  }

  void read() {
    const auto text = environment_.files->read(settings_.path, track_number_bytes);
    there_ = text.has_value();
    const auto number = read_track_number(text.value_or(""));
    if (number) {
      number_ = *number;
      return;
    }
    environment_.log.limited(
        log::Level::Warning, "vrrp.file." + settings_.name,
        fmt::format("Track file {}: its number does not fit into 32 bits, {} stays", settings_.name, number_),
        {{"file", settings_.path}});
  }

  const Environment& environment_;
  const Changed& changed_;
  config::TrackFile settings_;
  std::int64_t number_ = 0;
  bool there_ = false;
  std::unique_ptr<proc::WatchedFiles::Watch> watch_;
};

TrackFiles::TrackFiles(const Environment& environment, Changed changed)
    : environment_(environment), changed_(std::move(changed)) {}

TrackFiles::~TrackFiles() = default;

void TrackFiles::create(const std::vector<config::TrackFile>& files) {
  if (std::exchange(created_, true) || environment_.files == nullptr) return;
  for (const auto& file : files) {
    if (!file.initial) continue;
    const auto written = environment_.files->create(file.path, fmt::format("{}\n", file.initial->value),
                                                    file.initial->overwrite);
    if (!written) {
      environment_.log.error(
          fmt::format("Unable to initialise track file {}: {}", file.name, written.error().message()),
          {{"file", file.path}});
    }
  }
}

void TrackFiles::apply(const std::vector<const config::TrackFile*>& wanted) {
  auto before = std::exchange(files_, {});
  if (environment_.files == nullptr) return;
  for (const config::TrackFile* settings : wanted) {
    auto& slot = files_[settings->name];
    if (const auto old = before.find(settings->name);
        old != before.end() && old->second->path() == settings->path) {
      slot = std::move(old->second);
    } else {
      slot = std::make_unique<File>(environment_, changed_, *settings);
    }
  }
}

void TrackFiles::stop() {
  files_.clear();
}

TrackedState TrackFiles::state(const std::string& name) const {
  const auto found = files_.find(name);
  return found == files_.end() ? TrackedState{} : found->second->state();
}

}  // namespace hald::vrrp
