// SPDX-License-Identifier: Apache-2.0
#include "net/watchers.h"

#include <map>
#include <utility>
#include <vector>

namespace hald::net {

struct Watchers::List {
  std::map<unsigned long, Changed> callbacks;
  unsigned long next = 0;
};

struct Watchers::Entry : Subscription::Entry {
  Entry(std::shared_ptr<List> list, unsigned long number) : list_(std::move(list)), number_(number) {}
  ~Entry() override { list_->callbacks.erase(number_); }

 private:
  std::shared_ptr<List> list_;
  unsigned long number_;
};

Watchers::Watchers() : list_(std::make_shared<List>()) {}

Watchers::~Watchers() = default;

Subscription Watchers::add(Changed changed) {
  const auto number = ++list_->next;
  list_->callbacks.emplace(number, std::move(changed));
  return Subscription(std::make_unique<Entry>(list_, number));
}

void Watchers::tell(const std::string& name) const {
  const auto list = list_;
  std::vector<unsigned long> numbers;
  for (const auto& [number, callback] : list->callbacks) numbers.push_back(number);
  for (const auto number : numbers) {
    const auto found = list->callbacks.find(number);
    if (found == list->callbacks.end()) continue;
    const auto callback = found->second;  // it may end its own subscription
    callback(name);
  }
}

}  // namespace hald::net
