// SPDX-License-Identifier: Apache-2.0
#include "app/admin_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <stdexcept>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "base/descriptor_io.h"
#include "base/unique_fd.h"

namespace hald::app {
namespace {

namespace json = boost::json;
using ipvs::AdminBook;
using ipvs::AdminMode;
using ipvs::AdminOrder;

constexpr std::string_view kHeading = "{\"hald_admin\":1}";
/// A full book with long reasons.
constexpr off_t kLargest = 64L << 20U;
constexpr std::size_t kComplaints = 10;
constexpr std::int64_t kLastSecond = 253402300799;  // the year 9999

std::int64_t to_ms(WallTime when) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(when.time_since_epoch()).count();
}

/// Everything here throws what boost throws when a member is missing or of another type.
WallTime time_at(const json::value& value) {
  const std::int64_t ms = value.to_number<std::int64_t>();
  if (ms < 0 || ms / 1000 > kLastSecond) throw std::out_of_range("a time");
  return WallTime(std::chrono::milliseconds(ms));
}

AdminMode mode_at(const json::value& value) {
  const json::string& text = value.as_string();
  if (text == "drain") return AdminMode::Drain;
  if (text == "maintenance") return AdminMode::Maintenance;
  if (text == "weight") return AdminMode::Weight;
  throw std::out_of_range("a mode");
}

std::string_view name_of(AdminMode mode) {
  if (mode == AdminMode::Drain) return "drain";
  return mode == AdminMode::Weight ? "weight" : "maintenance";
}

std::string line_of(const AdminBook::Place& place, const AdminOrder& order) {
  json::value until = nullptr;
  if (order.until) until = to_ms(*order.until);
  return json::serialize(json::object{{"service", place.service},
                                      {"address", place.server.address.to_string()},
                                      {"port", place.server.port},
                                      {"mode", name_of(order.mode)},
                                      {"weight", order.weight},
                                      {"gone", order.gone},
                                      {"since", to_ms(order.since)},
                                      {"until", std::move(until)},
                                      {"who", order.who},
                                      {"why", order.why}});
}

void take_line(std::string_view line, AdminBook& book) {
  const json::value root = json::parse(json::string_view(line.data(), line.size()));
  const json::object& object = root.as_object();
  const std::string address(object.at("address").as_string());
  const auto parsed = Address::parse(address);
  if (!parsed) throw std::out_of_range("an address");
  const AdminBook::Place place{std::string(object.at("service").as_string()),
                               {*parsed, object.at("port").to_number<std::uint16_t>()}};
  AdminOrder order;
  order.mode = mode_at(object.at("mode"));
  order.weight = object.at("weight").to_number<std::int32_t>();
  order.gone = object.at("gone").as_bool() && order.mode == AdminMode::Drain;
  order.since = time_at(object.at("since"));
  if (!object.at("until").is_null()) order.until = time_at(object.at("until"));
  order.who = std::string(object.at("who").as_string());
  order.why = std::string(object.at("why").as_string());
  if (order.weight < 0) throw std::out_of_range("a weight");
  if (!book.set(place, std::move(order))) throw std::length_error("too many");
}

/// On the disk when it returns.
Result<void> write_and_sync(int fd, std::string_view bytes, const std::string& path) {
  if (auto written = write_all(fd, bytes, path); !written) return written;
  if (::fsync(fd) != 0) return errno_error("write " + path);
  return {};
}

}  // namespace

std::string encode_admin(const AdminBook& book) {
  std::string out(kHeading);
  out += '\n';
  for (const auto& [place, order] : book.all()) out += line_of(place, order) + '\n';
  return out;
}

AdminFile decode_admin(std::string_view text) {
  AdminFile out;
  std::size_t wrong = 0;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (number == 1 && line == kHeading) continue;
    try {
      take_line(line, out.book);
    } catch (const std::exception&) {
      if (++wrong <= kComplaints) out.complaints.push_back(fmt::format("line {} makes no sense", number));
    }
  }
  if (wrong > kComplaints) out.complaints.push_back(fmt::format("{} lines more", wrong - kComplaints));
  return out;
}

Result<AdminFile> read_admin(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!fd.valid() && errno == ENOENT) return AdminFile{};
  if (!fd.valid()) return errno_error("open it");
  struct stat about {};
  if (::fstat(fd.get(), &about) != 0) return errno_error("look at it");
  if (!S_ISREG(about.st_mode)) return Error{{}, "it is no file"};
  if (about.st_uid != ::geteuid() || (about.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return Error{{}, "others could have written it"};
  if (about.st_size > kLargest) return Error{{}, "it is too big"};
  auto text = read_all(fd.get(), static_cast<std::size_t>(about.st_size));
  if (!text) return text.error();
  return decode_admin(*text);
}

Result<void> write_admin(const std::string& path, const std::string& text) {
  std::error_code unneeded;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), unneeded);
  const std::string fresh = path + ".new";
  ::unlink(fresh.c_str());
  const UniqueFd fd(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd.valid()) return errno_error("open " + fresh);
  auto written = write_and_sync(fd.get(), text, fresh);
  if (written && ::rename(fresh.c_str(), path.c_str()) != 0) written = errno_error("rename " + fresh);
  if (!written) ::unlink(fresh.c_str());
  return written;
}

}  // namespace hald::app
