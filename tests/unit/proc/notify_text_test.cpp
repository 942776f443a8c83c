// SPDX-License-Identifier: Apache-2.0
#include "proc/notify_text.h"

#include <gtest/gtest.h>

namespace hald::proc {
namespace {

using Words = std::vector<std::string>;
using Object = NotifyObject;
using State = NotifyState;

TEST(NotifyTextTest, ScriptsGetTypeNameStateAndPriority) {
  EXPECT_EQ(notify_arguments(Object::Instance, "VI_1", State::Master, 100),
            (Words{"INSTANCE", "VI_1", "MASTER", "100"}));
  EXPECT_EQ(notify_arguments(Object::Group, "VG 1", State::Fault, 100),
            (Words{"GROUP", "VG 1", "FAULT", "0"}));
  EXPECT_EQ(notify_arguments(Object::Instance, "VI_1", State::Deleted, 0),
            (Words{"INSTANCE", "VI_1", "DELETED", "0"}));
}

TEST(NotifyTextTest, VrrpLines) {
  EXPECT_EQ(vrrp_line(Object::Instance, "VI_1", State::Master, 100), "INSTANCE \"VI_1\" MASTER 100\n");
  EXPECT_EQ(vrrp_line(Object::Group, "VG_1", State::Backup, 100), "GROUP \"VG_1\" BACKUP 0\n");
  EXPECT_EQ(vrrp_line(Object::Instance, "VI_1", State::Stop, 1), "INSTANCE \"VI_1\" STOP 1\n");
  EXPECT_EQ(vrrp_line(Object::Instance, "VI_1", State::MasterRxLowerPri, 254),
            "INSTANCE \"VI_1\" MASTER_RX_LOWER_PRI 254\n");
  EXPECT_EQ(vrrp_line(Object::Instance, "VI_1", State::MasterPriority, 90),
            "INSTANCE \"VI_1\" MASTER_PRIORITY 90\n");
  EXPECT_EQ(vrrp_line(Object::Instance, "VI_1", State::BackupPriority, 90),
            "INSTANCE \"VI_1\" BACKUP_PRIORITY 90\n");
}

TEST(NotifyTextTest, ServerLines) {
  EXPECT_EQ(virtual_server_line("[10.0.0.1]:tcp:80", true), "VS [10.0.0.1]:tcp:80 UP\n");
  EXPECT_EQ(virtual_server_line("FWM 7", false), "VS FWM 7 DOWN\n");
  EXPECT_EQ(real_server_line("[10.0.0.9]:tcp:80", "[10.0.0.1]:tcp:80", false),
            "RS [10.0.0.9]:tcp:80 [10.0.0.1]:tcp:80 DOWN\n");
}

TEST(NotifyTextTest, ANameStaysOnItsLine) {
  EXPECT_EQ(vrrp_line(Object::Instance, "a\nGROUP \"b\" MASTER 0", State::Fault, 1),
            "INSTANCE \"a?GROUP \"b\" MASTER 0\" FAULT 1\n");
  EXPECT_EQ(virtual_server_line(std::string("g\0\r\x7fh", 5), true), "VS g???h UP\n");
}

}  // namespace
}  // namespace hald::proc
