// SPDX-License-Identifier: Apache-2.0
// The refusals are those measured on Linux 6.1.
#include "ipvs/core/apply.h"

#include <gtest/gtest.h>

#include "fakes/ipvs_tables.h"

namespace hald::ipvs {
namespace {

using fakes::destination;
using fakes::endpoint;
using fakes::service;

const ServiceKey kWeb = fakes::tcp("10.0.0.3", 80);
const ServiceKey kOther = fakes::tcp("10.0.0.4", 80);

ServiceSettings settings(const char* scheduler, const char* engine = "") {
  ServiceSettings out;
  out.scheduler = scheduler;
  out.persistence_engine = engine;
  return out;
}

class Apply : public testing::Test {
 protected:
  int code_of(const Op& op) {
    const Table before = table_;
    const std::error_code code = apply(table_, op);
    EXPECT_TRUE(!code || table_ == before) << "a refused Op changed the table";
    return code.value();
  }
  Table table_{{kWeb, service(kWeb, {destination("10.0.0.7")})}};
};

TEST_F(Apply, UnknownServiceIsESRCH) {
  EXPECT_EQ(code_of(EditService{kOther, {}}), ESRCH);
  EXPECT_EQ(code_of(DeleteService{kOther}), ESRCH);
  EXPECT_EQ(code_of(AddDestination{kOther, destination("10.0.0.7")}), ESRCH);
}

TEST_F(Apply, ASecondOneIsEEXIST) {
  EXPECT_EQ(code_of(AddService{kWeb, {}}), EEXIST);
  EXPECT_EQ(code_of(AddDestination{kWeb, destination("10.0.0.7", 9)}), EEXIST);
}

TEST_F(Apply, UnknownDestinationIsENOENT) {
  EXPECT_EQ(code_of(EditDestination{kWeb, destination("10.0.0.8")}), ENOENT);
  EXPECT_EQ(code_of(DeleteDestination{kWeb, endpoint("10.0.0.8", 80)}), ENOENT);
}

TEST_F(Apply, SchedulersAndEngines) {
  EXPECT_EQ(code_of(AddService{kOther, settings("nosuch")}), ENOENT);
  EXPECT_EQ(code_of(AddService{kOther, settings("sixteen_letters_")}), EINVAL);
  EXPECT_EQ(code_of(AddService{kOther, settings("rr", "nosuch")}), ENOENT);
  EXPECT_EQ(code_of(EditService{kWeb, settings("nosuch")}), ENOENT);
  EXPECT_EQ(code_of(AddService{kOther, settings("mh", "sip")}), 0);
}

TEST_F(Apply, GranularityOfIPv6IsCheckedThatOfIPv4IsNot) {
  const ServiceKey six = fakes::tcp("2001:db8::3", 80);
  EXPECT_EQ(code_of(AddService{six, {"rr", "", service_flag::Persistent, 5, 0}}), EINVAL);
  EXPECT_EQ(code_of(AddService{six, {"rr", "", service_flag::Persistent, 5, 129}}), EINVAL);
  EXPECT_EQ(code_of(AddService{kOther, {"rr", "", service_flag::Persistent, 5, 0}}), 0);
}

TEST_F(Apply, WeightsAndThresholds) {
  Destination negative = destination("10.0.0.8", -1);
  EXPECT_EQ(code_of(AddDestination{kWeb, negative}), ERANGE);
  Destination crossed = destination("10.0.0.8");
  crossed.lower_threshold = 1;
  EXPECT_EQ(code_of(AddDestination{kWeb, crossed}), ERANGE);
  EXPECT_EQ(code_of(AddDestination{kWeb, destination("10.0.0.8", 1 << 30)}), 0);
}

TEST_F(Apply, AddressesThatCannotBeServers) {
  EXPECT_EQ(code_of(AddDestination{kWeb, destination("224.0.0.18")}), EINVAL);
  Destination six = destination("2001:db8::7");
  EXPECT_EQ(code_of(AddDestination{kWeb, six}), EINVAL);
  six.forwarding = Forwarding::Tunnel;
  EXPECT_EQ(code_of(AddDestination{kWeb, six}), 0);
}

TEST_F(Apply, GueNeedsAPort) {
  Destination gue = destination("10.0.0.8");
  gue.tunnel_type = TunnelType::Gue;
  EXPECT_EQ(code_of(AddDestination{kWeb, gue}), EINVAL);
  gue.tunnel_port = 6080;
  EXPECT_EQ(code_of(AddDestination{kWeb, gue}), 0);
}

TEST_F(Apply, DeletingAServiceTakesItsServersAlong) {
  EXPECT_EQ(code_of(DeleteService{kWeb}), 0);
  EXPECT_TRUE(table_.empty());
}

}  // namespace
}  // namespace hald::ipvs
