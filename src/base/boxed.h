// SPDX-License-Identifier: Apache-2.0
// Two pointers that behave like values. Boxed<T> keeps a rare or big part of a struct elsewhere: null in the
// usual case, copied and compared in depth. Shared<T> is one value that many hold, because it is nearly
// always the same; a copy shares it, edit() makes an own one first.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

namespace hald {

/// Owns a T or nothing. Equal if both are empty, or both have equal values.
template <typename T>
class Boxed {
 public:
  Boxed() = default;
  explicit Boxed(T value) : value_(std::make_unique<T>(std::move(value))) {}
  Boxed(const Boxed& other) : value_(other ? std::make_unique<T>(*other) : nullptr) {}
  Boxed(Boxed&&) noexcept = default;
  Boxed& operator=(const Boxed& other) {
    if (this != &other) *this = Boxed(other);
    return *this;
  }
  Boxed& operator=(Boxed&&) noexcept = default;
  ~Boxed() = default;

  [[nodiscard]] explicit operator bool() const { return value_ != nullptr; }
  [[nodiscard]] const T& operator*() const { return *value_; }
  [[nodiscard]] const T* operator->() const { return value_.get(); }
  [[nodiscard]] T& operator*() { return *value_; }
  [[nodiscard]] T* operator->() { return value_.get(); }
  /// Makes a T first where there is none.
  T& edit() {
    if (!value_) value_ = std::make_unique<T>();
    return *value_;
  }
  void reset() { value_.reset(); }

  friend bool operator==(const Boxed& a, const Boxed& b) { return a && b ? *a == *b : a.value_ == b.value_; }

 private:
  std::unique_ptr<T> value_;
};

/// Always has a value; a default-made one costs nothing. As wide as a pointer, and safe to copy and destroy
/// in different threads.
template <typename T>
class Shared {
 public:
  Shared() = default;
  explicit Shared(T value) : node_(new Node(std::move(value))) {}
  Shared(const Shared& other) : node_(other.node_) {
    if (node_ != nullptr) node_->holders.fetch_add(1, std::memory_order_relaxed);
  }
  Shared(Shared&& other) noexcept : node_(std::exchange(other.node_, nullptr)) {}
  Shared& operator=(Shared other) noexcept {
    std::swap(node_, other.node_);
    return *this;
  }
  ~Shared() {
    if (node_ != nullptr && node_->holders.fetch_sub(1, std::memory_order_acq_rel) == 1) delete node_;
  }

  [[nodiscard]] const T& operator*() const { return node_ != nullptr ? node_->value : usual(); }
  [[nodiscard]] const T* operator->() const { return &**this; }
  /// A value that nobody else holds.
  T& edit() {
    if (node_ == nullptr || node_->holders.load(std::memory_order_acquire) != 1) *this = Shared(**this);
    return node_->value;
  }

  friend bool operator==(const Shared& a, const Shared& b) { return a.node_ == b.node_ || *a == *b; }

 private:
  struct Node {
    explicit Node(T from) : value(std::move(from)) {}
    T value;
    std::atomic<std::uint32_t> holders{1};
  };

  static const T& usual() {
    static const T kUsual{};
    return kUsual;
  }

  Node* node_ = nullptr;
};

}  // namespace hald
