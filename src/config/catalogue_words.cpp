// SPDX-License-Identifier: Apache-2.0
// Catalogue: words, braces and arguments.
#include <array>

#include "config/catalogue.h"
#include "config/codes.h"

namespace hald::config::entries {

std::span<const Explanation> words() {
  static constexpr std::array kEntries{
      Explanation{code::kUnknownWord, "a word that its block does not have",
                  "The first word of a statement is none of the block's. The statement is ignored.",
                  "What was meant is not configured, and the built-in default holds instead: a misspelt "
                  "`priority` leaves 100.",
                  "The same: it reports the word and ignores the statement.", Reading::Alike,
                  Around::Instance, "    prioritty 150", "    priority 150"},
      Explanation{
          code::kUnknownBlock, "a block that its block does not have",
          "A word is unknown, and a block in braces follows. hald passes over the block with all that "
          "is in it.",
          "What was meant is not configured.",
          "It ignores the word and the opening brace; the closing one then ends the block around it, and "
          "what follows is misread.",
          Reading::Otherwise, Around::Server, "        TPC_CHECK {\n            retry 3\n        }",
          "        TCP_CHECK {\n            retry 3\n        }"},
      Explanation{code::kOwnWord, "a word of hald's own",
                  "keepalived does not have the word here. Only `haldctl check --compat` says so.",
                  "The file means less to keepalived than to hald.",
                  "It reports an unknown word and ignores it.", Reading::Otherwise, Around::NotText,
                  "TCP_CHECK { nb_get_retry 3 }", "TCP_CHECK { retry 3 }"},
      Explanation{code::kNotBuilt, "a feature that is not built yet",
                  "keepalived has it and this version of hald does not. It is ignored.",
                  "What it would have done is not done.", "It does what the word says.", Reading::Otherwise,
                  Around::NotText, "a word that hald names", "the file without it"},
      Explanation{code::kNoEffect, "a word that has no effect yet",
                  "The word is understood, checked and kept, and this version of hald does nothing with it.",
                  "The file is right, but do not rely on the word. `hald --schema` names all words with and "
                  "without an effect.",
                  "It does what the word says.", Reading::Otherwise, Around::NotText,
                  "a word that hald names", "the same: the file needs no change"},
      Explanation{
          code::kNeedless, "a word that hald has no use for",
          "The word speaks of something that hald does not have, such as child processes, or asks for what "
          "hald does anyway. The message says which.",
          "Nothing is missing.", "It does what the word says.", Reading::Alike, Around::Global,
          "    process_names", ""},
      Explanation{
          code::kDeprecated, "an old word", "The word is an older name of another one, and means the same.",
          "It works. A reader who looks it up will not find it in newer manuals.",
          "It takes most of the old names, some of them with a message; a few it does not know any more.",
          Reading::Alike, Around::Server, "        TCP_CHECK {\n            nb_get_retry 3\n        }",
          "        TCP_CHECK {\n            retry 3\n        }"},
      Explanation{
          code::kRepeatedWord, "a word that stands twice",
          "The word may stand once in its block, and stands there again. The message says which of the "
          "two counts.",
          "One of the two lines is not what runs, and it is easy to look at the wrong one.",
          "It reports the second one, and takes the same of the two.", Reading::Alike, Around::NotText,
          "global_defs { router_id a router_id b }", "global_defs { router_id b }"},
      Explanation{
          code::kMissingArgument, "a word without its argument",
          "The word needs something behind it, on the same line. The statement is ignored; if it opens "
          "a block, so is the block.",
          "What was meant is not configured.",
          "For most words it ends at once, in the middle of the file; for the others it ignores the line.",
          Reading::Otherwise, Around::Instance, "    priority", "    priority 150"},
      Explanation{
          code::kExtraWords, "words behind the end of a statement",
          "There is more on the line than the word takes. The rest is ignored.",
          "Two statements on one line are one statement to hald and keepalived: only a brace or the end "
          "of the line ends it.",
          "It ignores the rest and mostly says nothing.", Reading::Alike, Around::Instance,
          "    priority 150 nopreempt", "    priority 150\n    nopreempt"},
      Explanation{
          code::kMissingOpen, "an opening brace that is missing",
          "The word opens a block, and no { follows. If what follows can only stand inside, hald reads "
          "on as if the brace were there.",
          "Without the brace it is a guess what belongs into the block.",
          "It reports the brace and reads on as if it were there, whatever follows.", Reading::Otherwise,
          Around::Nothing,
          "vrrp_instance VI_1\n    interface eth0\n    virtual_router_id 51\n"
          "    virtual_ipaddress {\n        10.0.0.3/24\n    }\n}",
          "vrrp_instance VI_1 {\n    interface eth0\n    virtual_router_id 51\n"
          "    virtual_ipaddress {\n        10.0.0.3/24\n    }\n}"},
      Explanation{
          code::kMissingClose, "a closing brace that is missing",
          "A block is still open where it cannot be any more: at a word that stands only further out, "
          "or at the end of the file. hald closes it there.",
          "One forgotten brace would otherwise turn the rest of the file into nonsense.",
          "It reads the rest of the file as if it were inside the block, and says at the end that braces "
          "are missing.",
          Reading::Otherwise, Around::Nothing,
          "vrrp_instance VI_1 {\n    interface eth0\n    virtual_router_id 51\n"
          "    virtual_ipaddress {\n        10.0.0.3/24\n}",
          "vrrp_instance VI_1 {\n    interface eth0\n    virtual_router_id 51\n"
          "    virtual_ipaddress {\n        10.0.0.3/24\n    }\n}"},
      Explanation{
          code::kExtraOpen, "an opening brace that opens nothing",
          "A { stands behind a word that has no block, or behind no word at all. It is ignored up to its "
          "}.",
          "What stands in the braces is not configured.",
          "It reports the brace, and reads what stands inside as if the brace were not there; the "
          "closing one then ends the block around it.",
          Reading::Otherwise, Around::Instance, "    priority 150 {\n    }", "    priority 150"},
      Explanation{code::kExtraClose, "a closing brace that closes nothing",
                  "There is one } more than there are {. It is ignored.",
                  "Most likely a block above ends earlier than it seems.",
                  "It reports the brace and ignores it.", Reading::Alike, Around::Nothing,
                  "vrrp_instance VI_1 {\n    interface eth0\n    virtual_router_id 51\n"
                  "    virtual_ipaddress {\n        10.0.0.3/24\n    }\n}\n}",
                  "vrrp_instance VI_1 {\n    interface eth0\n    virtual_router_id 51\n"
                  "    virtual_ipaddress {\n        10.0.0.3/24\n    }\n}"},
      Explanation{
          code::kReplacedWord, "a word that another one has taken the place of",
          "hald uses nftables. A word about iptables is read as the one that does the same with nftables; "
          "one that has no counterpart is ignored.",
          "Rules appear in a table of nftables and not where the word says.",
          "Built without iptables it does the same; with it, it uses iptables.", Reading::Otherwise,
          Around::NotText, "global_defs { vrrp_iptables }", "global_defs { nftables }"},
      Explanation{code::kContradiction, "two settings that exclude one another",
                  "A word is given two values of which only one can hold. The message says which.",
                  "The other one does nothing.", "The same: it reports it and takes the same of the two.",
                  Reading::Alike, Around::NotText, "global_defs { vrrp_rx_bufs_policy MTU ADVERT }",
                  "global_defs { vrrp_rx_bufs_policy MTU }"},
      Explanation{code::kUnknownName, "a name of something that is not defined",
                  "The word names a script, a file, a group or something of that kind that the file does not "
                  "define. It is ignored.",
                  "What should have had an influence has none.", "The same.", Reading::Alike, Around::NotText,
                  "track_script { chk_nginks }", "track_script { chk_nginx }"},
  };
  return kEntries;
}

}  // namespace hald::config::entries
