# SPDX-License-Identifier: Apache-2.0
# Everything hald links to, all of it from Debian 12 (scripts/packages-build.txt names the packages).
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json)
find_package(fmt REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(LIBNL REQUIRED IMPORTED_TARGET libnl-3.0 libnl-genl-3.0)
pkg_check_modules(PCRE2 REQUIRED IMPORTED_TARGET libpcre2-8)
pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl>=7.87)
pkg_check_modules(SYSTEMD REQUIRED IMPORTED_TARGET libsystemd)
if(HALD_TESTS)
  find_package(GTest REQUIRED)
endif()
