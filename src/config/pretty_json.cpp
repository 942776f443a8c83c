// SPDX-License-Identifier: Apache-2.0
#include "config/pretty_json.h"

#include <algorithm>

#include <boost/json.hpp>

namespace hald::config {
namespace {

namespace json = boost::json;

class Writer {
 public:
  void put(const json::value& value, std::size_t depth) {
    if (const auto* object = value.if_object(); object != nullptr && !object->empty()) {
      put_object(*object, depth);
    } else if (const auto* array = value.if_array(); array != nullptr && !array->empty()) {
      put_array(*array, depth);
    } else {
      text_ += json::serialize(value);
    }
  }
  std::string take() { return std::move(text_) + '\n'; }

 private:
  void put_object(const json::object& object, std::size_t depth) {
    char before = '{';
    for (const auto& member : object) {
      text_ += before;
      before = ',';
      line(depth + 1);
      text_ += json::serialize(member.key()) + ": ";
      put(member.value(), depth + 1);
    }
    line(depth);
    text_ += '}';
  }

  void put_array(const json::array& array, std::size_t depth) {
    const bool plain = std::none_of(array.begin(), array.end(), [](const json::value& each) {
      return each.is_object() || each.is_array();
    });
    char before = '[';
    for (const json::value& each : array) {
      text_ += before;
      if (!plain) {
        line(depth + 1);
      } else if (before == ',') {
        text_ += ' ';
      }
      before = ',';
      put(each, depth + 1);
    }
    if (!plain) line(depth);
    text_ += ']';
  }

  void line(std::size_t depth) {
    text_ += '\n';
    text_.append(depth * 2, ' ');
  }

  std::string text_;
};

}  // namespace

std::string pretty(const json::value& value) {
  Writer writer;
  writer.put(value, 0);
  return writer.take();
}

}  // namespace hald::config
