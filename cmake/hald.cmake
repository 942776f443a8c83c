# SPDX-License-Identifier: Apache-2.0
# How a folder becomes a target: hald_library for src/, hald_test for tests/. Sources are globbed, so that
# a new file needs no edit here; compile flags live in one interface target.

add_library(hald_flags INTERFACE)
target_include_directories(hald_flags INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_options(hald_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
# g++ 12 sees overlapping copies in every optimised `"text" + std::string()` (GCC bug 105651).
target_compile_options(hald_flags INTERFACE $<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release>>:-Wno-restrict>)
target_compile_definitions(hald_flags INTERFACE HALD_VERSION="${PROJECT_VERSION}")
if(HALD_SANITIZE)
  target_compile_options(hald_flags INTERFACE -fsanitize=${HALD_SANITIZE} -fno-omit-frame-pointer
                                              -fno-sanitize-recover=all)
  target_link_options(hald_flags INTERFACE -fsanitize=${HALD_SANITIZE})
  # clang 14 cannot combine coroutines with the function sanitizer.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    target_compile_options(hald_flags INTERFACE -fno-sanitize=function)
  endif()
endif()

# hald_library(vrrp/core LINK hald_base): the library hald_vrrp_core of all sources in src/vrrp/core.
function(hald_library folder)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  string(REPLACE "/" "_" name "hald_${folder}")
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${folder}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/(main|asio_impl)\\.cpp$")
  if(sources)
    add_library(${name} STATIC ${sources})
    target_link_libraries(${name} PUBLIC hald_flags ${ARG_LINK})
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE hald_flags ${ARG_LINK})
  endif()
endfunction()

# hald_test(unit/base LINK hald_base): the gtest binary hald_unit_base_test of tests/unit/base/*.cpp. The cases
# themselves are compiled without optimisation: that takes half the time, and what they call is a library, which has
# the flags of its tree. OPTIMISED is for those that calculate much themselves.
function(hald_test folder)
  cmake_parse_arguments(ARG "OPTIMISED" "TIMEOUT" "LINK;LABELS" ${ARGN})
  string(REPLACE "/" "_" name "hald_${folder}_test")
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${folder}/*.cpp)
  if(NOT sources)
    return()
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  add_executable(${name} ${sources})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_compile_definitions(${name} PRIVATE HALD_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  if(NOT ARG_OPTIMISED)
    target_compile_options(${name} PRIVATE -O0)
  endif()
  target_link_libraries(${name} PRIVATE ${ARG_LINK} hald_flags GTest::gmock GTest::gtest_main)
  # One ctest entry per binary: starting a process per case would cost more than the cases.
  add_test(NAME ${HALD_TEST_PREFIX}${folder} COMMAND ${name})
  set_tests_properties(${HALD_TEST_PREFIX}${folder} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "host;${ARG_LABELS}")
endfunction()
