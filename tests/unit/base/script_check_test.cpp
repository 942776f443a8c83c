// SPDX-License-Identifier: Apache-2.0
#include "base/script_check.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "fakes/map_paths.h"

namespace hald {
namespace {

using Fault = ScriptFault;

class ScriptCheckTest : public testing::Test {
 protected:
  ScriptCheckTest() {
    paths_.folder("/opt");
    paths_.folder("/opt/ha");
    paths_.file("/opt/ha/notify.sh");
  }
  [[nodiscard]] ScriptVerdict check(const std::string& name, const ScriptUser& user = {}) const {
    return check_script(name, user, paths_, "/usr/bin:/opt/ha");
  }

  const ScriptUser nobody_{65534, 65534, {}};
  fakes::MapPaths paths_;
};

TEST_F(ScriptCheckTest, AcceptsWhatOnlyRootCanAlter) {
  const auto verdict = check("/opt/ha/notify.sh");
  EXPECT_EQ(verdict.fault, Fault::None) << verdict.text;
  EXPECT_EQ(verdict.path, "/opt/ha/notify.sh");
}

TEST_F(ScriptCheckTest, NamesTheFileThatAGroupCanWrite) {
  paths_["/opt/ha/notify.sh"].mode = 0775;
  EXPECT_EQ(check("/opt/ha/notify.sh").fault, Fault::None) << "root's own group does no harm";
  paths_["/opt/ha/notify.sh"].group = 100;
  const auto verdict = check("/opt/ha/notify.sh");
  EXPECT_EQ(verdict.fault, Fault::Insecure);
  EXPECT_EQ(verdict.text, "/opt/ha/notify.sh is writable by group 100 (owner 0, mode 0775)");
}

TEST_F(ScriptCheckTest, NamesTheFolderThatEveryoneCanWrite) {
  paths_["/opt"].mode = 0777;
  const auto verdict = check("/opt/ha/notify.sh");
  EXPECT_EQ(verdict.fault, Fault::Insecure);
  EXPECT_EQ(verdict.text, "/opt is writable by everyone (owner 0, mode 0777)");
  EXPECT_EQ(verdict.part, "/opt");
  EXPECT_TRUE(verdict.as_root);
}

TEST_F(ScriptCheckTest, AStickyFolderProtectsWhatIsRoots) {
  paths_["/opt"].mode = 01777;
  EXPECT_EQ(check("/opt/ha/notify.sh").fault, Fault::None);
  paths_["/opt/ha"].owner = 1000;
  EXPECT_EQ(check("/opt/ha/notify.sh").text, "/opt/ha belongs to user 1000 and not to root (mode 0755)");
}

TEST_F(ScriptCheckTest, TheRootFolderCountsToo) {
  paths_["/"].mode = 0777;
  EXPECT_EQ(check("/opt/ha/notify.sh").text, "/ is writable by everyone (owner 0, mode 0777)");
}

TEST_F(ScriptCheckTest, ScriptsOfOrdinaryUsersAreTheirOwnBusiness) {
  paths_["/opt/ha"].mode = 0777;
  EXPECT_EQ(check("/opt/ha/notify.sh", nobody_).fault, Fault::None);
  EXPECT_FALSE(check("/opt/ha/notify.sh", nobody_).as_root);
  EXPECT_EQ(check("/opt/ha/notify.sh", {65534, 0, {}}).fault, Fault::Insecure)
      << "root's group is privileged";
  paths_["/opt/ha/notify.sh"].mode = 04755;
  EXPECT_EQ(check("/opt/ha/notify.sh", nobody_).fault, Fault::Insecure) << "set-user-ID root";
  paths_["/opt/ha/notify.sh"].owner = 1000;
  EXPECT_EQ(check("/opt/ha/notify.sh", nobody_).fault, Fault::None) << "set-user-ID somebody";
  paths_["/opt/ha/notify.sh"].mode = 02755;
  EXPECT_EQ(check("/opt/ha/notify.sh", nobody_).fault, Fault::Insecure) << "set-group-ID root";
}

TEST_F(ScriptCheckTest, LinksAreFollowedAndTheirWayIsCheckedAsWell) {
  paths_.folder("/etc");
  paths_.folder("/etc/ha");
  paths_.link("/etc/ha/notify.sh", "../../opt/ha/./notify.sh");
  auto verdict = check("/etc/ha/notify.sh");
  EXPECT_EQ(verdict.fault, Fault::None) << verdict.text;
  EXPECT_EQ(verdict.path, "/opt/ha/notify.sh");
  EXPECT_EQ(verdict.linked_folder, "");

  paths_["/opt/ha"].mode = 0757;
  EXPECT_EQ(check("/etc/ha/notify.sh").text, "/opt/ha is writable by everyone (owner 0, mode 0757)");
  paths_["/opt/ha"].mode = 0755;
  paths_["/etc/ha/notify.sh"].owner = 1000;
  EXPECT_EQ(check("/etc/ha/notify.sh").text,
            "/etc/ha/notify.sh belongs to user 1000 and not to root (mode 0777)")
      << "who owns a link can turn it";
}

TEST_F(ScriptCheckTest, AFolderMayBeALink) {
  paths_.link("/srv", "/opt");
  paths_.link("/srv2", "srv/ha");
  const auto verdict = check("/srv2/notify.sh");
  EXPECT_EQ(verdict.fault, Fault::None) << verdict.text;
  EXPECT_EQ(verdict.path, "/opt/ha/notify.sh");
  EXPECT_EQ(verdict.linked_folder, "/srv2");
}

TEST_F(ScriptCheckTest, ALinkThatLeadsToItselfEnds) {
  paths_.link("/opt/ha/round", "round");
  const auto verdict = check("/opt/ha/round");
  EXPECT_EQ(verdict.fault, Fault::Missing);
  EXPECT_EQ(verdict.text, "/opt/ha/round: too many links");
}

TEST_F(ScriptCheckTest, LinksThatGrowAreBounded) {
  std::string target = "/opt/ha/grow";
  for (int i = 0; i < 200; ++i) target += "/grow/..";
  paths_.link("/opt/ha/grow", target);
  EXPECT_EQ(check("/opt/ha/grow").fault, Fault::Missing);
  EXPECT_LT(paths_.asked, 2'000U);
}

TEST_F(ScriptCheckTest, SaysWhatIsMissing) {
  EXPECT_EQ(check("/opt/ha/other.sh").text, "/opt/ha/other.sh does not exist");
  EXPECT_EQ(check("/opt/hb/notify.sh").text, "/opt/hb does not exist");
  EXPECT_EQ(check("/opt/ha/notify.sh/x").text, "/opt/ha/notify.sh is not a folder");
  EXPECT_EQ(check("").fault, Fault::Missing);
  EXPECT_EQ(check(std::string("/opt/ha/notify.sh\0x", 19)).fault, Fault::Missing);
  EXPECT_EQ(check('/' + std::string(5'000, 'x')).fault, Fault::Missing);
  std::string deep;
  for (int i = 0; i < 1'000; ++i) deep += "/x";
  EXPECT_EQ(check(deep).fault, Fault::Missing);
}

TEST_F(ScriptCheckTest, SaysWhatIsNoProgram) {
  paths_.other("/opt/null");
  EXPECT_EQ(check("/opt/null").fault, Fault::NotExecutable);
  paths_["/opt/null"].mode = 0777;
  EXPECT_EQ(check("/opt/null").fault, Fault::WrongType);
  EXPECT_EQ(check("/opt/ha").text, "/opt/ha is no plain file");
  EXPECT_EQ(check("/opt/ha/..").text, "/opt is no plain file");
  EXPECT_EQ(check("/opt/../../..").text, "/ is no plain file");
  paths_["/opt/ha/notify.sh"].mode = 0644;
  EXPECT_EQ(check("/opt/ha/notify.sh").text,
            "user 0 may not run /opt/ha/notify.sh (owner 0, group 0, mode 0644)");
}

TEST_F(ScriptCheckTest, WhoMayRunItFollowsOwnerGroupAndOthers) {
  PathStatus& file = paths_["/opt/ha/notify.sh"];
  file = {PathStatus::Type::File, 1000, 100, 0710};
  const auto fault = [&](const ScriptUser& user) { return check("/opt/ha/notify.sh", user).fault; };
  EXPECT_EQ(fault({1000, 1, {}}), Fault::None);
  EXPECT_EQ(fault({1001, 100, {}}), Fault::None);
  EXPECT_EQ(fault({1001, 1, {7, 100}}), Fault::None);
  EXPECT_EQ(fault({1001, 1, {}}), Fault::NotExecutable);
  file.mode = 0011;
  EXPECT_EQ(fault({1000, 100, {}}), Fault::NotExecutable) << "the owner's bits count for the owner alone";
}

TEST_F(ScriptCheckTest, AFolderThatItsUserMayNotEnter) {
  paths_["/opt"].mode = 0700;
  const auto verdict = check("/opt/ha/notify.sh", nobody_);
  EXPECT_EQ(verdict.fault, Fault::Unreachable);
  EXPECT_EQ(verdict.text, "user 65534 may not enter /opt (owner 0, mode 0700)");
  EXPECT_EQ(check("/opt/ha/notify.sh").fault, Fault::None);
}

TEST_F(ScriptCheckTest, BareNamesAreSearched) {
  EXPECT_EQ(check("notify.sh").path, "/opt/ha/notify.sh");
  EXPECT_EQ(check("other.sh").text, "other.sh is in no folder of PATH");
  paths_["/opt/ha/notify.sh"].mode = 0644;
  EXPECT_EQ(check("notify.sh").fault, Fault::NotExecutable)
      << "it is there, which says more than 'not found'";
  paths_.folder("/usr");
  paths_.folder("/usr/bin");
  paths_.file("/usr/bin/notify.sh").owner = 5;
  EXPECT_EQ(check("notify.sh").text, "/usr/bin/notify.sh belongs to user 5 and not to root (mode 0755)");
}

TEST_F(ScriptCheckTest, OtherRelativeNamesStartAtTheRootFolder) {
  EXPECT_EQ(check("./opt/ha//notify.sh").path, "/opt/ha/notify.sh");
  EXPECT_EQ(check("opt/ha/notify.sh").path, "/opt/ha/notify.sh");
}

TEST_F(ScriptCheckTest, OpenTestsAreForTheShell) {
  EXPECT_TRUE(is_open_test("</run/maintenance"));
  EXPECT_TRUE(is_open_test("< \t/run/maintenance"));
  EXPECT_FALSE(is_open_test("<run"));
  EXPECT_FALSE(is_open_test("<"));
  EXPECT_FALSE(is_open_test(""));
  EXPECT_FALSE(is_open_test("/bin/true"));
}

TEST(SystemPathsTest, SeesTheRealFileSystem) {
  std::string pattern = (std::filesystem::temp_directory_path() / "hald-script-XXXXXX").string();
  const std::filesystem::path folder = ::mkdtemp(pattern.data());
  std::ofstream(folder / "run.sh") << "#!/bin/sh\n";
  ::chmod((folder / "run.sh").c_str(), 0751);
  std::filesystem::create_symlink("run.sh", folder / "link");

  const SystemPaths paths;
  const auto file = paths.status(folder / "run.sh");
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ(file->type, PathStatus::Type::File);
  EXPECT_EQ(file->mode, 0751U);
  EXPECT_EQ(file->owner, ::geteuid());
  EXPECT_EQ(paths.status(folder)->type, PathStatus::Type::Folder);
  EXPECT_EQ(paths.status(folder / "link")->type, PathStatus::Type::Link);
  EXPECT_EQ(paths.link_target(folder / "link").value(), "run.sh");
  EXPECT_EQ(paths.status("/dev/null")->type, PathStatus::Type::Other);
  EXPECT_EQ(paths.status(folder / "none").error().code, std::errc::no_such_file_or_directory);
  EXPECT_FALSE(paths.link_target(folder / "run.sh").has_value());
  const auto verdict = check_script(folder / "link", {::geteuid(), ::getegid(), {}}, paths, "");
  EXPECT_EQ(verdict.path, std::filesystem::canonical(folder / "run.sh"));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace hald
