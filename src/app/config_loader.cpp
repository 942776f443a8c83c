// SPDX-License-Identifier: Apache-2.0
#include "app/config_loader.h"

#include <malloc.h>

#include <memory>

#include "app/process.h"

namespace hald::app {

ConfigLoader::~ConfigLoader() {
  if (thread_.joinable()) thread_.join();
}

void ConfigLoader::load(const std::string& path, config::LoadOptions options, bool modules, Done done) {
  if (thread_.joinable()) thread_.join();  // it has posted its result, so it is at its end
  busy_ = true;
  thread_ =
      std::thread([this, path, options = std::move(options), modules, done = std::move(done)]() mutable {
        auto loaded = std::make_shared<config::Loaded>(config::load_file(path, options));
        if (modules) load_scheduler_modules(*loaded->config);
        // The text and its tree are gone by now: give the pages back, from here where nobody waits.
        ::malloc_trim(0);
        scheduler_.post([this, loaded, done = std::move(done)] {
          busy_ = false;
          done(std::move(*loaded));
        });
      });
}

}  // namespace hald::app
