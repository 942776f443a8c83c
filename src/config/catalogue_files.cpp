// SPDX-License-Identifier: Apache-2.0
// Catalogue: files and their text.
#include <array>

#include "config/catalogue.h"
#include "config/codes.h"

namespace hald::config::entries {

std::span<const Explanation> files() {
  static constexpr std::array kEntries{
      Explanation{
          code::kUnreadable, "a file that cannot be read",
          "The configuration file, or one that it includes, is missing, is no regular file, or may not be "
          "opened. What it would have said is not known.",
          "A check that read nothing has checked nothing, and a daemon without its file serves nobody.",
          "It warns of a missing file, and its configuration test still exits with 0. An included file that "
          "cannot be read is passed over unless the include asks for a check.",
          Reading::Otherwise, Around::NotText, "hald -t -f /etc/hald/hald.cnof",
          "hald -t -f /etc/hald/hald.conf"},
      Explanation{
          code::kEmpty, "nothing to run",
          "There is neither a vrrp_instance nor a virtual_server that can be used.",
          "An emptied file is more often an accident than a wish to serve nothing: hald neither starts "
          "with it nor takes it at a reload.",
          "It starts and runs with nothing.", Reading::Otherwise, Around::Nothing,
          "global_defs {\n    router_id lb01\n}",
          "global_defs {\n    router_id lb01\n}\nvrrp_instance VI_1 {\n    interface eth0\n"
          "    virtual_router_id 51\n    virtual_ipaddress {\n        10.0.0.3/24\n    }\n}"},
      Explanation{
          code::kBinary, "not a text file",
          "The file holds binary data or UTF-16 text. It is not read at all.",
          "An archive or a program in the place of the configuration would yield thousands of senseless "
          "messages; UTF-16 is what some editors save when asked for Unicode.",
          "It reads what it can: lines with NUL bytes are dropped, the rest are unknown words.",
          Reading::Otherwise, Around::NotText, "a file saved as UTF-16", "the same file saved as UTF-8"},
      Explanation{
          code::kByteOrderMark, "a byte order mark",
          "The file begins with the three bytes that some editors put before UTF-8 text. hald passes "
          "over them.",
          "Programs that do not expect the mark take it for a part of the first word.",
          "It takes the mark for a part of the first word, which it then does not know: the first block "
          "of the file is lost.",
          Reading::Otherwise, Around::Nothing,
          "\xef\xbb\xbfvrrp_instance VI_1 {\n    interface eth0\n    virtual_router_id 51\n"
          "    virtual_ipaddress {\n        10.0.0.3/24\n    }\n}",
          "vrrp_instance VI_1 {\n    interface eth0\n    virtual_router_id 51\n"
          "    virtual_ipaddress {\n        10.0.0.3/24\n    }\n}"},
      Explanation{code::kLongLine, "a line that is too long",
                  "A line has more bytes than may be in one. It is ignored.",
                  "Whatever stood in it is not configured.",
                  "The same: lines of more than 1022 bytes are reported and dropped.", Reading::Alike,
                  Around::NotText, "one line of 2000 bytes", "the same on several lines"},
      Explanation{code::kNulByte, "a NUL byte",
                  "A line holds a byte with the value zero. The line is ignored.",
                  "Text has no such bytes: the file was damaged, or is no text.",
                  "The same: the line is reported and dropped.", Reading::Alike, Around::NotText,
                  "a line with a NUL byte in it", "the line without it"},
      Explanation{code::kUnterminatedQuote, "a quote that is not closed",
                  "A double quote is opened and the line ends before it is closed. What follows on the line "
                  "counts as quoted.",
                  "Braces and comments behind the quote lose their meaning.",
                  "The same: it is reported, and the rest of the line is taken.", Reading::Alike,
                  Around::Global, "    router_id \"lb 01", "    router_id \"lb 01\""},
      Explanation{
          code::kExecutable, "a configuration file that is executable",
          "Some execute bit of the file is set. The main file is read all the same; an included one is "
          "not.",
          "A configuration is no program. The bit is mostly there by accident, and it changes what is "
          "read.",
          "It reads no file that is executable, neither the main one nor an included one.",
          Reading::Otherwise, Around::NotText, "chmod 755 /etc/hald/hald.conf",
          "chmod 644 /etc/hald/hald.conf"},
      Explanation{
          code::kIncludeMissing, "an included file that is not there",
          "The include asks for a check, by its name or by include_check, and a file it names does not "
          "exist.",
          "A part of the configuration is missing.", "The same, for the same forms of include.",
          Reading::Alike, Around::Nothing, "includem /etc/hald/conf.d/web.cnof",
          "include /etc/hald/conf.d/*.conf"},
      Explanation{code::kIncludeLoop, "a file that includes itself",
                  "A file is included while it is still being read. The include is ignored.",
                  "It would never end.", "It goes on until it runs out of memory or of open files.",
                  Reading::Otherwise, Around::NotText, "web.conf: include web.conf",
                  "web.conf: include servers.conf"},
      Explanation{
          code::kIncludeLimit, "too many files",
          "More files are included than any configuration has, or they are nested too deeply. The rest "
          "is not read.",
          "Most likely a pattern matches far more than was meant.", "It knows no limit.", Reading::Otherwise,
          Around::NotText, "include /**/*", "include /etc/hald/conf.d/*.conf"},
  };
  return kEntries;
}

}  // namespace hald::config::entries
