// SPDX-License-Identifier: Apache-2.0
// SystemMachine against what is on every Linux machine.
#include "config/machine.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

namespace hald::config {
namespace {

namespace fs = std::filesystem;
using Kind = FileFacts::Kind;

const SystemMachine kHere(SystemMachine::HostNames::Trusted);

TEST(SystemMachine, Accounts) {
  EXPECT_EQ(kHere.self(), (Account{::geteuid(), ::getegid()}));
  EXPECT_EQ(kHere.user("root"), (Account{0, 0}));
  EXPECT_EQ(kHere.group("root"), 0U);
  EXPECT_FALSE(kHere.user("no-such-user"));
  EXPECT_FALSE(kHere.group("no-such-group"));
}

TEST(SystemMachine, Interfaces) {
  const auto loopback = kHere.interface("lo");
  ASSERT_TRUE(loopback);
  EXPECT_TRUE(loopback->loopback);
  EXPECT_FALSE(loopback->ethernet);
  EXPECT_GT(loopback->mtu, 0U);
  EXPECT_FALSE(kHere.interface("no-such"));
  EXPECT_FALSE(kHere.interface(""));
  EXPECT_FALSE(kHere.interface(std::string(100, 'x')));
}

TEST(SystemMachine, Files) {
  std::string name = (fs::temp_directory_path() / "hald-machine-XXXXXX").string();
  const fs::path folder = fs::canonical(::mkdtemp(name.data()));
  std::ofstream(folder / "file") << "x";
  fs::permissions(folder / "file", fs::perms{0640});
  fs::create_symlink("file", folder / "link");
  const auto file = kHere.facts((folder / "file").string());
  ASSERT_TRUE(file);
  EXPECT_EQ(file->kind, Kind::Regular);
  EXPECT_EQ(file->mode, 0640U);
  EXPECT_EQ(file->owner, ::geteuid());
  EXPECT_EQ(kHere.facts((folder / "link").string())->kind, Kind::Link);
  EXPECT_EQ(kHere.facts(folder.string())->kind, Kind::Directory);
  EXPECT_EQ(kHere.facts("/dev/null")->kind, Kind::Other);
  EXPECT_FALSE(kHere.facts((folder / "none").string()));
  EXPECT_EQ(kHere.real_path((folder / "link").string()), (folder / "file").string());
  EXPECT_FALSE(kHere.real_path((folder / "none").string()));
  fs::remove_all(folder);
}

TEST(SystemMachine, SomeFileSystemsTellNothing) {
  EXPECT_FALSE(kHere.can_watch("/proc"));
  EXPECT_TRUE(kHere.can_watch("/tmp"));
}

TEST(SystemMachine, HostNames) {
  EXPECT_TRUE(kHere.knows_host("no-such.invalid"));
  const SystemMachine thorough(SystemMachine::HostNames::LookedUp);
  EXPECT_TRUE(thorough.knows_host("127.0.0.1"));
  EXPECT_TRUE(thorough.knows_host("localhost"));
}

}  // namespace
}  // namespace hald::config
