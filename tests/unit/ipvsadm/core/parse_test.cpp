// SPDX-License-Identifier: Apache-2.0
// What the calls of ipvsadm mean. That they mean the same to ipvsadm itself is shown in the lab
// (lab/ipvsadm).
#include <gtest/gtest.h>

#include "ipvsadm/core/command.h"
#include "ipvsadm/core/connections.h"
#include "ipvsadm/core/layout.h"

namespace hald::ipvsadm {
namespace {

/// Knows numbers, and one name of each kind.
class FewNames : public Names {
 public:
  std::optional<Address> address_of(const std::string& host) override {
    const auto address = Address::parse(host == "web" ? "10.0.0.7" : host);
    return address ? std::optional(*address) : std::nullopt;
  }
  std::optional<std::uint16_t> port_of(const std::string& service, config::Protocol) override {
    return service == "http" ? std::optional<std::uint16_t>(80) : std::nullopt;
  }
  std::optional<std::string> name_of(const Address&) override { return std::nullopt; }
  std::optional<std::string> name_of(std::uint16_t port, config::Protocol) override {
    return port == 80 ? std::optional<std::string>("http") : std::nullopt;
  }
};

std::variant<Command, Ended> parsed(std::vector<std::string> words) {
  FewNames names;
  return parse("ipvsadm", std::move(words), names);
}

Ended ended(std::vector<std::string> words) {
  const auto result = parsed(std::move(words));
  const auto* const end = std::get_if<Ended>(&result);
  return end != nullptr ? *end : Ended{-1, "it is a command", true};
}

TEST(IpvsadmParse, NoArgumentsListEverything) {
  const auto result = parsed({});
  EXPECT_EQ(std::get<Command>(result).verb, Verb::List);
}

TEST(IpvsadmParse, AServiceAndItsServerByNames) {
  const auto result = parsed({"-a", "-t", "web:http", "-r", "10.0.0.9", "-m", "-w", "5"});
  const auto& command = std::get<Command>(result);
  EXPECT_EQ(command.verb, Verb::AddServer);
  EXPECT_EQ(config::to_string(command.service.key), "[10.0.0.7]:tcp:80");
  EXPECT_EQ(command.server.endpoint.to_string(), "10.0.0.9:80");
  EXPECT_EQ(command.server.weight, 5);
}

TEST(IpvsadmParse, AnOptionalArgumentIsNotTheNextOption) {
  const auto result = parsed({"-A", "-p", "-t", "10.0.0.1:80"});
  EXPECT_EQ(std::get<Command>(result).service.settings.timeout, 360U);
}

TEST(IpvsadmParse, ComplaintsAndStatuses) {
  EXPECT_EQ(ended({"-X"}).status, kFailed);
  EXPECT_EQ(ended({"-A", "-t"}).text, "-t: missing argument\n");
  EXPECT_EQ(ended({"-A"}).text,
            "You need to supply the 'service-address' option for the 'add-service' command\n");
  EXPECT_EQ(ended({"-C", "-n"}).text, "Illegal 'numeric' option with the 'flush' command\n");
  EXPECT_EQ(ended({"-A", "-t", "10.0.0.1:80", "-t", "x"}).text,
            "multiple 'service-address' options specified\n");
  EXPECT_EQ(ended({"-h"}).status, 0);
}

TEST(IpvsadmLayout, BigNumbersAreRoundedDownUnlessExact) {
  FewNames names;
  ipvs::ObservedService service;
  service.entry.key = config::ServiceAddress{config::Protocol::Tcp, Endpoint{Address::v4(0x0a000001), 80}};
  service.total.connections = 99'999'999;
  service.total.in_bytes = 100'000'000;
  service.total.out_bytes = 123'456'789'012;
  EXPECT_EQ(listed(service, {Columns::Stats, true, false}, names),
            "TCP  10.0.0.1:80                  99999999        0        0  100000K     123G\n");
  EXPECT_EQ(listed(service, {Columns::Stats, false, true}, names),
            "TCP  10.0.0.1:http                99999999        0        0 100000000 123456789012\n");
}

TEST(IpvsadmConnections, OddLinesAreNone) {
  EXPECT_FALSE(read_connection(""));
  EXPECT_FALSE(read_connection("TCP C0A80001 04D2 0A000001 0050 0A000101 0050 ESTABLISHED"));
  EXPECT_FALSE(read_connection("TCP C0A8000100 04D2 0A000001 0050 0A000101 0050 ESTABLISHED 9"));
  const auto one = read_connection("TCP C0A80001 04D2 0A000001 0050 0A000101 0050 ESTABLISHED     899");
  ASSERT_TRUE(one);
  FewNames names;
  EXPECT_EQ(listed(*one, {Columns::Plain, true, false}, names),
            "TCP 14:59  ESTABLISHED 192.168.0.1:1234   10.0.0.1:80        10.0.1.1:80\n");
}

}  // namespace
}  // namespace hald::ipvsadm
