# SPDX-License-Identifier: Apache-2.0
# cmake --install: the two programs, the unit, the manual pages, an example configuration.
if(TARGET hald)
  install(TARGETS hald RUNTIME DESTINATION ${CMAKE_INSTALL_SBINDIR})
endif()
if(TARGET haldctl)
  install(TARGETS haldctl RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(DIRECTORY etc/examples DESTINATION ${CMAKE_INSTALL_DOCDIR} OPTIONAL)
