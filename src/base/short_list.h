// SPDX-License-Identifier: Apache-2.0
// ShortList: a list that nearly always has at most one element. One is kept in place, so that a hundred
// thousand such lists need no allocation; more go to the heap, as in a vector.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <new>
#include <utility>

namespace hald {

template <typename T>
class ShortList {
 public:
  ShortList() noexcept {}  // NOLINT(modernize-use-equals-default): there is no element yet
  ShortList(std::initializer_list<T> from) : ShortList() {
    for (const T& each : from) push_back(each);
  }
  ShortList(const ShortList& other) : ShortList() {
    for (const T& each : other) push_back(each);
  }
  ShortList(ShortList&& other) noexcept : ShortList() { steal(other); }
  ShortList& operator=(const ShortList& other) {
    if (this != &other) *this = ShortList(other);
    return *this;
  }
  ShortList& operator=(ShortList&& other) noexcept {
    if (this == &other) return *this;
    clear();
    steal(other);
    return *this;
  }
  ~ShortList() { clear(); }

  void push_back(T value) {
    if (size_ == capacity_) grow();
    ::new (static_cast<void*>(data() + size_)) T(std::move(value));
    ++size_;
  }
  template <typename Predicate>
  void erase_if(Predicate predicate) {
    T* const kept = std::remove_if(begin(), end(), predicate);
    std::destroy(kept, end());
    size_ = static_cast<std::uint32_t>(kept - begin());
  }
  void clear() {
    std::destroy_n(data(), size_);
    if (capacity_ > 1) std::allocator<T>().deallocate(heap_, capacity_);
    size_ = 0;
    capacity_ = 1;
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] T* begin() { return data(); }
  [[nodiscard]] T* end() { return data() + size_; }
  [[nodiscard]] const T* begin() const { return data(); }
  [[nodiscard]] const T* end() const { return data() + size_; }
  [[nodiscard]] T& operator[](std::size_t index) { return data()[index]; }
  [[nodiscard]] const T& operator[](std::size_t index) const { return data()[index]; }
  [[nodiscard]] const T& front() const { return data()[0]; }
  [[nodiscard]] T& back() { return data()[size_ - 1]; }

  friend bool operator==(const ShortList& a, const ShortList& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }

 private:
  T* data() { return capacity_ > 1 ? heap_ : &one_; }
  const T* data() const { return capacity_ > 1 ? heap_ : &one_; }

  void grow() {
    const std::uint32_t wider = capacity_ * 2;
    T* const room = std::allocator<T>().allocate(wider);
    std::uninitialized_move_n(data(), size_, room);
    const std::uint32_t kept = size_;
    clear();
    heap_ = room;
    size_ = kept;
    capacity_ = wider;
  }
  /// Into an empty list.
  void steal(ShortList& other) noexcept {
    if (other.capacity_ > 1) {
      heap_ = other.heap_;
      size_ = std::exchange(other.size_, 0);
      capacity_ = std::exchange(other.capacity_, 1);
      return;
    }
    std::uninitialized_move_n(other.data(), other.size_, data());
    size_ = other.size_;
    other.clear();
  }

  std::uint32_t size_ = 0;
  std::uint32_t capacity_ = 1;
  union {
    T one_;
    T* heap_;
  };
};

}  // namespace hald
